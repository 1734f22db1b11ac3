-- Before a photo's file goes, it is asked in every company whether somebody else has the same.
create index photos__kept on photos (org_id, kept);
create index photos__thumb on photos (org_id, thumb);
