update jobs set state = 'failed', next_at = $2, error_code = $3 where id = $1
