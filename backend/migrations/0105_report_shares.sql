-- Links to a report for somebody without a login. Only the hash is kept; what the report holds is asked anew at each
-- look, with the rights that its maker has then.
create table report_shares (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  wish jsonb not null,
  token_hash text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint report_shares__pk primary key (org_id, person_id, id),
  constraint report_shares__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table report_shares is 'distributed';
create unique index report_shares__token on report_shares (org_id, token_hash);
create index report_shares__expiry on report_shares (org_id, expires_at);

create table report_looks (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  share_id uuid not null,
  at timestamptz not null,
  address text not null,
  constraint report_looks__pk primary key (org_id, person_id, id),
  constraint report_looks__share foreign key (org_id, person_id, share_id)
    references report_shares (org_id, person_id, id) on delete cascade
);
comment on table report_looks is 'distributed';
create index report_looks__share on report_looks (org_id, person_id, share_id, at desc);
