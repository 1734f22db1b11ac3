-- Tokens and tickets that WeCom lends us, shared by all processes. `sealed` is encrypted with a key made
-- of the app's secret; `digest` tells whether a complaint is about this value; `holder` fetches a new one.
create table wecom_lent (
  org_id text not null,
  name text not null,
  sealed text,
  digest text,
  good_until timestamptz,
  holder text,
  held_until timestamptz,
  constraint wecom_lent__pk primary key (org_id, name)
);
comment on table wecom_lent is 'distributed';

-- What somebody is to be told: a fact, written with the fact that causes it. `key` makes a repetition harmless.
create table wecom_messages (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  key text not null,
  topic text not null,
  title text not null,
  text text not null,
  path text not null,
  buttons jsonb not null default '[]',
  urgent boolean not null,
  created_at timestamptz not null,
  due_at timestamptz not null,
  card_id uuid,
  closed text,
  constraint wecom_messages__pk primary key (org_id, person_id, id),
  constraint wecom_messages__key unique (org_id, person_id, key)
);
comment on table wecom_messages is 'distributed';
create index wecom_messages__waiting on wecom_messages (org_id, due_at) where card_id is null and closed is null;
create index wecom_messages__newest on wecom_messages (org_id, person_id, created_at desc);

-- One card that one person gets for one or many messages, and what became of it.
create table wecom_cards (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  created_at timestamptz not null,
  message_count integer not null,
  body jsonb not null,
  state text not null,
  attempts integer not null default 0,
  next_at timestamptz not null,
  errcode integer,
  why text,
  sent_at timestamptz,
  msgid text,
  response_code text,
  response_until timestamptz,
  closing text,
  close_state text,
  close_next_at timestamptz,
  constraint wecom_cards__pk primary key (org_id, person_id, id),
  constraint wecom_cards__state check (state in ('waiting', 'sent', 'unreachable', 'failed')),
  constraint wecom_cards__close_state check (close_state in ('waiting', 'done', 'too_late', 'failed'))
);
comment on table wecom_cards is 'distributed';
create index wecom_cards__waiting on wecom_cards (org_id, next_at) where state = 'waiting';
create index wecom_cards__closing on wecom_cards (org_id, close_next_at) where close_state = 'waiting';
create index wecom_cards__sent on wecom_cards (org_id, person_id, created_at);

-- Files fetched from WeCom, once each: it keeps them for three days.
create table wecom_media (
  org_id text not null,
  media_id text not null,
  state text not null,
  sha256 text,
  bytes integer,
  type text,
  asked_at timestamptz not null,
  constraint wecom_media__pk primary key (org_id, media_id),
  constraint wecom_media__state check (state in ('stored', 'expired', 'too_large'))
);
comment on table wecom_media is 'distributed';
