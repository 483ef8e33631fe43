select delete_on from cases where id = $1
