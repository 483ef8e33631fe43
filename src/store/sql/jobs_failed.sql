select count(*) from jobs where state = 'failed'
