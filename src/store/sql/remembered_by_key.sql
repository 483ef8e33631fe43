select result from remembered where key = $1
