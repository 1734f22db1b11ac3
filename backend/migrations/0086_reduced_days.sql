-- When a day past its time lost its places and lines; what was added up of it stays.
alter table track_days add column reduced_at timestamptz;
create index track_days__whole on track_days (org_id, date) where reduced_at is null;
