-- What WeCom told us by callback: a fact, written before WeCom is answered and handed to the features
-- afterwards. `id` is made of the content and a secret: a repetition is the same row, and the id tells nothing
-- of the content. `due_at` is null when nothing is left to do. `body` is the decrypted XML; that of a position
-- goes away as soon as it is handed over, because duty and consent decide what of it may be kept.
create table wecom_events (
  org_id text not null,
  id uuid not null,
  door text not null,
  name text not null,
  told_at timestamptz not null,
  received_at timestamptz not null,
  body text,
  due_at timestamptz,
  attempts integer not null default 0,
  outcome text,
  constraint wecom_events__pk primary key (org_id, id),
  constraint wecom_events__door check (door in ('app', 'contacts')),
  constraint wecom_events__outcome check (outcome in ('handled', 'unheard', 'unknown', 'failed')),
  constraint wecom_events__state check ((due_at is null) = (outcome is not null))
);
comment on table wecom_events is 'distributed';
create index wecom_events__due on wecom_events (org_id, due_at) where due_at is not null;
create index wecom_events__received on wecom_events (org_id, received_at);
