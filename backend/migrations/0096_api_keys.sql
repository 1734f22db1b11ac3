-- Keys for a company's own programs. Only the SHA-256 of a key is kept; `tail` is what people tell it by.
create table api_keys (
  key_hash text primary key,
  org_id text not null references orgs (id),
  id uuid not null,
  name text not null,
  tail text not null, -- its last four letters
  scopes text[] not null,
  made_by text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz, -- to the minute
  revoked_at timestamptz,
  revoked_by text
);
comment on table api_keys is 'reference';
create index api_keys__org on api_keys (org_id, made_at);
