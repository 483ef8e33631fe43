insert into decisions (case_id, notice, service, at, automatic, contested, corrected) values ($1, $2, $3, $4, $5, false, '')
