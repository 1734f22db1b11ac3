-- What is sold and served at visits: facts. The newest of a `record_id` counts, the earlier ones are its history.
create table sales_entries (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  record_id uuid not null,
  kind text not null,
  customer_id uuid not null,
  visit_id uuid not null,
  made_at timestamptz not null,
  made_by text not null,
  content jsonb not null,
  constraint sales_entries__pk primary key (org_id, person_id, id),
  constraint sales_entries__person foreign key (org_id, person_id) references people (org_id, id),
  constraint sales_entries__kind check (kind in ('opportunity', 'order', 'ticket'))
);
comment on table sales_entries is 'distributed';
create index sales_entries__record on sales_entries (org_id, person_id, record_id, made_at);
create index sales_entries__customer on sales_entries (org_id, customer_id, made_at);
