-- What customers said of a visit, by each of its check-ins: evidence from outside of the company. A fact.
create table checkin_answers (
  org_id text not null,
  person_id text not null,
  checkin_id uuid not null,
  id uuid not null, -- of the link that was answered
  at timestamptz not null,
  took_place boolean not null,
  rating integer, -- 1 to 5
  constraint checkin_answers__pk primary key (org_id, person_id, checkin_id, id),
  constraint checkin_answers__person foreign key (org_id, person_id) references people (org_id, id),
  constraint checkin_answers__rating check (rating between 1 and 5)
);
comment on table checkin_answers is 'distributed';
