select automatic, contested, corrected, count(*)
from decisions
where service = $1 and at >= $2
group by automatic, contested, corrected
