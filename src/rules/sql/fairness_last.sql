select made, report from rules_fairness where package_hash = $1 order by made desc limit 1
