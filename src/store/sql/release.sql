release savepoint one_write
