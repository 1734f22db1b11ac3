-- How far the chore that refreshes visits has come in each company, so that a restart does not begin with the first day.
create table visit_sweeps (
  org_id text not null references orgs (id),
  seen_until timestamptz not null,
  constraint visit_sweeps__pk primary key (org_id)
);
comment on table visit_sweeps is 'distributed';
