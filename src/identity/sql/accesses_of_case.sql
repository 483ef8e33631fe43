select at, staff_id, staff_name, office, reason from case_accesses where case_id = $1 order by at, id
