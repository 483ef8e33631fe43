insert into register_tests (package_hash, law_hash, passed, failed, at) values ($1, $2, $3, $4, $5)
on conflict (package_hash, law_hash) do update set passed = excluded.passed, failed = excluded.failed, at = excluded.at
