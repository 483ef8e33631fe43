select d.case_id, d.notice, d.attachment, c.number, c.person_name, d.title, d.delivery, d.at, d.is_done
from deliveries d join cases c on c.id = d.case_id
where d.is_done = $1 and (cast($2 as text) = '' or c.office = $2) and d.delivery in ('post', 'counter')
order by d.at
limit 500
