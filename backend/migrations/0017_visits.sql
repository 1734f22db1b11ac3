-- A plan is said whole: the newest one of a person and date counts, the earlier ones are its history.
create table plans (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  date date not null,
  made_at timestamptz not null,
  made_by text not null,
  stops jsonb not null,
  constraint plans__pk primary key (org_id, person_id, id),
  constraint plans__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table plans is 'distributed';
create index plans__date on plans (org_id, person_id, date, made_at);
create index plans__made_at on plans (org_id, made_at);

-- How often each tier is to be visited, and what else a company plans with; the newest counts.
create table plan_rules (
  org_id text not null,
  id uuid not null,
  made_at timestamptz not null,
  made_by text not null,
  rules jsonb not null,
  constraint plan_rules__pk primary key (org_id, id)
);
comment on table plan_rules is 'distributed';

-- When a customer can be visited: by weekday, minutes after midnight.
create table opening_hours (
  org_id text not null,
  customer_id uuid not null,
  hours jsonb not null,
  changed_at timestamptz not null,
  changed_by text not null,
  constraint opening_hours__pk primary key (org_id, customer_id)
);
comment on table opening_hours is 'distributed';

-- A stop offered to a colleague; `person_id` is who offers it.
create table handovers (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  to_id text not null,
  date date not null,
  stop jsonb not null,
  note text,
  made_at timestamptz not null,
  answered_at timestamptz,
  accepted boolean,
  constraint handovers__pk primary key (org_id, person_id, id),
  constraint handovers__person foreign key (org_id, person_id) references people (org_id, id),
  constraint handovers__to foreign key (org_id, to_id) references people (org_id, id)
);
comment on table handovers is 'distributed';
create index handovers__to on handovers (org_id, to_id, made_at);

-- What is said of a visit: facts, never edited. `at` is a moment of the visit, null for one that was not made.
create table visit_entries (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  visit_id uuid not null,
  customer_id uuid not null,
  date date not null,
  kind text not null,
  at timestamptz,
  made_at timestamptz not null,
  made_by text not null,
  content jsonb not null,
  constraint visit_entries__pk primary key (org_id, person_id, id),
  constraint visit_entries__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table visit_entries is 'distributed';
create index visit_entries__visit on visit_entries (org_id, person_id, visit_id, made_at);
create index visit_entries__date on visit_entries (org_id, person_id, date) where kind = 'confirm';

-- What is to be done next at a customer, and when its person is reminded.
create table next_steps (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  visit_id uuid not null,
  customer_id uuid not null,
  text text not null,
  due_at timestamptz not null,
  made_at timestamptz not null,
  told_at timestamptz,
  done_at timestamptz,
  constraint next_steps__pk primary key (org_id, person_id, id),
  constraint next_steps__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table next_steps is 'distributed';
create index next_steps__due on next_steps (org_id, due_at) where told_at is null and done_at is null;
create index next_steps__visit on next_steps (org_id, person_id, visit_id);

-- Derived, disposable: the visits of a person-day as `matchVisits` made them; `hash` of what it was given.
create table visit_days (
  org_id text not null,
  person_id text not null,
  date date not null,
  hash text not null,
  settled boolean not null,
  computed_at timestamptz not null,
  constraint visit_days__pk primary key (org_id, person_id, date)
);
comment on table visit_days is 'distributed';
create index visit_days__open on visit_days (org_id, date) where not settled;

create table visits (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  date date not null,
  customer_id uuid not null,
  status text not null,
  stop_id uuid,
  checkin_ids uuid[] not null,
  from_at timestamptz,
  to_at timestamptz,
  stay_seconds double precision not null,
  confirmed boolean not null,
  constraint visits__pk primary key (org_id, person_id, id)
);
comment on table visits is 'distributed';
create index visits__date on visits (org_id, person_id, date);
create index visits__customer on visits (org_id, customer_id, date desc);

-- A link for the customer: only its hash is kept. The answer is a fact, given once.
create table visit_shares (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  visit_id uuid not null,
  customer_id uuid not null,
  token_hash text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  answered_at timestamptz,
  took_place boolean,
  rating integer,
  comment text,
  constraint visit_shares__pk primary key (org_id, person_id, id),
  constraint visit_shares__person foreign key (org_id, person_id) references people (org_id, id),
  constraint visit_shares__rating check (rating between 1 and 5)
);
comment on table visit_shares is 'distributed';
create unique index visit_shares__token on visit_shares (org_id, token_hash);
create index visit_shares__visit on visit_shares (org_id, person_id, visit_id);
