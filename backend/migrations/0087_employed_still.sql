-- 0033 first gave who was still here an employment of one day, and was edited then. Whoever has one like that, has not
-- left, and of whom nobody ever said anything else, is employed since that day: here it changes nothing.
update people p
set employments = jsonb_build_array(jsonb_build_object('from', p.employments -> 0 -> 'from', 'to', null))
where p.left_at is null and p.active and jsonb_array_length(p.employments) = 1
  and p.employments -> 0 ->> 'from' = p.employments -> 0 ->> 'to'
  and not exists (
    select from employment_changes c where c.org_id = p.org_id and c.person_id = p.id);
