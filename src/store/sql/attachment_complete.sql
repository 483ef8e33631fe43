update attachments set complete = $2 where id = $1
