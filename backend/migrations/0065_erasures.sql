-- Who asked for what is known of a person to be erased, and when nothing was left: a fact, kept for good.
create table erasures (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  at timestamptz not null,
  by_id text not null,
  finished_at timestamptz, -- null: something must still be kept
  constraint erasures__pk primary key (org_id, person_id, id),
  constraint erasures__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table erasures is 'distributed';
create index erasures__open on erasures (org_id, at) where finished_at is null;
-- Of a check-in whose person was erased: its content is gone, its link of the chain stays.
alter table checkins add column erased_at timestamptz;
