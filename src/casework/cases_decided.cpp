// Decisions as they were made: what previews of a reform and the register of algorithms go through.
#include <algorithm>

#include "base/date.h"
#include "casework/cases_impl.h"
#include "casework/json.h"
#include "casework/sql.h"

namespace kiepe::casework {
namespace {

Decided decided_by(const store::Event& event, const Stored& stored, const feel::Value& payload) {
    Decided decided;
    decided.case_id = stored.row.id;
    decided.notice = event.number;
    decided.number = stored.row.number;
    decided.service = stored.row.service;
    decided.office = stored.row.office;
    decided.at = event.at;
    decided.outcome = text_in(payload, "outcome");
    decided.automatic = payload.get("automatic").is_true();
    decided.package_hash = text_in(payload, "package_hash");
    decided.law_hash = text_in(payload, "law_hash");
    if (const auto day = payload.get("law_day"); day.kind() == feel::Kind::date) decided.law_day = day.as_date();
    decided.application = application_from(payload.get("application"));
    decided.preparation = feel::to_json(payload.get("preparation"));
    return decided;
}

}  // namespace

DecidedPage Cases::decided(const std::string& service, Moment since, std::int64_t after_case, int most) {
    DecidedPage page;
    std::vector<std::int64_t> ids;
    impl_->around.database.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::decided_case_ids, {service, after_case, to_iso(since), std::int64_t{most}}))
            ids.push_back(row.number(0));
    });
    if (int(ids.size()) == most) page.next = ids.back();
    for (const auto id : ids) {
        const auto stored = impl_->load(id);
        if (!stored) continue;
        for (const auto& event : stored->events) {
            if (event.kind != "decided" || event.at < since || !event.payload) continue;
            if (const auto payload = feel::from_json(*event.payload)) page.decisions.push_back(decided_by(event, *stored, *payload));
        }
    }
    return page;
}

}  // namespace kiepe::casework
