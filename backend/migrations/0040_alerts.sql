-- What supervisors should hear of: rules as data, calls for help, and alerts as they were told.

-- All rules of a company at once: the newest version holds.
create table alert_rules (
  org_id text not null references orgs (id),
  id uuid not null,
  rules jsonb not null,
  made_by text not null,
  made_at timestamptz not null,
  constraint alert_rules__pk primary key (org_id, id)
);
comment on table alert_rules is 'distributed';

create table sos_calls (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  at timestamptz not null,
  received_at timestamptz not null,
  date date not null, -- work date
  point geometry (point, 4326), -- WGS-84
  accuracy real,
  note text not null,
  ended_at timestamptz, -- by the person himself
  constraint sos_calls__pk primary key (org_id, person_id, id),
  constraint sos_calls__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table sos_calls is 'distributed';
create index sos_calls__at on sos_calls (org_id, person_id, at);

-- An alert is told once. Its times follow what is known of the day; that it was told and heard stays.
create table alerts (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  kind text not null,
  date date not null,
  key text, -- of the punch, check-in or call it is about
  since timestamptz not null,
  until timestamptz,
  raised_at timestamptz not null,
  closed_at timestamptz,
  outcome text,
  urgent boolean not null,
  escalate_at timestamptz, -- then the level above is told, unless somebody took it on
  escalated_at timestamptz,
  detail jsonb not null,
  told text[] not null, -- who got a message
  heard_by text,
  heard_at timestamptz,
  heard_note text,
  constraint alerts__pk primary key (org_id, person_id, id),
  constraint alerts__person foreign key (org_id, person_id) references people (org_id, id),
  constraint alerts__outcome check ((closed_at is null) = (outcome is null)),
  constraint alerts__heard check ((heard_by is null) = (heard_at is null))
);
comment on table alerts is 'distributed';
create index alerts__day on alerts (org_id, person_id, date);
create index alerts__raised on alerts (org_id, raised_at);
create index alerts__open on alerts (org_id, raised_at) where closed_at is null;
create index alerts__escalate on alerts (org_id, escalate_at)
  where escalate_at is not null and escalated_at is null and heard_at is null and closed_at is null;

-- What was computed since the last look: day by day that is a few rows of the newest.
create index attendance_days__computed on attendance_days (org_id, computed_at);

-- Where people of a department work: GeoJSON of a MultiPolygon, WGS-84. Removed: null.
create table territories (
  org_id text not null,
  department_id text not null,
  area jsonb,
  made_by text not null,
  made_at timestamptz not null,
  constraint territories__pk primary key (org_id, department_id)
);
comment on table territories is 'distributed';
