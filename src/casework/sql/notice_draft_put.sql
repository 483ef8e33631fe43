insert into notice_drafts (case_id, outcome, body, staff, at) values ($1, $2, $3, $4, $5)
on conflict (case_id) do update set outcome = excluded.outcome, body = excluded.body, staff = excluded.staff, at = excluded.at
