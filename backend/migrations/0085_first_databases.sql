-- 0004 and 0007 were edited on their first day, after databases had been made by them. Those get what all later ones
-- have: here it changes nothing. Building an index of `fixes` takes a minute for some ten million.
alter table wecom_messages add column if not exists closed text;
alter table wecom_cards add column if not exists why text;
do $$
begin
  if not exists (
    select from pg_indexes
    where schemaname = 'public' and indexname = 'wecom_messages__waiting' and indexdef like '%closed IS NULL%'
  ) then
    drop index if exists wecom_messages__waiting;
    create index wecom_messages__waiting on wecom_messages (org_id, due_at) where card_id is null and closed is null;
  end if;
  if not exists (
    select from pg_indexes
    where schemaname = 'public' and indexname = 'fixes__person_at' and indexdef like '%WHERE%'
  ) then
    drop index if exists fixes__person_at;
    create index fixes__person_at on fixes (org_id, person_id, at) where datum <> '';
  end if;
end
$$;
