-- What a company tells its people, and who has read it.
create table announcements (
  org_id text not null references orgs (id),
  id uuid not null,
  title text not null,
  body text not null,
  department_ids text[] not null, -- with those below them; none is everybody
  remind_hours integer, -- who has not read it after so long is told once more
  made_by text not null,
  made_at timestamptz not null,
  withdrawn_at timestamptz,
  constraint announcements__pk primary key (org_id, id),
  constraint announcements__by foreign key (org_id, made_by) references people (org_id, id)
);
comment on table announcements is 'distributed';
create index announcements__made on announcements (org_id, made_at);

-- One row for everybody who was to read it when it was made.
create table announcement_receipts (
  org_id text not null,
  person_id text not null,
  announcement_id uuid not null,
  made_at timestamptz not null, -- of the announcement, for lists by time
  told_at timestamptz,
  read_at timestamptz,
  reminded_at timestamptz,
  constraint announcement_receipts__pk primary key (org_id, person_id, announcement_id),
  constraint announcement_receipts__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table announcement_receipts is 'distributed';
create index announcement_receipts__announcement on announcement_receipts (org_id, announcement_id);
create index announcement_receipts__untold on announcement_receipts (org_id, made_at) where told_at is null;
create index announcement_receipts__unread on announcement_receipts (org_id, made_at)
  where read_at is null and reminded_at is null;

-- Month and day, as a person gave them for his colleagues to see; never a year.
create table birthdays (
  org_id text not null,
  person_id text not null,
  month_day text not null, -- MM-DD
  changed_at timestamptz not null,
  constraint birthdays__pk primary key (org_id, person_id),
  constraint birthdays__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table birthdays is 'distributed';
