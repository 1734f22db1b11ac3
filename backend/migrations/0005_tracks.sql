-- Derived, disposable: the day as deriveDay made it from the facts of `version`.
create table track_days (
  org_id text not null,
  person_id text not null,
  date date not null,
  version bigint not null,
  algorithm_version text not null,
  derived_at timestamptz not null,
  final boolean not null,
  day jsonb not null,
  constraint track_days__pk primary key (org_id, person_id, date)
);
comment on table track_days is 'distributed';
