update cases set version = version where id = $1 and version = $2
