-- Whom a person meant to visit on a date, each time it was said: it names a stay where two customers are as near.
create table intentions (
  org_id text not null,
  person_id text not null,
  date date not null,
  id uuid not null,
  made_at timestamptz not null,
  customer_ids text[] not null,
  constraint intentions__pk primary key (org_id, person_id, date, id),
  constraint intentions__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table intentions is 'distributed';
insert into intentions (org_id, person_id, date, id, made_at, customer_ids)
select p.org_id, p.person_id, p.date, p.id, p.made_at,
  coalesce((select array_agg(s ->> 'customerId') from jsonb_array_elements(p.stops) s), '{}')
from plans p;
