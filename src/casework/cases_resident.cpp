// What residents do with their case.
#include <algorithm>

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"
#include "casework/cases_impl.h"
#include "casework/json.h"
#include "casework/search_words.h"
#include "store/attachments.h"
#include "store/jobs.h"

namespace kiepe::casework {

using feel::Value;

namespace {

constexpr std::size_t kLongestMessage = 10'000;

Pending by_applicant(std::string kind, Value payload = {}) { return {std::move(kind), "applicant", "", std::move(payload)}; }

bool is_open(const Case& c) { return c.state == State::in_review || c.state == State::waiting_for_applicant; }

bool may_answer(const Case& c, const Preparation& preparation, const std::string& path) {
    const auto has = [&](const std::vector<std::string>& list) { return std::find(list.begin(), list.end(), path) != list.end(); };
    return has(preparation.missing_answers) ||
           std::any_of(c.requests.begin(), c.requests.end(), [&](const auto& request) { return has(request.answers); });
}

/// What the city's maps say about an answer (the zone of an address): asked again when the answer is said anew, else the fact would
/// still be about the old one.
std::vector<std::pair<std::string, Value>> facts_about(const Rules& rules, const std::string& path, const Value& value) {
    std::vector<std::pair<std::string, Value>> facts;
    for (const auto& page : rules.package->form.pages)
        for (const auto& question : page.questions)
            if (question.kind == catalogue::Question::Kind::look_up && question.look_up_by == path)
                facts.emplace_back(question.name, rules.city().look_up(question.look_up_in, value));
    return facts;
}

}  // namespace

Result<void> Cases::supply_file(std::int64_t case_id, const std::string& need, const std::string& paper, std::string_view bytes,
                                const std::string& type, const std::string& name, int pages, const std::string& read_text) {
    const auto& around = impl_->around;
    const auto before = impl_->read_case(case_id);
    if (!before) return Error{"case_unknown"};
    if (!is_open(*before)) return Error{"case_closed"};
    const Moment now = around.clock.now();
    const std::string soon = to_iso(impl_->today() + std::chrono::days(2));
    NewFile added;
    added.file = {random_id(), 0, need, paper, name, type, static_cast<std::int64_t>(bytes.size()), pages, now, "new", "", "", ""};
    added.read_text = read_text;
    added.file.attachment = store::put_attachment(impl_->around.database, bytes, type, name, soon, now);
    return impl_->change(case_id, [&](const Case& c, const Stored& stored, const Rules& rules, Plan& plan) -> Result<void> {
        if (!is_open(c)) return Error{"case_closed"};
        const auto* known = need_of(rules.package->form, need);
        if (!known || std::find(known->any_of.begin(), known->any_of.end(), paper) == known->any_of.end()) return Error{"paper_unknown", need};
        plan.new_files.push_back(added);
        plan.has_new = true;
        plan.events.push_back(by_applicant("file_supplied", Value::context({{"need", Value::string(need)}, {"paper", Value::string(paper)}})));
        impl_->advance(stored, plan, rules);
        return {};
    });
}

Result<void> Cases::supply_answers(std::int64_t case_id, const std::vector<std::pair<std::string, feel::Value>>& answers) {
    return impl_->change(case_id, [&](const Case& c, const Stored& stored, const Rules& rules, Plan& plan) -> Result<void> {
        if (!is_open(c)) return Error{"case_closed"};
        const Preparation preparation = prepare(*rules.package, rules.law(), rules.city(), c.application);
        feel::List list;
        for (const auto& [path, value] : answers) {
            if (!may_answer(c, preparation, path)) return Error{"answer_not_asked", path};
            if (value.is_null()) continue;
            list.push_back(Value::context({{"path", Value::string(path)}, {"value", value}}));
            for (const auto& [fact, looked_up] : facts_about(rules, path, value))
                list.push_back(Value::context({{"path", Value::string(fact)}, {"value", looked_up}}));
        }
        if (list.empty()) return {};
        plan.has_new = true;
        plan.events.push_back(by_applicant("answers_supplied", Value::context({{"answers", Value::list(std::move(list))}})));
        const Case next = impl_->after(stored, plan, rules);
        const Preparation then = prepare(*rules.package, rules.law(), rules.city(), next.application);
        for (const auto& failed : then.failed)
            if (!failed.warn) return Error{"answer_wrong", failed.path};
        impl_->advance(stored, plan, rules);
        return {};
    });
}

Result<void> Cases::write_message(std::int64_t case_id, const std::string& text, const std::string& idempotency_key) {
    const std::string words(trim(text));
    if (words.empty()) return Error{"message_empty"};
    if (words.size() > kLongestMessage || !valid_utf8(words)) return Error{"message_long"};
    const std::string key = "message:" + std::to_string(case_id) + ":" + idempotency_key;
    return impl_->change(case_id, [&](const Case& c, const Stored& stored, const Rules& rules, Plan& plan) -> Result<void> {
        bool known = false;  // looked up at each attempt: the second of two clicks at once finds what the first one has written
        impl_->around.database.read([&](store::Session& session) { known = !idempotency_key.empty() && store::remembered(session, key).has_value(); });
        if (known) return {};
        plan.has_new = true;
        plan.events.push_back(by_applicant("message_received", Value::context({{"text", Value::string(words)}})));
        if (!idempotency_key.empty())
            plan.also = [this, key](store::Session& session) {
                if (!store::remembered(session, key)) store::remember(session, key, "1", impl_->around.clock.now());
            };
        // What a person writes beyond the form must be read by one: no automatic decision follows from a message, only the end of waiting.
        const Case next = impl_->after(stored, plan, rules);
        const bool all = std::all_of(next.requests.begin(), next.requests.end(), [](const auto& request) { return request.answered; });
        if (c.state == State::waiting_for_applicant && all) plan.events.push_back({"completed", "system", "", {}});
        return {};
    });
}

Result<void> Cases::more_time(std::int64_t case_id) {
    return impl_->change(case_id, [&](const Case& c, const Stored&, const Rules& rules, Plan& plan) -> Result<void> {
        if (c.state != State::waiting_for_applicant || c.requests.empty()) return Error{"nothing_asked"};
        const Request& request = c.requests.back();
        const bool extended = std::any_of(c.timeline.begin(), c.timeline.end(), [&](const auto& entry) {
            return entry.code == "more_time" && entry.at >= request.sent;
        });
        if (extended) return Error{"more_time_once"};
        Day until = request.until + (request.until - local_day(request.sent));
        while (!is_working_day(until, rules.holidays())) until += std::chrono::days(1);
        plan.events.push_back(by_applicant("more_time", Value::context({{"request", Value::number(request.number)}, {"until", Value::date(until)}})));
        return {};
    });
}

Result<void> Cases::withdraw(std::int64_t case_id) {
    return impl_->change(case_id, [&](const Case& c, const Stored&, const Rules& rules, Plan& plan) -> Result<void> {
        if (c.state == State::withdrawn) return {};
        // Opened again after a decision there is no application any more that could be taken back, only the notice that holds meanwhile.
        if (c.state == State::decided || !c.notices.empty()) return Error{"case_closed"};
        plan.events.push_back(by_applicant("withdrawn"));
        plan.has_new = true;
        plan.delete_on = impl_->deletion_day(rules, impl_->today(), {});
        return {};
    });
}

Result<void> Cases::attach(std::int64_t case_id, const identity::Person& person) {
    return impl_->change(case_id, [&](const Case& c, const Stored&, const Rules&, Plan& plan) -> Result<void> {
        if (c.subject == person.subject) return {};
        // A link may have been passed on: only the applicant herself takes the case, and with it the notice, into her account.
        const bool herself = search_words(person.first_name + " " + person.last_name) == search_words(c.person_name);
        if (!c.subject.empty() || !herself) return Error{"case_of_somebody_else"};
        plan.subject = person.subject;
        plan.events.push_back(by_applicant("attached"));
        return {};
    });
}

}  // namespace kiepe::casework
