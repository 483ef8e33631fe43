-- $3: kinds with a comma around each, or '*'
update jobs set state = 'running', next_at = $2, attempts = attempts + 1
where id = (
    select id from jobs
    where state <> 'failed' and next_at <= $1 and ($3 = '*' or $3 like '%,' || kind || ',%')
    order by next_at
    limit 1
    for update skip locked
)
returning id, kind, payload, due, attempts
