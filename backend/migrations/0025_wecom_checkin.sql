-- What is to be written into WeCom's own 打卡: noted with the fact that causes it, `key` makes a repetition
-- harmless. WeCom does not know repetitions: a row whose answer was lost is `doubtful` until it was looked for there.
create table wecom_punches (
  org_id text not null,
  person_id text not null,
  key text not null,
  kind text not null,
  at timestamptz not null,
  body jsonb not null,
  state text not null default 'waiting',
  attempts integer not null default 0,
  looks integer not null default 0,
  most integer not null default 200,
  next_at timestamptz not null,
  errcode integer,
  created_at timestamptz not null,
  settled_at timestamptz,
  constraint wecom_punches__pk primary key (org_id, person_id, key),
  constraint wecom_punches__kind check (kind in ('record', 'correction')),
  constraint wecom_punches__state check (state in ('waiting', 'sending', 'doubtful', 'written', 'refused', 'given_up'))
);
comment on table wecom_punches is 'distributed';
create index wecom_punches__due on wecom_punches (org_id, next_at) where state in ('waiting', 'sending', 'doubtful');
create index wecom_punches__newest on wecom_punches (org_id, created_at);
