select made, report from rules_fairness where package_hash = $1 and law_hash = $2
