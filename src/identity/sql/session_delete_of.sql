delete from sessions where hash = $1 and kind = $2 and subject = $3
