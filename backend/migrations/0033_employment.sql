-- When somebody is employed: before he came and after he left nothing is asked of him. Periods in order, both ends
-- included, null open; an empty list is since ever, until `left_at`. Each change is a fact, the newest holds.
alter table people add column employments jsonb not null default '[]';

create table employment_changes (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  periods jsonb not null,
  made_by text, -- null: the directory
  made_at timestamptz not null,
  constraint employment_changes__pk primary key (org_id, person_id, id),
  constraint employment_changes__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table employment_changes is 'distributed';

-- Of those who are here already the first trace says since when: nothing older is told of them.
update people p
set employments = jsonb_build_array(jsonb_build_object('from', t.first_on, 'to', case when t.left_on is not null then greatest(t.left_on, t.first_on) end))
from (
  select f.org_id, f.id, (f.left_at at time zone coalesce(f.zone, o.zone))::date as left_on,
    (least(
      f.changed_at,
      (select min(s.created_at) from sessions s where s.org_id = f.org_id and s.person_id = f.id),
      (select min(w.from_at) from duty_windows w where w.org_id = f.org_id and w.person_id = f.id),
      (select min(c.at) from checkins c where c.org_id = f.org_id and c.person_id = f.id),
      (select min(u.at) from punches u where u.org_id = f.org_id and u.person_id = f.id))
      at time zone coalesce(f.zone, o.zone))::date as first_on
  from people f join orgs o on o.id = f.org_id
) t
where p.org_id = t.org_id and p.id = t.id;

-- The department that a day was begun in: who moves later does not take his old days into other rules.
alter table attendance_days add column department_id text;

-- Since when and until when a tag holds for somebody; null: open.
alter table attendance_tags add column from_on date;
alter table attendance_tags add column to_on date;
