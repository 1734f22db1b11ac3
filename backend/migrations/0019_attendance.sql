-- Attendance: rules and rosters as facts, punches that other systems took, and person-days as a view of them.

-- Versions of rule sets. A day keeps the one in force on it; none is ever edited.
create table rule_sets (
  org_id text not null references orgs (id),
  id text not null,
  version integer not null,
  change_id uuid not null, -- made by whoever saved it: saving again changes nothing
  name text not null,
  valid_from date not null,
  rules jsonb not null,
  made_by text not null,
  made_at timestamptz not null,
  constraint rule_sets__pk primary key (org_id, id, version),
  constraint rule_sets__change unique (org_id, change_id)
);
comment on table rule_sets is 'distributed';

-- Whom which set is for, as a whole: the newest list holds.
create table rule_group_lists (
  org_id text not null references orgs (id),
  id uuid not null,
  groups jsonb not null,
  made_by text not null,
  made_at timestamptz not null,
  constraint rule_group_lists__pk primary key (org_id, id)
);
comment on table rule_group_lists is 'distributed';

-- Tags that groups may name.
create table attendance_tags (
  org_id text not null,
  person_id text not null,
  tag text not null,
  constraint attendance_tags__pk primary key (org_id, person_id, tag),
  constraint attendance_tags__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table attendance_tags is 'distributed';

-- A shift for a person and date, before what the rules say; null rests.
create table rosters (
  org_id text not null,
  person_id text not null,
  date date not null,
  shift_id text,
  made_by text not null,
  made_at timestamptz not null,
  constraint rosters__pk primary key (org_id, person_id, date),
  constraint rosters__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table rosters is 'distributed';

create table calendar_exceptions (
  org_id text not null references orgs (id),
  date date not null,
  type text not null,
  name text not null,
  made_by text not null,
  made_at timestamptz not null,
  constraint calendar_exceptions__pk primary key (org_id, date),
  constraint calendar_exceptions__type check (type in ('workday', 'restday', 'holiday'))
);
comment on table calendar_exceptions is 'distributed';

-- Years of calendars that were announced after this version was made, and other countries'.
create table calendar_years (
  org_id text not null references orgs (id),
  calendar text not null,
  year integer not null,
  data jsonb not null,
  source text not null,
  made_by text not null,
  made_at timestamptz not null,
  constraint calendar_years__pk primary key (org_id, calendar, year)
);
comment on table calendar_years is 'distributed';

-- Punches that a time clock, WeCom or a file tells. The id is their reporter's.
create table punches (
  org_id text not null,
  person_id text not null,
  id text not null,
  at timestamptz not null,
  source text not null,
  place text,
  detail jsonb not null default '{}', -- what its source says besides
  received_at timestamptz not null,
  constraint punches__pk primary key (org_id, person_id, id),
  constraint punches__person foreign key (org_id, person_id) references people (org_id, id),
  constraint punches__source check (source in ('device', 'wecom', 'import'))
);
comment on table punches is 'distributed';
create index punches__at on punches (org_id, person_id, at);

-- Person-days as they came out of the facts known at `version`.
create table attendance_days (
  org_id text not null,
  person_id text not null,
  date date not null,
  zone text not null, -- the person's then
  version bigint not null, -- of the newest change that is in it
  rule_set_id text not null,
  rule_version integer not null,
  engine_version text not null,
  marks text not null,
  cell text not null,
  due_days real not null, -- that the day counts for
  minutes jsonb not null,
  overtime integer not null, -- minutes as they count
  day jsonb not null, -- facts, input, ledger
  digest text not null, -- of what a person agrees to
  closed boolean not null, -- time alone changes nothing any more
  recheck_at timestamptz, -- when time changes it next
  computed_at timestamptz not null,
  constraint attendance_days__pk primary key (org_id, person_id, date),
  constraint attendance_days__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table attendance_days is 'distributed';
create index attendance_days__date on attendance_days (org_id, date);
create index attendance_days__recheck on attendance_days (org_id, recheck_at) where recheck_at is not null;

-- Person-days whose facts changed and that were not computed since: the queue.
create table attendance_changes (
  org_id text not null,
  person_id text not null,
  date date not null,
  version bigint not null,
  cause text not null,
  constraint attendance_changes__pk primary key (org_id, person_id, date)
);
comment on table attendance_changes is 'distributed';
create index attendance_changes__version on attendance_changes (org_id, version);
