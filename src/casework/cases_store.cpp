// Reads and writes the rows of a case; everything else is derived.
#include <algorithm>

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"
#include "casework/cases_impl.h"
#include "casework/json.h"
#include "casework/sql.h"
#include "catalogue/catalogue.h"
#include "store/attachments.h"
#include "store/jobs.h"

namespace kiepe::casework {
namespace {

using feel::Value;

Stored from_row(const store::Row& row) {
    Stored stored;
    Case& c = stored.row;
    c.id = row.number(0);
    c.number = row.text(1);
    stored.token_hash = row.text(2);
    c.service = row.text(3);
    c.package_hash = row.text(4);
    c.language = row.text(5);
    c.subject = row.text(6);
    c.person_name = row.text(7);
    stored.search_words = row.text(8);
    c.email = row.text(9);
    c.delivery = row.text(10);
    c.channel = row.text(11);
    c.office = row.text(12);
    c.assigned = row.text(13);
    c.version = row.number(14);
    c.received = parse_moment(row.text(15)).value_or(Moment{});
    c.changed = parse_moment(row.text(16)).value_or(Moment{});
    stored.waiting = row.flag(17);
    stored.has_new = row.flag(18);
    stored.prepared_outcome = row.text(19);
    return stored;
}

CaseFile file_from(const store::Row& row) {
    CaseFile file;
    file.id = row.number(0);
    file.attachment = row.number(1);
    file.need = row.text(2);
    file.paper = row.text(3);
    file.name = row.text(4);
    file.type = row.text(5);
    file.size = row.number(6);
    file.pages = static_cast<int>(row.number(7));
    file.received = parse_moment(row.text(8)).value_or(Moment{});
    file.state = row.text(9);
    file.checked_by = row.text(10);
    file.refused_why = row.text(11);
    file.read_text = row.text(12);
    return file;
}

std::string job_payload(std::int64_t id, std::int64_t number) {
    return feel::to_json(Value::context({{"case", Value::number(id)}, {"number", Value::number(number)}}));
}

std::string job_key(const char* kind, std::int64_t id, std::int64_t number) {
    return std::string(kind) + ":" + std::to_string(id) + ":" + std::to_string(number);
}

/// A letter of its own: a decision, or the answer to an objection.
bool is_notice(std::string_view kind) { return kind == "decided" || kind == "objection_refused"; }

/// Mails, reminders, deadlines and PDFs that an event makes necessary.
void enqueue_for(store::Session& session, const store::Event& event, const Value& payload, const Rules& rules, const Case& c) {
    const std::string job = job_payload(c.id, event.number);
    const bool tells = event.kind == "request_sent" || event.kind == "reply_sent" || event.kind == "decided" || event.kind == "reminder_sent" ||
                       event.kind == "reopened" || event.kind == "objection_refused";
    if (tells && !c.email.empty()) store::enqueue(session, "casework.mail", job, event.at, job_key("mail", c.id, event.number));
    if (is_notice(event.kind)) store::enqueue(session, "casework.pdf", job, event.at + std::chrono::seconds(5), job_key("pdf", c.id, event.number));
    if (event.kind != "request_sent" && event.kind != "more_time") return;
    const std::int64_t request = event.kind == "more_time" ? number_in(payload, "request") : event.number;
    const Value until = payload.get("until");
    if (until.kind() != feel::Kind::date) return;
    const std::string about = job_payload(c.id, request);
    const auto& remind = rules.package->service.missing.remind;
    if (remind.count > 0) {
        const int days = remind.unit == catalogue::Period::Unit::weeks ? remind.count * 7 : remind.count;
        const std::string key = job_key("remind", c.id, request);
        store::cancel_jobs(session, key);
        const Moment at = start_of(until.as_date() - std::chrono::days(days)) + std::chrono::hours(8);
        if (at > event.at) store::enqueue(session, "casework.remind", about, at, key);
    }
    const std::string key = job_key("deadline", c.id, request);
    store::cancel_jobs(session, key);
    store::enqueue(session, "casework.deadline", about, start_of(until.as_date() + std::chrono::days(1)) + std::chrono::hours(1), key);
}

void insert_file(store::Session& session, std::int64_t case_id, const NewFile& added) {
    const CaseFile& file = added.file;
    session.run(sql::case_file_insert, {file.id, case_id, file.attachment, file.need, file.paper, file.name, file.type, file.size,
                                        std::int64_t{file.pages}, to_iso(file.received), file.state, added.read_text});
    store::set_attachment_deletion_day(session, file.attachment, "");
}

/// One row a decision, for the register of algorithms: what became of it, nothing of the person.
void count_decision(store::Session& session, const store::Event& event, const Value& payload, const Case& c) {
    if (event.kind == "decided") {
        session.run(sql::decision_insert, {c.id, event.number, c.service, to_iso(event.at), payload.get("automatic").is_true()});
    } else if (event.kind == "objection_received") {
        session.run(sql::decision_contested, {c.id, number_in(payload, "notice")});
    } else if (event.kind == "reopened") {
        session.run(sql::decision_corrected, {c.id, number_in(payload, "notice"), text_in(payload, "reason")});
    }
}

/// The day stands at all that a case holds. What is added after its end gets the day that the rest has.
void put_deletion_day(store::Session& session, const Case& c, const Plan& plan) {
    std::string day = plan.delete_on ? to_iso(*plan.delete_on) : std::string();
    if (!plan.delete_on && !plan.keep_on) {
        const auto known = session.query(sql::case_deletion_day, {c.id});
        if (known.empty() || known[0].text(0).empty()) return;
        day = known[0].text(0);
    }
    session.run(sql::case_set_deletion_day, {c.id, day.empty() ? store::Datum{} : store::Datum{day}});
    store::set_deletion_day(session, c.id, day);
    for (const auto& file : c.files) store::set_attachment_deletion_day(session, file.attachment, day);
    for (const auto& notice : c.notices)
        if (notice.attachment != 0) store::set_attachment_deletion_day(session, notice.attachment, day);
}

void insert_case(store::Session& session, const Stored& stored) {
    const Case& c = stored.row;
    session.run(sql::case_insert, {c.id, c.number, stored.token_hash, c.service, c.package_hash, c.language, c.subject, c.person_name,
                                   stored.search_words, c.email, c.delivery, c.channel, c.office, to_iso(c.received)});
}

}  // namespace

std::optional<Stored> Cases::Impl::load(store::Session& session, std::int64_t id) {
    const auto rows = session.query(sql::case_by_id, {id});
    if (rows.empty()) return std::nullopt;
    Stored stored = from_row(rows[0]);
    stored.events = store::events(session, id);
    for (const auto& row : session.query(sql::case_files_of, {id})) stored.files.push_back(file_from(row));
    for (const auto& row : session.query(sql::deliveries_of, {id})) stored.pdfs[row.number(0)] = row.number(1);
    return stored;
}

std::optional<Stored> Cases::Impl::load(std::int64_t id) {
    std::optional<Stored> stored;
    around.database.read([&](store::Session& session) { stored = load(session, id); });
    return stored;
}

Case Cases::Impl::after(const Stored& stored, const Plan& plan, const Rules& rules) const {
    Stored next = stored;
    const Moment now = around.clock.now();
    std::int64_t number = next.events.empty() ? 0 : next.events.back().number;
    for (const auto& pending : plan.events) next.events.push_back(as_event(pending, stored.row.id, ++number, now));
    for (const auto& added : plan.new_files) {
        next.files.push_back(added.file);
        next.files.back().read_text = added.read_text;
    }
    for (const auto& changed : plan.changed_files)
        for (auto& file : next.files)
            if (file.id == changed.id) file = changed;
    if (plan.subject) next.row.subject = *plan.subject;
    if (plan.assigned) next.row.assigned = *plan.assigned;
    return folded(next, rules);
}

bool Cases::Impl::commit(const Stored& stored, const Plan& plan, const Rules& rules) {
    const Moment now = around.clock.now();
    const Case next = after(stored, plan, rules);
    const bool open = next.state == State::in_review || next.state == State::waiting_for_applicant || next.contested();
    bool fits = true;
    around.database.write([&](store::Session& session) {
        fits = true;
        if (plan.is_new) insert_case(session, stored);
        else if (session.run(sql::case_lock, {next.id, stored.row.version}) != 1) {
            fits = false;
            return;
        }
        for (const auto& added : plan.new_files) insert_file(session, next.id, added);
        for (const auto& file : plan.changed_files)
            session.run(sql::case_file_judge, {file.id, file.state, file.checked_by, file.refused_why});
        std::int64_t version = stored.row.version;
        for (const auto& pending : plan.events) {
            const auto payload = pending.payload.is_null() ? std::nullopt : std::optional(feel::to_json(pending.payload));
            const auto event = store::append(session, next.id, pending.kind, now, pending.role, pending.actor, payload);
            version = event.number;
            if (is_notice(pending.kind))
                session.run(sql::delivery_insert, {next.id, event.number, text_in(pending.payload, "title"),
                                                   text_in(pending.payload, "delivery"), to_iso(now)});
            count_decision(session, event, pending.payload, next);
            enqueue_for(session, event, pending.payload, rules, next);
        }
        session.run(sql::case_update, {next.id, version, std::string(name_of(next.state)), open, next.state == State::waiting_for_applicant,
                                       plan.has_new.value_or(stored.has_new), to_iso(now), to_iso(next.promise.due),
                                       plan.prepared_outcome.empty() ? stored.prepared_outcome : plan.prepared_outcome, next.assigned,
                                       next.subject});
        if (plan.clear_notice_draft) session.run(sql::notice_draft_delete, {next.id});
        put_deletion_day(session, next, plan);
        plan.also(session);
    });
    return fits;
}

}  // namespace kiepe::casework
