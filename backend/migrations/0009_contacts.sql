-- People follow the company's directory (WeCom contacts).

-- `user_id` is what the directory calls somebody now; `id` stays what it was first, because facts point
-- to it. Null: never seen in the directory, and then no sync takes the person away.
alter table people add column user_id text;
-- Further keys under which supervisors see a person: the ids of other departments than his main one, and
-- '@' with the id of each direct leader.
alter table people add column circles text[] not null default '{}';
alter table people add column left_at timestamptz;
create unique index people__user_id on people (org_id, lower(coalesce(user_id, id)));
create index people__circles on people using gin (circles);

-- A department that vanished keeps its row: its people and their past point to it.
alter table departments add column active boolean not null default true;
alter table departments alter column sort type bigint; -- the directory's order reaches 2^32

-- One row a company: whoever changes people by the directory locks it first.
create table contact_states (
  org_id text not null references orgs (id),
  wanted_at timestamptz, -- a change could not be followed by itself: read everything soon
  constraint contact_states__pk primary key (org_id)
);
comment on table contact_states is 'distributed';

create table contact_syncs (
  org_id text not null references orgs (id),
  id uuid not null,
  cause text not null,
  state text not null,
  requested_by text,
  approves text, -- fingerprint of the difference that an admin has approved
  owner uuid not null, -- who works on it; another one takes over when nothing is seen for a while
  started_at timestamptz not null,
  seen_at timestamptz not null,
  waits_until timestamptz, -- WeCom's limit is reached
  finished_at timestamptz,
  departments jsonb, -- as read, while running
  departments_read integer not null default 0,
  departments_total integer,
  members_read integer not null default 0,
  fingerprint text,
  summary jsonb,
  error text,
  decided_by text,
  decided_at timestamptz,
  constraint contact_syncs__pk primary key (org_id, id),
  constraint contact_syncs__cause check (cause in ('schedule', 'admin', 'events', 'approval')),
  constraint contact_syncs__state
    check (state in ('running', 'applied', 'held', 'approved', 'refused', 'replaced', 'failed'))
);
comment on table contact_syncs is 'distributed';
create unique index contact_syncs__running on contact_syncs (org_id) where state = 'running';
create index contact_syncs__started on contact_syncs (org_id, started_at);

-- What a running sync has read so far, so that another process goes on where this one stopped.
create table contact_pages (
  org_id text not null,
  sync_id uuid not null,
  department_id text not null,
  members jsonb not null,
  constraint contact_pages__pk primary key (org_id, sync_id, department_id),
  constraint contact_pages__sync foreign key (org_id, sync_id) references contact_syncs (org_id, id)
);
comment on table contact_pages is 'distributed';
