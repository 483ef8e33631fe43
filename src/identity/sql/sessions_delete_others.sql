delete from sessions where kind = $1 and subject = $2 and hash <> $3
