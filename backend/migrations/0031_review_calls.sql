-- Which supervisor was told of which check-in that waits for a review, so that nobody is told twice.
create table review_calls (
  org_id text not null,
  person_id text not null, -- whose check-in it is
  checkin_id uuid not null,
  receiver_id text not null,
  told_at timestamptz not null,
  constraint review_calls__pk primary key (org_id, person_id, checkin_id, receiver_id),
  constraint review_calls__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table review_calls is 'distributed';
create index review_calls__receiver on review_calls (org_id, receiver_id, told_at);
