insert into presence (case_id, staff, name, at) values ($1, $2, $3, $4)
on conflict (case_id, staff) do update set name = excluded.name, at = excluded.at
