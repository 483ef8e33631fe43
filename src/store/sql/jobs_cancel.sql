delete from jobs where key = $1 and state = 'waiting'
