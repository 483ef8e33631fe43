insert into jobs (id, kind, payload, key, due, next_at, state, attempts, error_code)
values ($1, $2, $3, $4, $5, $5, 'waiting', 0, '')
on conflict (key) where state = 'waiting' do nothing
