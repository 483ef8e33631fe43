#pragma once
// For tests of all rooms: no statement that serves a page may read a growing table from end to end.
#include <set>
#include <string>
#include <vector>

#include "store/store.h"

namespace kiepe::store {

/// The steps of SQLite's query plans that scan a table (or a whole index of it), as "SCAN jobs | select ...". `may_scan`: tables
/// that stay small, by the name or alias that stands in the statement. Empty on PostgreSQL, whose planner rightly scans tables
/// that are small today. A statement may stand here only after its tables were made by the migrations.
std::vector<std::string> full_scans(Database& database, const std::vector<SqlText>& statements, const std::set<std::string>& may_scan = {});

}  // namespace kiepe::store
