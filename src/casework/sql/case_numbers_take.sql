insert into case_numbers (year, last) values ($1, $2)
on conflict (year) do update set last = case_numbers.last + excluded.last
returning last
