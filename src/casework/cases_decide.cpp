// What the machine does by itself: ask for what is missing, decide where the gate is open, set the notice.
#include <algorithm>

#include "base/date.h"
#include "base/id.h"
#include "base/log.h"
#include "base/text.h"
#include "casework/cases_impl.h"
#include "casework/json.h"
#include "casework/printing.h"
#include "casework/sql.h"
#include "casework/surroundings.h"
#include "store/attachments.h"
#include "store/jobs.h"

namespace kiepe::casework {

using feel::Value;

namespace {

Pending by_system(std::string kind, Value payload = {}) { return {std::move(kind), "system", "", std::move(payload)}; }

/// What the applicant has to bring: missing papers that no office is asked for.
std::vector<std::string> papers_of_applicant(const Preparation& preparation) {
    std::vector<std::string> names;
    for (const auto& paper : preparation.missing_papers)
        if (paper.office.empty()) names.push_back(paper.name);
    return names;
}

bool already_asked(const Case& c, const std::vector<std::string>& answers, const std::vector<std::string>& papers) {
    const auto asked = [&](const std::string& name, auto list) {
        return std::any_of(c.requests.begin(), c.requests.end(), [&](const Request& request) {
            const auto& names = request.*list;
            return std::find(names.begin(), names.end(), name) != names.end();
        });
    };
    return std::all_of(answers.begin(), answers.end(), [&](const auto& path) { return asked(path, &Request::answers); }) &&
           std::all_of(papers.begin(), papers.end(), [&](const auto& name) { return asked(name, &Request::papers); });
}

Day request_until(const catalogue::Service& service, const Preparation& preparation, Day today, const std::set<Day>& holidays) {
    catalogue::Period period = service.missing.within;
    if (period.count == 0)
        for (const auto& paper : preparation.missing_papers)
            if (const auto later = paper.need ? catalogue::parse_period(paper.need->later) : std::nullopt) period = *later;
    if (period.count == 0) period = {2, catalogue::Period::Unit::weeks};
    Day until = catalogue::add(today, period, holidays);
    // BGB section 193: a period does not end on a Saturday, Sunday or holiday.
    while (!is_working_day(until, holidays)) until += std::chrono::days(1);
    return until;
}

/// A message that no clerk has reacted to: like a remark, only a person can read it (VwVfG section 24(1) sentence 3).
bool has_unread_message(const Case& c) {
    std::int64_t said = 0;
    Moment reacted{};
    for (const auto& entry : c.timeline)
        if (entry.role == "clerk") reacted = std::max(reacted, entry.at);
    for (const auto& message : c.messages)
        if (message.role == "applicant" && message.at >= reacted) said = message.number;
    return said != 0;
}

bool all_answered(const Case& c) {
    return std::all_of(c.requests.begin(), c.requests.end(), [](const auto& request) { return request.answered; });
}

}  // namespace

namespace {

/// Where a decision is made anew the notice says at its head which one it replaces: otherwise two would stand against each other.
void put_replaced(const Case& c, const catalogue::Package& package, std::string_view language, Rendered& rendered) {
    const Notice* before = c.decision();
    if (!before || !before->under_review) return;
    auto at = rendered.blocks.begin();
    if (at != rendered.blocks.end() && at->kind == documents::Block::Kind::h1) ++at;
    if (at != rendered.blocks.end() && documents::to_text(at->runs) == package.program_text(language, "letter_salutation")) ++at;
    rendered.blocks.insert(at, documents::paragraph(language::fill(package.program_text(language, "letter_replaces"),
                                                                   {{"date", language::format_date(language, local_day(before->at))}})));
}

}  // namespace

LetterFacts Cases::Impl::letter_facts(const Case& c, const Rules& rules, const Preparation& preparation, std::string_view language) const {
    LetterFacts facts;
    facts.case_number = c.number;
    facts.date = today();
    const auto& offices = rules.city().offices;
    const auto office = offices.find(c.office);
    facts.office = office != offices.end() ? &office->second : &rules.city().office_of(rules.package->service.office_duty);
    if (!c.requests.empty()) {
        facts.request_sent = to_iso(local_day(c.requests.back().sent));
        facts.request_until = to_iso(c.requests.back().until);
    }
    facts.missing = missing_texts(*rules.package, language, preparation, preparation.missing_answers, papers_of_applicant(preparation));
    facts.recipient = recipient_of(c, *rules.package);
    return facts;
}

Rendered Cases::Impl::notice(const Case& c, const Rules& rules, const Preparation& preparation, const std::string& outcome,
                             std::string_view language, bool automatic, const std::string& signed_by) {
    const auto rule = rules.package->service.outcomes.find(outcome);
    if (rule == rules.package->service.outcomes.end() || rule->second.letter.empty()) {
        Rendered none;
        none.problems.push_back("no letter for " + outcome);
        return none;
    }
    LetterFacts facts = letter_facts(c, rules, preparation, language);
    facts.automatic = automatic;
    facts.signed_by = signed_by;
    const auto searched_before = what_if_of(c);
    if (searched_before) facts.what_if = &searched_before->found;
    auto rendered =
        render_letter(*rules.package, rules.city(), rules.law(), rule->second.letter, language, c.application, preparation, facts);
    put_replaced(c, *rules.package, language, rendered);
    if (rendered.title.empty()) rendered.title = rules.package->say(language, rule->second.title).text;
    return rendered;
}

std::optional<Day> Cases::Impl::deletion_day(const Rules& rules, Day end, const Value& until) const {
    const auto& data = rules.package->service.data;
    if (data.keep_years <= 0) return std::nullopt;
    if (data.keep_after == "award_end" && until.kind() == feel::Kind::date) end = std::max(end, until.as_date());
    return add_months(end, 12 * data.keep_years);
}

void Cases::Impl::add_decision(const Case& c, const Rules& rules, const Preparation& preparation, const std::string& outcome,
                               const Rendered& rendered, bool automatic, const std::string& signed_by, const std::string& actor, Plan& plan) {
    const Value until = award_of(*rules.package, with_values(preparation.context, preparation.values)).second;
    const Value model_until = preparation.values.contains("valid_until") ? preparation.values.at("valid_until") : Value();
    const Value last_day = model_until.kind() == feel::Kind::date ? model_until : until;
    feel::List steps;
    for (const auto& step : trace(*rules.package, preparation)) steps.push_back(Value::string(dmn::to_json(step)));
    const std::string delivery = c.subject.empty() && c.delivery == "inbox" ? "post" : c.delivery;
    const std::string language = rendered.in_german ? "de" : c.language;
    auto blocks = rendered.blocks;
    blocks.push_back(version_block(rules, preparation, language, automatic));
    const RulesVersion by = rules_version(rules, preparation);
    Value payload = Value::context({{"outcome", Value::string(outcome)},
                                    {"title", Value::string(rendered.title)},
                                    {"automatic", Value::boolean(automatic)},
                                    {"signed_by", Value::string(signed_by)},
                                    {"language", Value::string(language)},
                                    {"delivery", Value::string(delivery)},
                                    {"blocks", to_value(blocks)},
                                    {"until", last_day},
                                    {"package_hash", Value::string(by.package_hash)},
                                    {"package_version", Value::string(by.package_version)},
                                    {"rules_since", Value::date(by.since)},
                                    {"law_hash", Value::string(by.law_hash)},
                                    {"law_day", Value::date(by.law_day)},
                                    {"application", to_value(c.application)},
                                    {"preparation", to_value(preparation)},
                                    {"trace", Value::list(std::move(steps))}});
    plan.events.push_back({"decided", automatic ? "system" : "clerk", actor, std::move(payload)});
    plan.delete_on = deletion_day(rules, today(), last_day);
    plan.clear_notice_draft = true;
}

void Cases::Impl::ask_for(const Case& c, const Rules& rules, const Preparation& preparation, std::vector<std::string> answers,
                          std::vector<std::string> papers, Day until, const std::string& text, const std::string& role,
                          const std::string& actor, const std::string& author, Plan& plan) {
    LetterFacts facts = letter_facts(c, rules, preparation, c.language);
    facts.request_until = to_iso(until);
    facts.request_sent = to_iso(today());
    facts.missing = missing_texts(*rules.package, c.language, preparation, answers, papers);
    facts.signed_by = author;
    std::string letter = text;
    if (letter.empty()) {
        const auto rendered = render_letter(*rules.package, rules.city(), rules.law(), rules.package->service.missing.request, c.language,
                                            c.application, preparation, facts);
        letter = documents::to_text(rendered.blocks);
        if (!rendered.problems.empty()) log::write(log::Level::warn, "request_letter", {{"service", c.service}});
    } else if (!facts.missing.empty()) {
        letter += "\n\n- " + join(facts.missing, "\n- ");
    }
    if (letter.empty()) letter = "- " + join(facts.missing, "\n- ");
    plan.events.push_back({"request_sent", role, actor,
                           Value::context({{"answers", texts_value(answers)},
                                           {"papers", texts_value(papers)},
                                           {"until", Value::date(until)},
                                           {"text", Value::string(text)},
                                           {"letter", Value::string(letter)},
                                           {"author", Value::string(author)}})});
}

void Cases::Impl::advance(const Stored& stored, Plan& plan, const Rules& rules) {
    Case c = after(stored, plan, rules);
    if (c.state == State::decided || c.state == State::withdrawn) return;
    if (c.state == State::waiting_for_applicant && all_answered(c)) {
        plan.events.push_back(by_system("completed"));
        c = after(stored, plan, rules);
    }
    const Preparation preparation = prepare(*rules.package, rules.law(), rules.city(), c.application);
    plan.prepared_outcome = preparation.outcome.empty() ? "-" : preparation.outcome;
    if (!preparation.problem.empty())
        log::write(log::Level::error, "decision_problem", {{"service", c.service}, {"problem", preparation.problem}});
    const auto papers = papers_of_applicant(preparation);
    const bool missing = !preparation.missing_answers.empty() || !papers.empty();
    if (c.state == State::in_review && missing && !already_asked(c, preparation.missing_answers, papers)) {
        const Day until = request_until(rules.package->service, preparation, today(), rules.holidays());
        ask_for(c, rules, preparation, preparation.missing_answers, papers, until, "", "system", "", "", plan);
        return;
    }
    if (!preparation.automatic || c.state != State::in_review || has_unread_message(c)) return;
    const Rendered rendered = notice(c, rules, preparation, preparation.outcome, c.language, true, "");
    if (!rendered.problems.empty()) {  // a broken letter is never sent: a clerk sees it, the log says where
        log::write(log::Level::error, "notice_problem", {{"service", c.service}, {"problem", rendered.problems.front()}});
        return;
    }
    add_decision(c, rules, preparation, preparation.outcome, rendered, true, "", "", plan);
}

bool Cases::Impl::make_pdf(std::int64_t id, std::int64_t number, std::chrono::milliseconds patience) {
    const auto stored = load(id);
    if (!stored) return true;
    const Rules rules = rules_for(stored->row.service, stored->row.package_hash);
    if (!rules.package) return false;
    const Case c = folded(*stored, rules);
    const auto notice = std::find_if(c.notices.begin(), c.notices.end(), [&](const auto& n) { return n.number == number; });
    if (notice == c.notices.end() || notice->attachment != 0) return true;
    LetterFacts facts = letter_facts(c, rules, Preparation{}, notice->language);
    facts.date = local_day(notice->at);
    const Rendered rendered{notice->title, notice->blocks, false, {}};
    const auto pdf = pdfs.make(as_letter(rendered, rules.city(), notice->language, facts, around.texts), patience);
    if (!pdf) return false;
    const Moment now = around.clock.now();
    const std::string soon = to_iso(today() + std::chrono::days(2));
    const std::int64_t attachment = store::put_attachment(around.database, *pdf, "application/pdf", c.number + ".pdf", soon, now);
    around.database.write([&](store::Session& session) {
        if (session.run(sql::delivery_set_pdf, {id, number, attachment}) != 1) return;  // another instance was faster
        const auto day = session.query(sql::case_deletion_day, {id});
        store::set_attachment_deletion_day(session, attachment, day.empty() ? "" : day[0].text(0));
        store::cancel_jobs(session, "pdf:" + std::to_string(id) + ":" + std::to_string(number));
    });
    return true;
}

void Cases::Impl::make_pdfs(std::int64_t id) {
    const auto stored = load(id);
    if (!stored) return;
    for (const auto& [notice, attachment] : stored->pdfs)
        if (attachment == 0) make_pdf(id, notice, std::chrono::milliseconds(1500));
}

}  // namespace kiepe::casework
