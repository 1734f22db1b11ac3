-- Facts from phones. A weekly partition is made ahead by a job and dropped by retention; rows that
-- fit none wait in the default one. `at` is the corrected time, `phone_at` what the phone said.
create table fixes (
  org_id text not null,
  person_id text not null,
  at timestamptz not null,
  id uuid not null,
  phone_at timestamptz not null,
  received_at timestamptz not null,
  point geometry (point, 4326) not null,
  raw_lng double precision not null,
  raw_lat double precision not null,
  datum text not null,
  accuracy real,
  speed real,
  heading real,
  altitude real,
  battery real,
  network text,
  mock boolean,
  source text,
  device text
) partition by range (at);
comment on table fixes is 'distributed';
-- The condition is always true and stands only in the queries that read somebody's time: so the
-- look-up of an id, which names times too, is never planned on this index, where it would read all
-- fixes of the person for each id. Without statistics both indexes look equally good to the planner.
create index fixes__person_at on fixes (org_id, person_id, at) where datum <> '';
alter table fixes add constraint fixes__pk primary key (org_id, person_id, id, at);
create table fixes_default partition of fixes default;

create table silences (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  reason text not null,
  received_at timestamptz not null,
  constraint silences__pk primary key (org_id, person_id, id),
  constraint silences__order check (to_at > from_at)
);
comment on table silences is 'distributed';
create index silences__person_from on silences (org_id, person_id, from_at);

-- The newest fix of each person by fix time: what the live map and the people list read.
create table last_positions (
  org_id text not null,
  person_id text not null,
  at timestamptz not null,
  point geometry (point, 4326) not null,
  accuracy real,
  heading real,
  battery real,
  network text,
  still_since timestamptz,
  customer_id uuid,
  constraint last_positions__pk primary key (org_id, person_id)
) with (fillfactor = 70);
comment on table last_positions is 'distributed';
create index last_positions__point on last_positions using gist (point);

-- Which days got new facts: the version goes up with each write; a derived day names the version it was made from.
create table day_changes (
  org_id text not null,
  person_id text not null,
  date date not null,
  version bigint not null default 1,
  changed_at timestamptz not null,
  constraint day_changes__pk primary key (org_id, person_id, date)
) with (fillfactor = 70);
comment on table day_changes is 'distributed';
create index day_changes__changed on day_changes (changed_at);
