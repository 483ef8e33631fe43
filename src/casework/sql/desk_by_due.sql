select id, number, service, person_name, office, assigned, state, channel, received, due, waiting, has_new, prepared_outcome
from cases
where is_open = $1
    and ($2 = '' or state = $2)
    and ($3 = '' or office = $3)
    and ($4 = '' or service = $4)
    and ($5 = '' or assigned = $5)
    and ($6 = '' or number = $6 or search_words like $7 escape '!')
order by due, id
limit $8 offset $9
