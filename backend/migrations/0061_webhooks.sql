-- Where a company's own systems hear of alerts, and what they have yet to hear.

create table alert_webhooks (
  org_id text not null references orgs (id),
  id uuid not null,
  url text not null,
  active boolean not null,
  sealed text not null, -- the secret, closed with the server's key
  sealed_before text, -- the one before it, which signs too until the receiver has the new one
  before_until timestamptz,
  made_by text not null,
  made_at timestamptz not null,
  constraint alert_webhooks__pk primary key (org_id, id)
);
comment on table alert_webhooks is 'distributed';

-- One row for each event and address, written with what caused it; next_at is null when nothing is left to do.
create table alert_deliveries (
  org_id text not null,
  person_id text not null,
  event_id uuid not null, -- the same for all addresses and each try
  webhook_id uuid not null,
  type text not null,
  body text not null, -- as it is signed and sent
  made_at timestamptz not null,
  attempts integer not null,
  next_at timestamptz,
  delivered_at timestamptz,
  dead_at timestamptz,
  status integer, -- of the last answer
  reason text, -- why the last try failed
  constraint alert_deliveries__pk primary key (org_id, person_id, event_id, webhook_id),
  constraint alert_deliveries__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table alert_deliveries is 'distributed';
create index alert_deliveries__due on alert_deliveries (org_id, webhook_id, next_at) where next_at is not null;
create index alert_deliveries__dead on alert_deliveries (org_id, dead_at) where dead_at is not null;
create index alert_deliveries__delivered on alert_deliveries (org_id, delivered_at) where delivered_at is not null;
