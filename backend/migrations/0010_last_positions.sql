-- No query asks by place across orgs: who is near a customer is asked of one org's few thousand rows.
-- Without the index a move is an update in place (HOT), at a fraction of the cost.
drop index last_positions__point;
