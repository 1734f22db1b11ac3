-- How often each API of WeCom was asked by all processes together: calls by slots of each window, in the words
-- of limits.ts. The row is locked while it is counted; a process takes several calls at once when it is busy.
create table wecom_quotas (
  org_id text not null,
  api text not null,
  counted jsonb not null default '{}',
  constraint wecom_quotas__pk primary key (org_id, api)
) with (fillfactor = 50);
comment on table wecom_quotas is 'distributed';
