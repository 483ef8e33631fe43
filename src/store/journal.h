#pragma once
// The journal: everything that happens to a case is an event, appended in the transaction of the change itself, chained by hash per
// case, never changed (triggers refuse update and delete). Personal payload stands beside the chain in rows that are deleted on
// their day together with their salt; the event keeps a salted hash, so that the chain still verifies afterwards.
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace kiepe::store {

struct Event {
    std::int64_t case_id = 0;
    std::int64_t number = 0;               ///< 1, 2, 3 ... within the case
    std::string kind;                      ///< "submitted", "request_sent", ... ([a-z_]+)
    Moment at{};
    std::string role;                      ///< applicant | clerk | system | office
    std::string actor;                     ///< staff id or empty; never a resident's name
    std::string hash;                      ///< hex; covers previous hash, case, number, kind, at, role, actor and payload_hash
    std::string payload_hash;              ///< hex of sha256(salt + payload); empty without payload
    std::optional<std::string> payload;    ///< JSON; nullopt when there is none or after its day of deletion
    bool payload_deleted = false;
};

/// Appends one event; number and hash are given by the journal. `delete_on`: last day of the payload (ISO date), empty: keeps as
/// long as the case. Must be called inside Database::write.
Event append(Session& session, std::int64_t case_id, const std::string& kind, Moment at, const std::string& role,
             const std::string& actor, const std::optional<std::string>& payload, const std::string& delete_on = {});

/// All events of a case in order.
std::vector<Event> events(Session& session, std::int64_t case_id);
/// The last `n` events over all cases (id, kind, at only), newest first: for health and statistics.
std::optional<Event> last_event(Session& session, std::int64_t case_id);

/// Deletes payloads (with their salts) whose day has passed and appends an event "payload_deleted" to each case touched.
int delete_due_payloads(Session& session, const std::string& today, Moment now);
/// Sets the deletion day of all payloads of a case (the day is known only when the case ends).
void set_deletion_day(Session& session, std::int64_t case_id, const std::string& day);

struct Broken {
    std::int64_t case_id;
    std::int64_t number;
    std::string what;                      ///< "hash", "number", "payload"
};
/// Recomputes a case's chain; the first event that does not fit, or nothing.
std::optional<Broken> verify(Session& session, std::int64_t case_id);
std::optional<Broken> verify_all(Session& session);

}  // namespace kiepe::store
