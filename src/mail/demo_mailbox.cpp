#include "base/date.h"
#include "base/id.h"
#include "mail/message.h"
#include "mail/sql.h"

namespace kiepe::mail {

Result<void> DemoMailbox::send(const Mail& mail) {
    if (auto fine = check(mail); !fine.ok()) return fine;
    const auto id = random_id();
    const auto now = to_iso(clock_.now());
    database_.write([&](store::Session& session) {
        session.run(sql::demo_mail_insert, {id, now, mail.to, mail.subject, mail.text, mail.language});
    });
    return {};
}

std::vector<DemoMailbox::Sent> DemoMailbox::list(int limit) const {
    std::vector<Sent> sent;
    database_.read([&](store::Session& session) {
        sent.clear();
        for (const auto& row : session.query(sql::demo_mail_newest, {std::int64_t{limit}})) {
            sent.push_back({.id = row.number(0),
                            .at = parse_moment(row.text(1)).value_or(Moment{}),
                            .mail = {.to = row.text(2), .subject = row.text(3), .text = row.text(4), .language = row.text(5)}});
        }
    });
    return sent;
}

std::vector<store::Migration> migrations() { return {{"mail", 1, sql::m001_create}}; }

}  // namespace kiepe::mail
