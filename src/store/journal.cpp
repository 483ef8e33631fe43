#include "store/journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "base/date.h"
#include "base/id.h"
#include "store/sql.h"

namespace kiepe::store {
namespace {

constexpr std::string_view kPayloadDeleted = "payload_deleted";

Datum day_or_null(const std::string& day) { return day.empty() ? Datum{} : Datum{day}; }

std::string hash_of(const std::string& previous, const Event& event) {
    // No field holds a line break (checked in append), so that two different events never give one text.
    return sha256_hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", previous, event.case_id, event.number, event.kind,
                                  to_iso(event.at), event.role, event.actor, event.payload_hash));
}

void check(const Event& event) {
    const bool kind = !event.kind.empty() && std::all_of(event.kind.begin(), event.kind.end(),
                                                         [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); });
    static constexpr std::string_view kRoles[] = {"applicant", "clerk", "system", "office"};
    const bool role = std::find(std::begin(kRoles), std::end(kRoles), event.role) != std::end(kRoles);
    if (!kind || !role || event.actor.find('\n') != std::string::npos) throw std::logic_error("an event with an unknown kind, role or actor");
}

Event event_of(std::int64_t case_id, const Row& row) {
    Event event;
    event.case_id = case_id;
    event.number = row.number(0);
    event.kind = row.text(1);
    event.at = parse_moment(row.text(2)).value_or(Moment{});
    event.role = row.text(3);
    event.actor = row.text(4);
    event.payload_hash = row.text(5);
    event.hash = row.text(6);
    if (!row.is_null(7)) event.payload = row.text(7);
    event.payload_deleted = !event.payload_hash.empty() && !event.payload;
    return event;
}

std::string numbers_json(const std::vector<std::int64_t>& numbers) { return fmt::format(R"({{"numbers":[{}]}})", fmt::join(numbers, ",")); }

/// The numbers that a payload_deleted event names (its payload is written by numbers_json alone).
void add_numbers(const std::string& payload, std::set<std::int64_t>& out) {
    std::int64_t number = 0;
    bool inside = false;
    for (const char c : payload) {
        if (c >= '0' && c <= '9') {
            number = number * 10 + (c - '0');
            inside = true;
        } else if (inside) {
            out.insert(number);
            number = 0;
            inside = false;
        }
    }
}

}  // namespace

Event append(Session& session, std::int64_t case_id, const std::string& kind, Moment at, const std::string& role,
             const std::string& actor, const std::optional<std::string>& payload, const std::string& delete_on) {
    Event event{.case_id = case_id, .number = 1, .kind = kind, .at = at, .role = role, .actor = actor, .hash = {}, .payload_hash = {},
                .payload = payload};
    check(event);
    std::string previous, salt;
    if (const auto last = session.query(sql::journal_last, {case_id}); !last.empty()) {
        event.number = last[0].number(0) + 1;
        previous = last[0].text(1);
    }
    if (payload) {
        salt = random_bytes(16);
        event.payload_hash = sha256_hex(salt + *payload);
    }
    event.hash = hash_of(previous, event);
    session.run(sql::journal_insert, {case_id, event.number, kind, to_iso(at), role, actor, event.payload_hash, event.hash});
    if (payload) {
        session.run(sql::journal_insert_payload, {case_id, event.number, Bytes{std::move(salt)}, *payload, day_or_null(delete_on)});
    }
    return event;
}

std::vector<Event> events(Session& session, std::int64_t case_id) {
    std::vector<Event> out;
    for (const auto& row : session.query(sql::journal_events, {case_id})) out.push_back(event_of(case_id, row));
    return out;
}

std::optional<Event> last_event(Session& session, std::int64_t case_id) {
    const auto rows = session.query(sql::journal_last_event, {case_id});
    if (rows.empty()) return std::nullopt;
    return event_of(case_id, rows[0]);
}

int delete_due_payloads(Session& session, const std::string& today, Moment now) {
    int deleted = 0;
    while (true) {
        std::map<std::int64_t, std::vector<std::int64_t>> due;
        for (const auto& row : session.query(sql::journal_due_payloads, {today})) due[row.number(0)].push_back(row.number(1));
        if (due.empty()) return deleted;
        for (const auto& [case_id, numbers] : due) {
            for (const auto number : numbers) session.run(sql::journal_delete_payload, {case_id, number});
            append(session, case_id, std::string(kPayloadDeleted), now, "system", {}, numbers_json(numbers));
            deleted += static_cast<int>(numbers.size());
        }
    }
}

void set_deletion_day(Session& session, std::int64_t case_id, const std::string& day) {
    session.run(sql::journal_set_deletion_day, {case_id, day_or_null(day)});
}

std::optional<Broken> verify(Session& session, std::int64_t case_id) {
    std::string previous;
    std::int64_t expected = 1;
    std::set<std::int64_t> missing, announced;
    for (const auto& row : session.query(sql::journal_events, {case_id})) {
        const auto event = event_of(case_id, row);
        if (event.number != expected) return Broken{case_id, expected, "number"};
        if (event.hash != hash_of(previous, event)) return Broken{case_id, event.number, "hash"};
        if (event.payload && event.payload_hash != sha256_hex(row.bytes(8) + *event.payload)) {
            return Broken{case_id, event.number, "payload"};
        }
        if (event.payload_deleted) missing.insert(event.number);
        if (event.kind == kPayloadDeleted && event.payload) add_numbers(*event.payload, announced);
        previous = event.hash;
        ++expected;
    }
    // A payload may be gone only where the journal itself says so.
    for (const auto number : missing) {
        if (!announced.contains(number)) return Broken{case_id, number, "payload"};
    }
    return std::nullopt;
}

std::optional<Broken> verify_all(Session& session) {
    std::int64_t case_id = 0;
    while (true) {
        const auto next = session.query(sql::journal_next_case, {case_id});
        if (next.empty()) return std::nullopt;
        case_id = next[0].number(0);
        if (auto broken = verify(session, case_id)) return broken;
    }
}

}  // namespace kiepe::store
