select e.number, e.kind, e.at, e.role, e.actor, e.payload_hash, e.hash, p.payload, p.salt
from events e left join event_payloads p on p.case_id = e.case_id and p.number = e.number
where e.case_id = $1
order by e.number
