-- Customers with owners, a shared pool, history and positions that somebody stands for; workplaces;
-- long work with its progress.
create extension if not exists pg_trgm;
create extension if not exists btree_gist;

-- A customer that has not been visited yet may have no position.
alter table customers alter column at drop not null;
alter table customers alter column raw_lng drop not null;
alter table customers alter column raw_lat drop not null;

alter table customers add column code text; -- the company's own key for it, from another system
alter table customers add column phone text;
alter table customers add column contacts jsonb not null default '[]'; -- [{name, title, phone}]
alter table customers add column tags text[] not null default '{}';
alter table customers add column custom jsonb not null default '{}'; -- by the keys of the org's own fields
alter table customers add column note text;
alter table customers add column source text not null default 'import'; -- how it came to be here: import, manual
alter table customers add column owner_id text; -- who looks after it; null: in the shared pool
alter table customers add column department_id text; -- whose supervisors see it; null: everybody's pool
alter table customers add column status text not null default 'active';
-- Who stands for the position: `imported` with the customer, `first_visit` taken by who came first,
-- `corrected` by hand or by a proposal that was accepted. Null: there is none.
alter table customers add column placed_by text;
alter table customers add column last_visited_at timestamptz;
alter table customers add column created_at timestamptz not null default now();
alter table customers add column changed_at timestamptz not null default now();
alter table customers add column version integer not null default 1;
-- Made by the program (customers/keys.ts), in letters that trigrams understand under every locale.
alter table customers add column name_key text not null default '';
alter table customers add column search_key text not null default '';
-- What tells a row of a file from others: its code, else name and address. Null: not from a file.
alter table customers add column import_key text;
alter table customers add column import_hash text; -- of that row as it was last imported: the same again changes nothing
alter table customers add constraint customers__status check (status in ('active', 'archived'));
alter table customers add constraint customers__source check (source in ('import', 'manual'));
alter table customers add constraint customers__placed
  check (placed_by in ('imported', 'first_visit', 'corrected'));
alter table customers add constraint customers__place_known
  check ((at is null) = (raw_lng is null) and (at is null) = (raw_lat is null));

update customers set placed_by = 'imported' where at is not null;

-- Nearest of one company: the org first, then the place, so that KNN never walks through others' rows.
drop index customers__at;
create index customers__at on customers using gist (org_id, at);
create index customers__owner on customers (org_id, owner_id);
create index customers__department on customers (org_id, department_id);
create index customers__name on customers (org_id, name, id);
create index customers__name_key on customers (org_id, name_key);
create index customers__search on customers using gin (search_key gin_trgm_ops);
create unique index customers__import on customers (org_id, import_key) where import_key is not null;
create unique index customers__code on customers (org_id, code) where code is not null;

-- Who changed what: rows are added, never changed.
create table customer_history (
  org_id text not null,
  customer_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  changed_by text, -- null: the program itself
  kind text not null,
  changes jsonb not null default '{}', -- field: [before, after]
  cause uuid, -- the transfer, import or proposal it belongs to
  constraint customer_history__pk primary key (org_id, customer_id, id),
  constraint customer_history__customer foreign key (org_id, customer_id) references customers (org_id, id),
  constraint customer_history__kind check (kind in (
    'created', 'changed', 'imported', 'claimed', 'released', 'transferred', 'returned', 'archived',
    'restored', 'placed'))
);
comment on table customer_history is 'distributed';
create index customer_history__cause on customer_history (org_id, cause) where cause is not null;

-- Another position for a customer, until somebody who may decides.
create table customer_proposals (
  org_id text not null,
  id uuid not null,
  customer_id uuid not null,
  at geography (point, 4326) not null,
  raw_lng double precision not null,
  raw_lat double precision not null,
  raw_datum text not null,
  accuracy double precision, -- metres
  note text,
  proposed_by text not null,
  proposed_at timestamptz not null,
  state text not null default 'open',
  decided_by text,
  decided_at timestamptz,
  reason text,
  constraint customer_proposals__pk primary key (org_id, id),
  constraint customer_proposals__customer foreign key (org_id, customer_id) references customers (org_id, id),
  constraint customer_proposals__state check (state in ('open', 'accepted', 'refused'))
);
comment on table customer_proposals is 'distributed';
create index customer_proposals__customer on customer_proposals (org_id, customer_id);
create index customer_proposals__open on customer_proposals (org_id, proposed_at) where state = 'open';

-- Somebody's customers handed on together, for instance when he leaves.
create table customer_transfers (
  org_id text not null,
  id uuid not null,
  from_owner text, -- null: from the pool
  to_owner text, -- null: into the pool
  customers integer not null,
  done_by text not null,
  done_at timestamptz not null,
  undone_by text,
  undone_at timestamptz,
  constraint customer_transfers__pk primary key (org_id, id)
);
comment on table customer_transfers is 'distributed';
create index customer_transfers__done_at on customer_transfers (org_id, done_at);

-- Offices, depots, sites: where people punch.
create table workplaces (
  org_id text not null references orgs (id),
  id uuid not null,
  name text not null,
  address text,
  at geography (point, 4326) not null,
  raw_lng double precision not null,
  raw_lat double precision not null,
  raw_datum text not null default 'wgs84',
  radius double precision not null default 200,
  wifi text[] not null default '{}', -- BSSIDs in lower case, aa:bb:cc:dd:ee:ff
  department_ids text[] not null default '{}', -- whose people work here; empty: everybody's
  active boolean not null default true,
  changed_at timestamptz not null default now(),
  constraint workplaces__pk primary key (org_id, id),
  constraint workplaces__radius check (radius > 0 and radius <= 5000)
);
comment on table workplaces is 'distributed';

-- Long work somebody asked for, done by whichever process has time, once.
create table jobs (
  org_id text not null,
  person_id text not null, -- who asked
  id uuid not null,
  kind text not null,
  input jsonb not null,
  state text not null default 'waiting',
  done bigint not null default 0,
  total bigint,
  checkpoint jsonb, -- where to go on after a killed process
  result jsonb,
  file_sha256 text,
  file_name text,
  file_type text,
  error text,
  cancel boolean not null default false,
  attempts integer not null default 0,
  owner uuid, -- the process that works on it
  heartbeat_at timestamptz,
  created_at timestamptz not null,
  finished_at timestamptz,
  constraint jobs__pk primary key (org_id, person_id, id),
  constraint jobs__state check (state in ('waiting', 'running', 'done', 'failed', 'cancelled'))
);
comment on table jobs is 'distributed';
create index jobs__due on jobs (org_id, created_at) where state in ('waiting', 'running');

-- What a company decides about its customers: who sees them, its own fields.
create table customer_settings (
  org_id text not null references orgs (id),
  settings jsonb not null,
  changed_by text not null,
  changed_at timestamptz not null,
  constraint customer_settings__pk primary key (org_id)
);
comment on table customer_settings is 'distributed';
