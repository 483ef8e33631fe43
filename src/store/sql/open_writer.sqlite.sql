-- Only FULL keeps every acknowledged write through a power cut in WAL mode; NORMAL loses the last ones.
pragma journal_mode = wal;
pragma synchronous = full;
pragma foreign_keys = on;
-- insert or replace would else slip past the journal's delete trigger
pragma recursive_triggers = on;
-- deleted personal data is overwritten, not only unlinked
pragma secure_delete = on;
pragma wal_autocheckpoint = 8000;
pragma mmap_size = 0;
pragma cache_size = -16384;
-- statement journals of savepoints stay in memory
pragma temp_store = memory;
pragma trusted_schema = off;
