-- What people say of their own days: facts, named by times and not by pieces. Never edited; a later
-- edit takes an earlier one back.
create table day_edits (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  date date not null,
  made_at timestamptz not null,
  made_by text not null,
  edit jsonb not null,
  constraint day_edits__pk primary key (org_id, person_id, id),
  constraint day_edits__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table day_edits is 'distributed';
create index day_edits__date on day_edits (org_id, person_id, date, made_at);

-- A locked day is kept for good, whatever arrives and whichever algorithm runs.
alter table track_days add column locked_at timestamptz;
-- The day before its edits, of an edited day only: what remains to edit when the fixes have gone.
alter table track_days add column base jsonb;
-- Of how many fixes the day was made. Fewer now means that retention took some: the day is kept then.
alter table track_days add column fixes integer not null default 0;
