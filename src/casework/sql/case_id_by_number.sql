select id, subject from cases where number = $1
