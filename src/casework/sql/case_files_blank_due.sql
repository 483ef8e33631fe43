update case_files set name = '', read_text = '', refused_why = ''
where case_id in (select id from cases where delete_on is not null and delete_on < $1)
