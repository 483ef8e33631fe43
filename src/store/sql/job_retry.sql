-- Where a newer job with the same key waits already, that one does the work.
update jobs set state = 'waiting', next_at = $2, error_code = $3
where id = $1
  and not exists (select 1 from jobs newer where newer.key = jobs.key and newer.state = 'waiting' and newer.id <> jobs.id)
