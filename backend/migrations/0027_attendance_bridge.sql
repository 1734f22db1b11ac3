-- What a company takes from WeCom's 打卡 and writes to it, and when it was read last.
create table attendance_bridges (
  org_id text not null references orgs (id),
  settings jsonb not null default '{}',
  changed_by text,
  changed_at timestamptz,
  polled_at timestamptz,
  polled_new integer,
  poll_error text,
  constraint attendance_bridges__pk primary key (org_id)
);
comment on table attendance_bridges is 'distributed';
