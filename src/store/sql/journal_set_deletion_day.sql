-- What was deleted stays known: those payloads hold numbers of events only.
update event_payloads set delete_on = $2
where case_id = $1
  and number not in (select number from events where case_id = $1 and kind = 'payload_deleted')
