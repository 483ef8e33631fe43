// What clerks do with a case. Each action takes the version that was seen.
#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "casework/cases_impl.h"
#include "casework/json.h"
#include "casework/sql.h"

namespace kiepe::casework {

using feel::Value;

namespace {

constexpr auto kPresent = std::chrono::minutes(2);

Pending by_clerk(std::string kind, const identity::Staff& who, Value payload = {}) { return {std::move(kind), "clerk", who.id, std::move(payload)}; }

Value said_by(const identity::Staff& who, const std::string& text) {
    return Value::context({{"text", Value::string(text)}, {"author", Value::string(who.name)}});
}

bool is_open(const Case& c) { return c.state == State::in_review || c.state == State::waiting_for_applicant; }

bool has_role_beside(const identity::Staff& who, const std::set<std::string>& others) {
    return std::any_of(who.roles.begin(), who.roles.end(), [&](const auto& role) { return !others.contains(role); });
}

}  // namespace

bool may_read_cases(const identity::Staff& who) { return has_role_beside(who, {"designer", "admin"}); }

bool may_act_on_cases(const identity::Staff& who) { return has_role_beside(who, {"designer", "admin", "data_protection"}); }

std::optional<Case> Cases::for_staff(std::int64_t case_id, const identity::Staff& who, std::string_view reason) {
    if (!may_read_cases(who)) return std::nullopt;
    auto c = impl_->read_case(case_id);
    if (!c) return std::nullopt;
    impl_->around.identity.record_access(case_id, who, reason);
    impl_->around.database.write([&](store::Session& session) {
        session.run(sql::presence_put, {case_id, who.id, who.name, to_iso(impl_->around.clock.now())});
    });
    return c;
}

std::vector<std::string> Cases::also_looking(std::int64_t case_id, const identity::Staff& who) {
    std::vector<std::string> names;
    impl_->around.database.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::presence_of, {case_id, who.id, to_iso(impl_->around.clock.now() - kPresent)}))
            names.push_back(row.text(0));
    });
    return names;
}

Result<void> Cases::assign(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::string& to) {
    return impl_->change_as_clerk(case_id, version, [&](const Case&, const Stored& stored, const Rules&, Plan& plan) -> Result<void> {
        if (!to.empty() && !impl_->around.identity.staff(to)) return Error{"staff_unknown"};
        plan.assigned = to;
        plan.has_new = stored.has_new;
        plan.events.push_back(by_clerk("assigned", who, Value::context({{"to", Value::string(to)}})));
        return {};
    });
}

Result<void> Cases::ask(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::vector<std::string>& answers,
                        const std::vector<std::string>& papers, Day until, const std::string& text) {
    return impl_->change_as_clerk(case_id, version, [&](const Case& c, const Stored&, const Rules& rules, Plan& plan) -> Result<void> {
        if (!is_open(c)) return Error{"case_closed"};
        if (answers.empty() && papers.empty() && trim(text).empty()) return Error{"nothing_asked"};
        if (until <= impl_->today()) return Error{"deadline_past"};
        for (const auto& path : answers)
            if (!rules.package->form.question_at(path)) return Error{"answer_unknown", path};
        for (const auto& need : papers)
            if (!need_of(rules.package->form, need)) return Error{"paper_unknown", need};
        const Preparation preparation = prepare(*rules.package, rules.law(), rules.city(), c.application);
        impl_->ask_for(c, rules, preparation, answers, papers, until, std::string(trim(text)), "clerk", who.id, who.name, plan);
        return {};
    });
}

Result<void> Cases::reply(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::string& text) {
    return impl_->change_as_clerk(case_id, version, [&](const Case&, const Stored&, const Rules&, Plan& plan) -> Result<void> {
        if (trim(text).empty()) return Error{"message_empty"};
        plan.events.push_back(by_clerk("reply_sent", who, said_by(who, std::string(trim(text)))));
        return {};
    });
}

Result<void> Cases::note(std::int64_t case_id, const identity::Staff& who, const std::string& text) {
    if (trim(text).empty()) return Error{"message_empty"};
    return impl_->change(case_id, [&](const Case&, const Stored&, const Rules&, Plan& plan) -> Result<void> {
        plan.events.push_back(by_clerk("note_added", who, said_by(who, std::string(trim(text)))));
        return {};
    });
}

Result<void> Cases::check_paper(std::int64_t case_id, std::int64_t version, const identity::Staff& who, std::int64_t file, bool good,
                                const std::string& why) {
    return impl_->change_as_clerk(case_id, version, [&](const Case& c, const Stored& stored, const Rules& rules, Plan& plan) -> Result<void> {
        if (!is_open(c)) return Error{"case_closed"};
        const auto found = std::find_if(c.files.begin(), c.files.end(), [&](const auto& known) { return known.id == file; });
        if (found == c.files.end()) return Error{"file_unknown"};
        if (!good && trim(why).empty()) return Error{"reason_missing"};
        CaseFile judged = *found;
        judged.state = good ? "checked" : "refused";
        judged.checked_by = who.id;
        judged.refused_why = good ? "" : std::string(trim(why));
        plan.changed_files.push_back(judged);
        plan.events.push_back(by_clerk(good ? "paper_checked" : "paper_refused", who,
                                       Value::context({{"file", Value::number(file)},
                                                       {"need", Value::string(judged.need)},
                                                       {"paper", Value::string(judged.paper)},
                                                       {"why", Value::string(judged.refused_why)},
                                                       {"author", Value::string(who.name)}})));
        if (good) {
            impl_->advance(stored, plan, rules);
            return {};
        }
        const Case next = impl_->after(stored, plan, rules);
        const Preparation preparation = prepare(*rules.package, rules.law(), rules.city(), next.application);
        plan.prepared_outcome = preparation.outcome.empty() ? "-" : preparation.outcome;
        const auto& within = rules.package->service.missing.within;
        Day until = catalogue::add(impl_->today(), within.count > 0 ? within : catalogue::Period{2, catalogue::Period::Unit::weeks}, rules.holidays());
        while (!is_working_day(until, rules.holidays())) until += std::chrono::days(1);  // BGB section 193
        impl_->ask_for(next, rules, preparation, {}, {judged.need}, until, judged.refused_why, "clerk", who.id, who.name, plan);
        return {};
    });
}

Result<void> Cases::save_notice_draft(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::string& outcome,
                                      const std::string& text) {
    bool fits = false;
    impl_->around.database.write([&](store::Session& session) {
        fits = session.run(sql::case_lock, {case_id, version}) == 1;
        if (fits) session.run(sql::notice_draft_put, {case_id, outcome, text, who.id, to_iso(impl_->around.clock.now())});
    });
    if (!fits) return Error{"case_changed"};
    return {};
}

std::optional<std::pair<std::string, std::string>> Cases::notice_draft(std::int64_t case_id) {
    std::optional<std::pair<std::string, std::string>> draft;
    impl_->around.database.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::notice_draft_of, {case_id})) draft = {row.text(0), row.text(1)};
    });
    return draft;
}

Result<void> Cases::decide(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::string& outcome,
                           const std::string& text) {
    return impl_->change_as_clerk(case_id, version, [&](const Case& c, const Stored&, const Rules& rules, Plan& plan) -> Result<void> {
        if (!is_open(c)) return Error{"case_closed"};
        const auto rule = rules.package->service.outcomes.find(outcome);
        if (rule == rules.package->service.outcomes.end() || rule->second.letter.empty()) return Error{"outcome_unknown", outcome};
        const Preparation preparation = prepare(*rules.package, rules.law(), rules.city(), c.application);
        Rendered rendered;
        if (trim(text).empty()) {
            rendered = impl_->notice(c, rules, preparation, outcome, c.language, false, who.name);
            if (!rendered.problems.empty()) return Error{"notice_problem", "", {}, rendered.problems.front()};
        } else {
            auto blocks = documents::parse_markdown(text);
            if (!blocks) return blocks.error();
            rendered.blocks = std::move(blocks).value();
            rendered.title = rules.package->say(c.language, rule->second.title).text;
            for (const auto& block : rendered.blocks)
                if (block.kind == documents::Block::Kind::h1) {
                    rendered.title = documents::to_text(block.runs);
                    break;
                }
        }
        impl_->add_decision(c, rules, preparation, outcome, rendered, false, who.name, who.id, plan);
        return {};
    });
}

std::vector<Cases::PrintItem> Cases::print_queue(bool done, const std::string& office) {
    std::vector<PrintItem> items;
    impl_->around.database.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::deliveries_queue, {done, office}))
            items.push_back({row.number(0), row.number(1), row.number(2), row.text(3), row.text(4), row.text(5), row.text(6),
                             parse_moment(row.text(7)).value_or(Moment{}), row.flag(8)});
    });
    return items;
}

Result<void> Cases::printed(std::int64_t case_id, std::int64_t notice, const identity::Staff& who) {
    return impl_->change(case_id, [&](const Case& c, const Stored&, const Rules&, Plan& plan) -> Result<void> {
        const bool known = std::any_of(c.notices.begin(), c.notices.end(), [&](const auto& n) { return n.number == notice; });
        if (!known) return Error{"notice_unknown"};
        for (const auto& item : print_queue(true))
            if (item.case_id == case_id && item.notice == notice) return {};
        plan.events.push_back(by_clerk("notice_printed", who, Value::context({{"notice", Value::number(notice)}})));
        plan.also = [case_id, notice, &who](store::Session& session) { session.run(sql::delivery_done, {case_id, notice, who.id}); };
        return {};
    });
}

}  // namespace kiepe::casework
