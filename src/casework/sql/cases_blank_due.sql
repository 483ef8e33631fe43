update cases set subject = '', person_name = '', search_words = '', email = '', token_hash = 'deleted:' || number, delete_on = null
where delete_on is not null and delete_on < $1
