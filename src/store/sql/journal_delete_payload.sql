delete from event_payloads where case_id = $1 and number = $2
