-- Consent is a row per change: given or withdrawn, never edited. The newest one holds.
create table consents (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  at timestamptz not null,
  version text not null,
  given boolean not null,
  constraint consents__pk primary key (org_id, person_id, id),
  constraint consents__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table consents is 'distributed';
create index consents__newest on consents (org_id, person_id, at desc);

-- Every look at somebody's track. The person reads it.
create table access_log (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  at timestamptz not null,
  viewer_id text not null,
  what text not null,
  date date,
  constraint access_log__pk primary key (org_id, person_id, id),
  constraint access_log__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table access_log is 'distributed';
create index access_log__newest on access_log (org_id, person_id, at desc);
