update cases set delete_on = $2 where id = $1
