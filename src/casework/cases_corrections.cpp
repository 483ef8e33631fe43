// A decision that is contested, opened again, or kept; and the line by which a notice says what it was decided by.
#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "casework/cases_impl.h"
#include "casework/json.h"
#include "casework/sql.h"
#include "store/jobs.h"

namespace kiepe::casework {

using feel::Value;

namespace {

constexpr std::size_t kLongestObjection = 20'000;
/// VwVfG section 41(2) sentence 2 (since 2025): what was posted counts as given on the fourth day.
constexpr std::chrono::days kPostDays{4};
/// VwVfG section 41(2a): what is fetched from an inbox counts as given the day after; she may have fetched it at once.
constexpr std::chrono::days kInboxDays{1};

bool known_kind(const std::string& kind) { return std::find(kCorrectionKinds.begin(), kCorrectionKinds.end(), kind) != kCorrectionKinds.end(); }

/// Until which day the notice's content is kept, as its own decision reckoned it.
Value last_day_of(const Stored& stored, std::int64_t notice) {
    for (const auto& event : stored.events)
        if (event.number == notice && event.payload)
            if (const auto payload = feel::from_json(*event.payload)) return payload->get("until");
    return {};
}

std::string say(const catalogue::Package& package, std::string_view language, const char* key, const language::Arguments& arguments = {}) {
    return language::fill(package.program_text(language, key), arguments);
}

void add_paragraphs(std::vector<documents::Block>& blocks, const std::string& text) {
    std::string paragraph;
    const auto finish = [&] {
        if (!paragraph.empty()) blocks.push_back(documents::paragraph(paragraph));
        paragraph.clear();
    };
    for (const auto& line : split(text, '\n')) {
        const auto words = trim(line);
        if (words.empty()) finish();
        else paragraph += (paragraph.empty() ? "" : " ") + std::string(words);
    }
    finish();
}

}  // namespace

Day Cases::Impl::in_use_since(const std::string& package_hash) const {
    Day since = today();  // a version that nothing was decided by yet is kept with this decision
    around.database.read([&](store::Session& session) {
        if (const auto kept = catalogue::version_kept_at(session, package_hash)) since = local_day(*kept);
    });
    return since;
}

Day Cases::in_use_since(const std::string& package_hash) { return impl_->in_use_since(package_hash); }

RulesVersion Cases::Impl::rules_version(const Rules& rules, const Preparation& preparation) const {
    return {rules.package->hash, rules.package->service.version, preparation.law_hash, in_use_since(rules.package->hash), preparation.law_day};
}

documents::Block Cases::Impl::version_block(const Rules& rules, const Preparation& preparation, std::string_view language, bool automatic) const {
    const RulesVersion by = rules_version(rules, preparation);
    language::Arguments arguments{{"since", language::format_date(language, by.since)},
                                  {"version", by.package_version},
                                  {"hash", by.package_hash.substr(0, 12)},
                                  {"law_day", language::format_date(language, by.law_day)}};
    if (preparation.periods.empty())
        return documents::paragraph(say(*rules.package, language, automatic ? "letter_version_automatic" : "letter_version_by_hand", arguments));
    arguments.emplace_back("from", language::format_month(language, preparation.periods.front().from));
    arguments.emplace_back("to", language::format_month(language, preparation.periods.back().to));
    return documents::paragraph(say(*rules.package, language, automatic ? "letter_version_months_automatic" : "letter_version_months_by_hand", arguments));
}

std::string Cases::version_line(const Case& c, std::string_view language, bool automatic) {
    const auto known = impl_->prepared_of(c);
    return known ? documents::to_text(impl_->version_block(known->rules, known->preparation, language, automatic).runs) : std::string();
}

std::optional<Day> Cases::Impl::remedy_until(const Case& c, const Rules& rules) const {
    const Notice* notice = c.decision();
    const auto& remedy = rules.package->service.remedy;
    if (!notice || remedy.kind.empty()) return std::nullopt;
    const bool inbox = notice->delivery == "inbox";
    const Day sent = local_day(notice->posted == Moment{} ? notice->at : notice->posted);
    const Day given = sent + (inbox ? kInboxDays : notice->delivery == "post" ? kPostDays : std::chrono::days(0));
    Day until = catalogue::add(given, remedy.within, rules.holidays());
    while (!is_working_day(until, rules.holidays())) until += std::chrono::days(1);  // VwVfG section 31(3), VwGO section 57(2)
    return until;
}

std::optional<Day> Cases::remedy_until(const Case& c) {
    const Rules rules = impl_->rules_for(c.service, c.package_hash);
    return rules.package ? impl_->remedy_until(c, rules) : std::nullopt;
}

Result<void> Cases::contest(std::int64_t case_id, const std::string& text, const std::string& idempotency_key) {
    const std::string words(trim(text));
    if (words.empty()) return Error{"message_empty"};
    if (words.size() > kLongestObjection || !valid_utf8(words)) return Error{"message_long"};
    const std::string key = "objection:" + std::to_string(case_id) + ":" + idempotency_key;
    return impl_->change(case_id, [&](const Case& c, const Stored&, const Rules& rules, Plan& plan) -> Result<void> {
        bool known = false;  // at each attempt: the second of two clicks at once finds what the first one has written
        impl_->around.database.read([&](store::Session& session) { known = !idempotency_key.empty() && store::remembered(session, key).has_value(); });
        if (known) return {};
        const Notice* notice = c.decision();
        if (!notice) return Error{"nothing_decided"};
        if (c.state != State::decided) return Error{"under_review"};
        for (const auto& objection : c.objections)
            if (objection.notice == notice->number) return Error{"objection_already"};
        const auto until = impl_->remedy_until(c, rules);
        plan.has_new = true;
        plan.keep_on = true;  // what is contested must not be deleted before it is answered
        plan.events.push_back({"objection_received", "applicant", "",
                               Value::context({{"notice", Value::number(notice->number)},
                                               {"text", Value::string(words)},
                                               {"until", until ? Value::date(*until) : Value()},
                                               {"late", Value::boolean(until && impl_->today() > *until)}})});
        if (!idempotency_key.empty())
            plan.also = [this, key](store::Session& session) {
                if (!store::remembered(session, key)) store::remember(session, key, "1", impl_->around.clock.now());
            };
        return {};
    });
}

Result<void> Cases::reopen(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::string& kind, const std::string& why) {
    return impl_->change_as_clerk(case_id, version, [&](const Case& c, const Stored& stored, const Rules& rules, Plan& plan) -> Result<void> {
        const Notice* notice = c.decision();
        if (c.state != State::decided || !notice) return Error{"not_decided"};
        if (notice->outcome.empty()) return Error{"payload_deleted"};  // its day has come: there is nothing left to decide about
        if (!known_kind(kind)) return Error{"reason_unknown", kind};
        if (trim(why).empty()) return Error{"reason_missing"};
        const Objection* objection = c.contested();
        plan.keep_on = true;
        plan.events.push_back({"reopened", "clerk", who.id,
                               Value::context({{"notice", Value::number(notice->number)},
                                               {"objection", Value::number(objection ? objection->number : std::int64_t{0})},
                                               {"reason", Value::string(kind)},
                                               {"text", Value::string(std::string(trim(why)))},
                                               {"author", Value::string(who.name)}})});
        const Case next = impl_->after(stored, plan, rules);
        const Preparation preparation = prepare(*rules.package, rules.law(), rules.city(), next.application);
        plan.prepared_outcome = preparation.outcome.empty() ? "-" : preparation.outcome;
        return {};
    });
}

Result<std::vector<documents::Block>> Cases::Impl::kept_letter(const Case& c, const Rules& rules, const Preparation& preparation,
                                                               const std::string& text, const std::string& signed_by) const {
    const auto& package = *rules.package;
    const auto& language = c.language;
    const bool objection = package.service.remedy.kind == "objection";
    const LetterFacts facts = letter_facts(c, rules, preparation, language);
    const std::string court = facts.office ? facts.office->remedy_court : std::string();
    const auto day = [&](Moment moment) { return language::format_date(language, local_day(moment)); };
    std::vector<documents::Block> blocks{documents::heading(say(package, language, objection ? "letter_kept_title" : "letter_kept_title_action")),
                                         documents::paragraph(say(package, language, "letter_salutation")),
                                         documents::paragraph(say(package, language, objection ? "letter_kept_objection" : "letter_kept_action",
                                                                  {{"received", day(c.contested()->received)}, {"date", day(c.decision()->at)}})),
                                         documents::heading(say(package, language, "letter_kept_why"), 2)};
    add_paragraphs(blocks, text);
    if (objection) {
        // VwGO section 73(3): the answer to an objection gives reasons and says what can be done against it: an action (section 74).
        if (court.empty()) return Error{"notice_problem", "", {}, "no court"};
        const std::string within = package.texts ? package.texts->get_n(language, "letter_within_months", 1) : std::string();
        blocks.push_back(documents::heading(say(package, language, "letter_remedy_title"), 2));
        blocks.push_back(documents::paragraph(
            say(package, language, "letter_remedy_court", {{"within", within}, {"court", court}, {"norm", "VwGO § 74 Abs. 1"}})));
    } else if (const auto until = remedy_until(c, rules); until && *until >= today() && !court.empty()) {
        blocks.push_back(documents::paragraph(
            say(package, language, "letter_kept_term", {{"until", language::format_date(language, *until)}, {"court", court}})));
    }
    blocks.push_back(documents::paragraph(say(package, language, "letter_greeting")));
    blocks.push_back(documents::paragraph(signed_by));
    return blocks;
}

Result<void> Cases::keep(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::string& text) {
    return impl_->change_as_clerk(case_id, version, [&](const Case& c, const Stored& stored, const Rules& rules, Plan& plan) -> Result<void> {
        const Objection* objection = c.contested();
        const Notice* notice = c.decision();
        if (!objection || !notice) return Error{"nothing_contested"};
        if (trim(text).empty()) return Error{"reason_missing"};
        const Preparation preparation = prepare(*rules.package, rules.law(), rules.city(), c.application);
        auto blocks = impl_->kept_letter(c, rules, preparation, text, who.name);
        if (!blocks) return blocks.error();
        plan.events.push_back({"objection_refused", "clerk", who.id,
                               Value::context({{"notice", Value::number(notice->number)},
                                               {"objection", Value::number(objection->number)},
                                               {"outcome", Value::string(notice->outcome)},
                                               {"title", Value::string(documents::to_text(blocks->front().runs))},
                                               {"automatic", Value::boolean(false)},
                                               {"signed_by", Value::string(who.name)},
                                               {"language", Value::string(c.language)},
                                               {"delivery", Value::string(c.subject.empty() && c.delivery == "inbox" ? "post" : c.delivery)},
                                               {"blocks", to_value(*blocks)}})});
        plan.delete_on = impl_->deletion_day(rules, impl_->today(), last_day_of(stored, notice->number));
        return {};
    });
}

DecisionCounts Cases::decision_counts(const std::string& service, Moment since) {
    DecisionCounts counts;
    impl_->around.database.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::decision_counts, {service, to_iso(since)})) {
            auto& side = row.flag(0) ? counts.automatic : counts.by_hand;
            side.made += row.number(3);
            if (row.flag(1)) side.contested += row.number(3);
            if (const auto& kind = row.text(2); !kind.empty()) side.corrected[kind] += row.number(3);
        }
    });
    return counts;
}

}  // namespace kiepe::casework
