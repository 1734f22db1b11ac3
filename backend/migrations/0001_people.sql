-- Orgs, departments, people, sessions, duty. Kinds of tables (scale.md R1) are told by a comment:
-- `reference` (small, rarely written), `distributed` (org_id in every key), `local`.
create extension if not exists postgis;

create table orgs (
  id text primary key,
  name text not null,
  zone text not null default 'Asia/Shanghai',
  countries text[] not null default '{CN}',
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);
comment on table orgs is 'reference';

create table departments (
  org_id text not null references orgs (id),
  id text not null,
  parent_id text,
  name text not null,
  sort integer not null default 0,
  constraint departments__pk primary key (org_id, id)
);
comment on table departments is 'distributed';

create table people (
  org_id text not null references orgs (id),
  id text not null,
  name text not null,
  department_id text not null,
  position text,
  role text not null default 'rep',
  leads text[] not null default '{}',
  zone text,
  active boolean not null default true,
  changed_at timestamptz not null default now(),
  constraint people__pk primary key (org_id, id),
  constraint people__department foreign key (org_id, department_id) references departments (org_id, id),
  constraint people__role check (role in ('rep', 'supervisor', 'hr', 'admin'))
);
comment on table people is 'distributed';
create index people__department_id on people (org_id, department_id);

-- A bearer token or cookie is 32 random bytes; only its SHA-256 is kept.
create table sessions (
  token_hash text primary key,
  org_id text not null,
  person_id text not null,
  kind text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint sessions__kind check (kind in ('browser', 'token', 'device'))
);
comment on table sessions is 'reference';
create index sessions__person on sessions (org_id, person_id);

-- One-use OAuth states, bound to the browser by the hash of a cookie.
create table sign_in_states (
  state text primary key,
  browser_hash text not null,
  return_to text not null,
  created_at timestamptz not null default now()
);
comment on table sign_in_states is 'local';

-- When somebody is at work. Positions outside of these windows are refused and not kept.
create table duty_windows (
  org_id text not null,
  person_id text not null,
  work_date date not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  zone text not null,
  constraint duty_windows__pk primary key (org_id, person_id, from_at),
  constraint duty_windows__person foreign key (org_id, person_id) references people (org_id, id),
  constraint duty_windows__order check (to_at > from_at)
);
comment on table duty_windows is 'distributed';
create index duty_windows__date on duty_windows (org_id, person_id, work_date);
