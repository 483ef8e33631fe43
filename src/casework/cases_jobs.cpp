// Work of this room that comes later: mails, reminders, deadlines, PDFs, the daily deletion.
#include <algorithm>
#include <stdexcept>

#include "base/date.h"
#include "base/log.h"
#include "casework/cases_impl.h"
#include "casework/json.h"
#include "casework/sql.h"
#include "casework/surroundings.h"
#include "store/attachments.h"
#include "store/jobs.h"

namespace kiepe::casework {

using feel::Value;

namespace {

struct About {
    std::int64_t id = 0, number = 0;
};

About about(const store::Job& job) {
    const auto payload = feel::from_json(job.payload);
    if (!payload) throw std::runtime_error("casework.job_payload");
    return {number_in(*payload, "case"), number_in(*payload, "number")};
}

const Request* open_request(const Case& c, std::int64_t number) {
    if (c.state != State::waiting_for_applicant) return nullptr;
    for (const auto& request : c.requests)
        if (request.number == number && !request.answered) return &request;
    return nullptr;
}

}  // namespace

void Cases::Impl::send_mail(const store::Job& job) {
    const auto stored = load(about(job).id);
    if (!stored || stored->row.email.empty()) return;
    const Rules rules = rules_for(stored->row.service, stored->row.package_hash);
    if (!rules.package) return;
    const Case c = folded(*stored, rules);
    const auto known = surround(*rules.package, rules.law(), rules.city(), c.application, today());
    Preparation nothing;
    nothing.context = Value::context({{"case", known.case_facts}, {"city", known.city}});
    LetterFacts facts;
    facts.case_number = c.number;
    const auto rendered = render_letter(*rules.package, rules.city(), rules.law(), "common/letters/mail.md", c.language, c.application,
                                        nothing, facts);
    if (!rendered.problems.empty()) throw std::runtime_error("casework.mail_letter");
    std::vector<documents::Block> body;
    for (const auto& block : rendered.blocks)
        if (block.kind != documents::Block::Kind::h1) body.push_back(block);
    const auto sent = around.mailer.send({c.email, rendered.title, documents::to_text(body) + "\n\n" + around.public_origin + "\n", c.language});
    if (!sent && sent.error().code == "mail.later") throw std::runtime_error("mail.later");
    if (!sent) log::write(log::Level::warn, "mail_refused", {{"code", sent.error().code}});
}

void Cases::Impl::remind(const store::Job& job) {
    const auto [id, number] = about(job);
    const auto done = change(id, [request = number](const Case& c, const Stored&, const Rules&, Plan& plan) -> Result<void> {
        if (open_request(c, request))
            plan.events.push_back({"reminder_sent", "system", "", Value::context({{"request", Value::number(request)}})});
        return {};
    });
    if (!done) throw std::runtime_error(done.error().code);
}

void Cases::Impl::deadline(const store::Job& job) {
    const auto [id, number] = about(job);
    const auto done = change(id, [this, request = number](const Case& c, const Stored&, const Rules&, Plan& plan) -> Result<void> {
        const Request* open = open_request(c, request);
        if (!open || open->until >= today()) return {};
        // Becomes a task for a person, never a refusal by itself (SGB I section 66(3), VwVfG section 26(2)).
        plan.events.push_back({"deadline_passed", "system", "", Value::context({{"request", Value::number(request)}})});
        plan.has_new = true;
        return {};
    });
    if (!done) throw std::runtime_error(done.error().code);
}

void Cases::Impl::daily() {
    const Moment now = around.clock.now();
    const std::string day = to_iso(today());
    Drafts(around.database, around.clock).delete_expired();
    {
        std::lock_guard lock(prepared_mutex);  // what is deleted in the store must not live on in memory
        prepared.clear();
    }
    around.database.write([&](store::Session& session) {
        store::delete_due_payloads(session, day, now);
        session.run(sql::notice_drafts_delete_due, {day});
        session.run(sql::case_files_blank_due, {day});
        session.run(sql::cases_blank_due, {day});
        session.run(sql::presence_delete_old, {to_iso(now - std::chrono::hours(24))});
        store::sweep_attachments(session, day, now);
        store::enqueue(session, "casework.daily", "{}", start_of(today() + std::chrono::days(1)) + std::chrono::hours(3), "casework.daily");
    }, false);
}

std::map<std::string, std::function<void(const store::Job&)>> Cases::jobs() {
    impl_->around.database.write([&](store::Session& session) {
        store::enqueue(session, "casework.daily", "{}", impl_->around.clock.now(), "casework.daily");
    });
    auto* impl = impl_.get();
    return {{"casework.mail", [impl](const store::Job& job) { impl->send_mail(job); }},
            {"casework.remind", [impl](const store::Job& job) { impl->remind(job); }},
            {"casework.deadline", [impl](const store::Job& job) { impl->deadline(job); }},
            {"casework.daily", [impl](const store::Job&) { impl->daily(); }},
            {"casework.pdf", [impl](const store::Job& job) {
                 const auto [id, number] = about(job);
                 if (!impl->make_pdf(id, number, std::chrono::seconds(20))) throw std::runtime_error("casework.pdf");
             }}};
}

}  // namespace kiepe::casework
