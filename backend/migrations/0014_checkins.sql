-- What people claim and what speaks for it. A check-in is never edited: its row is a link of the
-- chain of its org and of the day on which it arrived, and holds the hash of the link before.
create table checkins (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  kind text not null,
  at timestamptz not null, -- honest time: see backend/checkins/when.ts
  phone_at timestamptz not null,
  sent_at timestamptz,
  received_at timestamptz not null,
  clock jsonb not null, -- how `at` came about
  date date not null, -- work date
  zone text not null,
  customer_id uuid,
  workplace_id uuid,
  place text, -- its name then
  lng double precision, -- WGS-84
  lat double precision,
  raw_lng double precision,
  raw_lat double precision,
  datum text,
  accuracy double precision,
  fix_at timestamptz,
  mock boolean,
  source text,
  found text, -- inside, outside, cannot_tell
  metres double precision,
  note text,
  form jsonb,
  photos jsonb not null, -- [{id, sha256}]
  device text,
  wifi text,
  decision text not null,
  evidence jsonb not null, -- as it was known then
  chain_date date not null,
  seq integer not null,
  prev_hash text not null,
  hash text not null,
  constraint checkins__pk primary key (org_id, person_id, id),
  constraint checkins__chain unique (org_id, chain_date, seq),
  constraint checkins__person foreign key (org_id, person_id) references people (org_id, id),
  constraint checkins__kind check (kind in ('in', 'out', 'punch'))
);
comment on table checkins is 'distributed';
create index checkins__person_at on checkins (org_id, person_id, at);
create index checkins__at on checkins (org_id, at);
create index checkins__customer on checkins (org_id, customer_id, at) where customer_id is not null;

-- The newest link of each day's chain. Whoever adds one locks this row, and nothing else, first.
create table checkin_chains (
  org_id text not null,
  chain_date date not null,
  seq integer not null,
  head text not null,
  origin text not null, -- the hash that the first link of the day follows
  constraint checkin_chains__pk primary key (org_id, chain_date)
);
comment on table checkin_chains is 'distributed';

-- The score by what became known later: a view, with its versions.
create table checkin_scores (
  org_id text not null,
  person_id text not null,
  checkin_id uuid not null,
  version integer not null,
  at timestamptz not null,
  score integer not null,
  signals jsonb not null,
  constraint checkin_scores__pk primary key (org_id, person_id, checkin_id, version)
);
comment on table checkin_scores is 'distributed';

-- What a supervisor decided, and what the person answered: facts.
create table checkin_reviews (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  checkin_id uuid not null,
  at timestamptz not null,
  by_id text not null,
  kind text not null,
  text text not null,
  constraint checkin_reviews__pk primary key (org_id, person_id, id),
  constraint checkin_reviews__person foreign key (org_id, person_id) references people (org_id, id),
  constraint checkin_reviews__kind check (kind in ('accept', 'reject', 'answer'))
);
comment on table checkin_reviews is 'distributed';
create index checkin_reviews__checkin on checkin_reviews (org_id, person_id, checkin_id, at);

-- Phones, by the name that the page gave itself. One phone, several people: see evidence.ts.
create table devices (
  org_id text not null,
  person_id text not null,
  device text not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  constraint devices__pk primary key (org_id, person_id, device),
  constraint devices__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table devices is 'distributed';
create index devices__device on devices (org_id, device);

-- Policies by department ('' for all) and versions of forms: facts, the newest holds.
create table checkin_settings (
  org_id text not null,
  id uuid not null,
  kind text not null,
  key text not null,
  value jsonb, -- null: the setting is taken back
  at timestamptz not null,
  by_id text not null,
  constraint checkin_settings__pk primary key (org_id, id),
  constraint checkin_settings__kind check (kind in ('policy', 'form'))
);
comment on table checkin_settings is 'distributed';
create index checkin_settings__newest on checkin_settings (org_id, kind, key, at desc, id desc);
