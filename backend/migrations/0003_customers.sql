create table customers (
  org_id text not null references orgs (id),
  id uuid not null,
  name text not null,
  address text,
  tier text,
  at geography (point, 4326) not null,
  raw_lng double precision not null,
  raw_lat double precision not null,
  raw_datum text not null default 'wgs84',
  radius double precision not null default 100,
  constraint customers__pk primary key (org_id, id),
  constraint customers__radius check (radius > 0 and radius <= 5000)
);
comment on table customers is 'distributed';
create index customers__at on customers using gist (at);
