select id from cases where subject = $1 and service = $2 and state = 'decided' order by received desc
