-- What came in, was derived or is still growing since a moment: chores ask every few seconds, and read a company's whole past for it.
create index checkins__received on checkins (org_id, received_at);
create index track_days__derived on track_days (org_id, derived_at);
create index track_days__open on track_days (org_id, derived_at) where not final;
