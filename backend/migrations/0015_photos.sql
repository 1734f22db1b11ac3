-- Photos as they came. `sha256` is that of the bytes that the phone sent; what is kept is a copy
-- without metadata, and the pictures made of it. Files live in the file store under their own hashes.
create table photos (
  org_id text not null,
  person_id text not null,
  id uuid not null,
  received_at timestamptz not null,
  source text not null, -- camera, album, wecom
  type text not null, -- media type of what came
  sha256 text not null,
  bytes integer not null,
  width integer,
  height integer,
  kept text not null, -- hash of the clean copy
  thumb text, -- hash of the small picture; null: this server can not decode the type
  phash bit(64), -- perceptual hash
  constraint photos__pk primary key (org_id, person_id, id),
  constraint photos__person foreign key (org_id, person_id) references people (org_id, id)
);
comment on table photos is 'distributed';
create index photos__received on photos (org_id, received_at);
create index photos__sha256 on photos (org_id, sha256);
