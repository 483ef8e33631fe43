select notice, attachment from deliveries where case_id = $1 order by notice
