select case_id, number from event_payloads
where delete_on is not null and delete_on < $1
order by delete_on, case_id, number
limit 1000
