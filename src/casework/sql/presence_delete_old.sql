delete from presence where at < $1
