-- Indexes for what is asked often: without them a person's whole past, or the days of all companies, was read each time.

-- Who is on duty now: windows that are over are most of them.
create index duty_windows__to on duty_windows (org_id, person_id, to_at);
-- Whose phone is silent now.
create index silences__person_to on silences (org_id, person_id, to_at);
-- A person's check-ins of a work date.
create index checkins__person_date on checkins (org_id, person_id, date);
-- The queue of changed days is one company's.
drop index day_changes__changed;
create index day_changes__changed on day_changes (org_id, changed_at);
