-- When a step that waits is to be reminded of or escalated; derived like the rest of the row.
alter table request_states add column due_at timestamptz;
create index request_states__due on request_states (org_id, due_at) where due_at is not null;
