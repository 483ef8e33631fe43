insert into event_payloads (case_id, number, salt, payload, delete_on) values ($1, $2, $3, $4, $5)
