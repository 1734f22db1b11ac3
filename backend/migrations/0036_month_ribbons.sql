-- Which decision on a month the ribbons of its days follow already: another one is still to be carried out.
create table month_ribbons (
  org_id text not null references orgs (id),
  month date not null, -- its first day
  decision_id uuid not null, -- of month_decisions
  constraint month_ribbons__pk primary key (org_id, month)
);
comment on table month_ribbons is 'distributed';
