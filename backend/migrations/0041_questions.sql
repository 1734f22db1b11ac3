-- Standing questions of supervisors on the live map, each person's as a whole.
create table live_questions (
  org_id text not null,
  person_id text not null,
  questions jsonb not null,
  changed_at timestamptz not null,
  constraint live_questions__pk primary key (org_id, person_id),
  constraint live_questions__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table live_questions is 'distributed';
