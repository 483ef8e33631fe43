select attempts from jobs where id = $1
