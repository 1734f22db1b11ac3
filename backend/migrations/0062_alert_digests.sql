-- Who hears of some alerts together at hours of the day, and not of each by itself.

create table alert_digests (
  org_id text not null,
  person_id text not null,
  hours text[] not null, -- HH:MM of the person's day
  kinds text[] not null, -- beside those that the rules put there
  changed_at timestamptz not null,
  constraint alert_digests__pk primary key (org_id, person_id),
  constraint alert_digests__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table alert_digests is 'distributed';

-- What waits for a receiver's next digest; gone when that is told.
create table alert_digest_items (
  org_id text not null,
  person_id text not null, -- the receiver
  about_id text not null, -- whose alert
  alert_id uuid not null,
  due_at timestamptz not null,
  constraint alert_digest_items__pk primary key (org_id, person_id, alert_id),
  constraint alert_digest_items__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table alert_digest_items is 'distributed';
create index alert_digest_items__due on alert_digest_items (org_id, due_at);
