select count(*)
from cases
where is_open = $1
    and ($2 = '' or state = $2)
    and ($3 = '' or office = $3)
    and ($4 = '' or service = $4)
    and ($5 = '' or assigned = $5)
    and ($6 = '' or number = $6 or search_words like $7 escape '!')
