-- What HR decides on a month of attendance: facts, the newest of each kind says how it stands.
create table month_decisions (
  org_id text not null references orgs (id),
  id uuid not null,
  month date not null, -- its first day
  kind text not null, -- lock, reopen, grace
  at timestamptz not null,
  made_by text, -- null: the grace ran out
  reason text, -- of a reopening
  until timestamptz, -- grace: corrections are taken until then
  constraint month_decisions__pk primary key (org_id, id)
);
comment on table month_decisions is 'distributed';
create index month_decisions__month on month_decisions (org_id, month, at);

-- What people say of their own month: that it is right, or what is not. The newest counts.
create table month_confirmations (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  month date not null,
  at timestamptz not null,
  agrees boolean not null,
  note text not null default '',
  digest text not null, -- of the days as they were shown: a later change leaves it outdated
  constraint month_confirmations__pk primary key (org_id, person_id, id),
  constraint month_confirmations__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table month_confirmations is 'distributed';
create index month_confirmations__month on month_confirmations (org_id, month, person_id, at);

-- A day that came out otherwise than it was kept: what, by what, before and after. Never edited.
create table day_differences (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  date date not null,
  at timestamptz not null,
  cause text not null, -- evidence, request, rules, roster, calendar, engine
  locked boolean not null, -- the day was locked: what is kept stayed as it was
  before jsonb not null, -- minutes and results that differ, of both
  after jsonb not null,
  constraint day_differences__pk primary key (org_id, person_id, id),
  constraint day_differences__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table day_differences is 'distributed';
create index day_differences__date on day_differences (org_id, date, at);

-- How a company closes its months. One row, made when it is first changed.
create table month_settings (
  org_id text not null references orgs (id),
  settings jsonb not null,
  constraint month_settings__pk primary key (org_id)
);
comment on table month_settings is 'distributed';
