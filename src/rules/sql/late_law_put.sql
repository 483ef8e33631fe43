insert into rules_late_law (service, law_hash, computed, result) values ($1, $2, $3, $4)
on conflict (service) do update set law_hash = excluded.law_hash, computed = excluded.computed, result = excluded.result
