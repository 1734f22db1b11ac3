-- What a page about many people reads of a stored day, beside it, so that no day is unpacked for a sum.
alter table track_days
  add column moved_metres double precision
    generated always as ((day #>> '{totals,movedMetres}')::double precision) stored,
  add column silent_seconds double precision
    generated always as ((day #>> '{totals,silentSeconds}')::double precision) stored,
  add column heard_from bigint -- epoch ms: the first piece that was heard, not concluded
    generated always as (
      (jsonb_path_query_array(day, '$.segments[*] ? (@.kind == "stay" || @.kind == "move").from') ->> 0)::bigint
    ) stored,
  add column heard_to bigint
    generated always as (
      (jsonb_path_query_array(day, '$.segments[*] ? (@.kind == "stay" || @.kind == "move").to') ->> -1)::bigint
    ) stored;
create index track_days__date on track_days (org_id, date);
create index visits__of_date on visits (org_id, date);
