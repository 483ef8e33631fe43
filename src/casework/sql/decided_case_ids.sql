select id from cases where service = $1 and id > $2 and exists (
    select 1 from events where events.case_id = cases.id and events.kind = 'decided' and events.at >= $3)
order by id limit $4
