select id from cases where subject = $1 order by received desc
