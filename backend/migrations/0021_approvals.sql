-- Requests (missed punches, leave, outings, trips, overtime) and what was decided of them. Facts: a
-- request as it was filed, with the steps it has to go; then an event for each thing that happened.
create table requests (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  kind text not null,
  details jsonb not null,
  reason text not null,
  photo_ids uuid[] not null default '{}',
  zone text not null,
  from_date date not null, -- work dates it touches
  to_date date not null,
  from_local text not null, -- the same on the person's clock, YYYY-MM-DDTHH:MM, half-open
  to_local text not null,
  minutes integer not null, -- working time it takes, or overtime it gives
  plan jsonb not null, -- the steps with those who were to be asked
  filed_at timestamptz not null,
  constraint requests__pk primary key (org_id, person_id, id),
  constraint requests__person foreign key (org_id, person_id) references people (org_id, id),
  constraint requests__kind check (kind in ('correction', 'leave', 'outing', 'trip', 'overtime')),
  constraint requests__order check (to_date >= from_date)
);
comment on table requests is 'distributed';
create unique index requests__id on requests (org_id, id);
create index requests__dates on requests (org_id, person_id, to_date);

create table request_events (
  org_id text not null,
  person_id text not null, -- whose request it is
  request_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  kind text not null,
  round integer not null,
  made_by text, -- null: by itself
  content jsonb not null,
  constraint request_events__pk primary key (org_id, person_id, request_id, id),
  constraint request_events__request foreign key (org_id, person_id, request_id)
    references requests (org_id, person_id, id),
  constraint request_events__kind
    check (kind in ('approve', 'reject', 'withdraw', 'revoke', 'replace', 'escalate', 'remind'))
);
comment on table request_events is 'distributed';

-- Derived, disposable: what follows from a request and its events.
create table request_states (
  org_id text not null,
  person_id text not null,
  request_id uuid not null,
  state text not null,
  round integer not null,
  changed_at timestamptz not null,
  approved_at timestamptz, -- since when it holds
  constraint request_states__pk primary key (org_id, person_id, request_id),
  constraint request_states__state
    check (state in ('pending', 'approved', 'rejected', 'withdrawn', 'revoking', 'revoked'))
);
comment on table request_states is 'distributed';

-- Derived, disposable: who is asked, and who has answered.
create table request_tasks (
  org_id text not null,
  person_id text not null, -- whose request it is
  request_id uuid not null,
  round integer not null,
  step integer not null,
  approver_id text not null,
  state text not null,
  opened_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  constraint request_tasks__pk primary key (org_id, person_id, request_id, round, step, approver_id),
  constraint request_tasks__state check (state in ('open', 'approve', 'reject', 'passed'))
);
comment on table request_tasks is 'distributed';
create index request_tasks__open on request_tasks (org_id, approver_id) where state = 'open';
create index request_tasks__decided on request_tasks (org_id, decided_by) where decided_by is not null;

-- Who stands in for whom. A row that names another in `ends` takes it back.
create table delegations (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  to_id text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  made_at timestamptz not null,
  made_by text not null,
  ends uuid,
  constraint delegations__pk primary key (org_id, person_id, id),
  constraint delegations__person foreign key (org_id, person_id) references people (org_id, id),
  constraint delegations__to foreign key (org_id, to_id) references people (org_id, id),
  constraint delegations__order check (to_at > from_at)
);
comment on table delegations is 'distributed';
create index delegations__to_id on delegations (org_id, to_id);

-- What somebody may take of a kind of leave, beside what its rule gives. Less than nothing corrects an earlier one.
create table leave_grants (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  leave_kind text not null,
  minutes integer not null,
  from_date date not null, -- usable on these work dates, both included
  to_date date not null,
  note text not null,
  made_by text not null,
  made_at timestamptz not null,
  constraint leave_grants__pk primary key (org_id, person_id, id),
  constraint leave_grants__person foreign key (org_id, person_id) references people (org_id, id),
  constraint leave_grants__order check (to_date >= from_date)
);
comment on table leave_grants is 'distributed';

-- The company's flows and kinds of leave: the newest of each subject holds.
create table approval_settings (
  org_id text not null,
  id uuid not null,
  subject text not null,
  content jsonb not null,
  made_by text not null,
  made_at timestamptz not null,
  constraint approval_settings__pk primary key (org_id, id),
  constraint approval_settings__subject check (subject in ('flow', 'leave_kinds'))
);
comment on table approval_settings is 'distributed';
create index approval_settings__newest on approval_settings (org_id, subject, made_at desc, id desc);
