select service, law_hash, computed, result from rules_late_law order by service
