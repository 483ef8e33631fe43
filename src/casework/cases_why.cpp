// What the rules said of a case, for explanations: of a decided one with the versions and the inputs that its decision kept.
#include <algorithm>

#include "casework/cases_impl.h"
#include "casework/json.h"

namespace kiepe::casework {
namespace {

std::optional<feel::Value> last_decision(const Stored& stored) {
    for (auto event = stored.events.rbegin(); event != stored.events.rend(); ++event)
        if (event->kind == "decided" && event->payload)
            if (auto payload = feel::from_json(*event->payload)) return std::move(payload).value();
    return std::nullopt;
}

}  // namespace

std::optional<Considered> Cases::considered(const Case& c) {
    const Rules rules = impl_->rules_for(c.service, c.package_hash);
    if (!rules.package) return std::nullopt;
    Considered now;
    now.package = rules.package;
    now.law = std::shared_ptr<const catalogue::Law>(rules.catalogue, &rules.law());
    // Opened again it is considered by the rules of today, not by those of the decision that is being corrected.
    const auto stored = c.notices.empty() || c.state != State::decided ? std::nullopt : impl_->load(c.id);
    const auto payload = stored ? last_decision(*stored) : std::nullopt;
    if (!payload) {
        now.application = c.application;
        now.preparation = preparation(c);
        return now;
    }
    now.decided = true;
    now.outcome = text_in(*payload, "outcome");
    if (auto package = impl_->version(text_in(*payload, "package_hash"), rules)) now.package = package;
    const auto law_hash = text_in(*payload, "law_hash");
    if (law_hash != rules.law().hash(now.package->service.acts))
        impl_->around.database.read([&](store::Session& session) {
            if (auto law = catalogue::law_version(session, law_hash)) now.law = std::make_shared<const catalogue::Law>(std::move(*law));
        });
    now.application = application_from(payload->get("application"));
    now.preparation = prepare(*now.package, *now.law, rules.city(), now.application);
    return now;
}

}  // namespace kiepe::casework
