select id, attachment, need, paper, name, type, size, pages, received, state, checked_by, refused_why, read_text
from case_files where case_id = $1 order by received, id
