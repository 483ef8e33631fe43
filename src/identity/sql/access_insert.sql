-- A clerk who goes to and fro within one case reads it once.
insert into case_accesses (id, case_id, staff_id, staff_name, office, reason, at)
select $1, $2, $3, $4, $5, $6, $7
where not exists (
    select 1 from case_accesses where case_id = $2 and at > $8 and staff_id = $3 and reason = $6
)
