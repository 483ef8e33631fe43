select attachment from case_files where case_id = $1 and attachment = $2
union all
select attachment from deliveries where case_id = $1 and attachment = $2
