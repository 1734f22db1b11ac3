-- What was given up is counted at each reading of the metrics: without these the whole table is read.
create index wecom_cards__failed on wecom_cards (org_id, created_at) where state = 'failed';
create index wecom_events__failed on wecom_events (org_id, received_at) where outcome = 'failed';
create index wecom_punches__given_up on wecom_punches (org_id, created_at) where state = 'given_up';
create index jobs__failed on jobs (org_id, created_at) where state = 'failed';
create index day_changes__of_company on day_changes (org_id, changed_at);
