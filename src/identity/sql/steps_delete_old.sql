delete from account_steps where expires <= $1
