pragma query_only = on;
pragma mmap_size = 0;
pragma cache_size = -4096;
pragma temp_store = memory;
pragma trusted_schema = off;
