-- What HR hands out as payslips: facts, a later import of a month replaces an earlier one person by person.
create table payslip_imports (
  org_id text not null references orgs (id),
  id uuid not null,
  month date not null, -- its first day
  at timestamptz not null,
  made_by text not null,
  file_name text not null,
  people integer not null,
  withdrawn_at timestamptz,
  withdrawn_by text,
  constraint payslip_imports__pk primary key (org_id, id)
);
comment on table payslip_imports is 'distributed';
create index payslip_imports__month on payslip_imports (org_id, month, at);

create table payslips (
  org_id text not null,
  person_id text not null,
  import_id uuid not null,
  month date not null,
  items jsonb not null, -- [{title, value}] in the file's order, values as text to the cent
  seen_at timestamptz, -- when the person opened it first
  constraint payslips__pk primary key (org_id, person_id, import_id),
  constraint payslips__person foreign key (org_id, person_id) references people (org_id, id),
  constraint payslips__import foreign key (org_id, import_id) references payslip_imports (org_id, id)
);
comment on table payslips is 'distributed';
create index payslips__month on payslips (org_id, month, person_id);
