select hash from migrations where room = $1 and number = $2
