#include "store/query_plan.h"

#include <algorithm>

#include "base/text.h"
#include "store/sql.h"

namespace kiepe::store {
namespace {

std::size_t parameters_of(std::string_view statement) {
    std::size_t highest = 0;
    for (std::size_t i = 0; i < statement.size(); ++i) {
        if (statement[i] != '$') continue;
        std::size_t number = 0;
        while (i + 1 < statement.size() && statement[i + 1] >= '0' && statement[i + 1] <= '9') {
            number = number * 10 + static_cast<std::size_t>(statement[++i] - '0');
        }
        highest = std::max(highest, number);
    }
    return highest;
}

/// Comments in front would stand between "explain query plan" and the statement; a "$1" inside them is no parameter.
std::string without_comments(std::string_view statement) {
    std::string out;
    for (const auto& line : split(statement, '\n')) {
        if (!trim(line).starts_with("--")) out += line + "\n";
    }
    return out;
}

bool scans(const std::string& step, const std::set<std::string>& may_scan) {
    if (!step.starts_with("SCAN ") || step.find("CONSTANT ROW") != std::string::npos) return false;
    const auto name = step.substr(5, step.find(' ', 5) - 5);
    return !name.starts_with("(") && !may_scan.contains(name);
}

}  // namespace

std::vector<std::string> full_scans(Database& database, const std::vector<SqlText>& statements, const std::set<std::string>& may_scan) {
    std::vector<std::string> out;
    if (database.engine() != "sqlite") return out;
    database.read([&](Session& session) {
        for (const auto& statement : statements) {
            const auto text = without_comments(statement.sqlite);
            const auto question = std::string(sql::explain_query_plan.sqlite) + text;
            for (const auto& row : session.query({question, {}}, Parameters(parameters_of(text)))) {
                if (scans(row.text(3), may_scan)) out.push_back(row.text(3) + " | " + text);
            }
        }
    });
    return out;
}

}  // namespace kiepe::store
