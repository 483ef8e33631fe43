insert into rules_fairness (package_hash, law_hash, service, made, changed, report) values ($1, $2, $3, $4, $5, $6)
on conflict (package_hash, law_hash) do update set made = excluded.made, changed = excluded.changed, report = excluded.report
