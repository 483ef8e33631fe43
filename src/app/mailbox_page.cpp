#include "app/mailbox_page.h"

#include "base/text.h"

namespace kiepe::app {

std::vector<web::Route> mailbox_routes(const web::Site& site, const mail::DemoMailbox& mailbox, const language::Texts& texts) {
    auto show = [&site, &mailbox, &texts](const web::Request& request) {
        auto data = site.frame(request, texts.get(request.language, "mailbox_title"));
        const auto mails = mailbox.list();
        for (const auto& sent : mails) {
            auto& entry = data.add("MAILS");
            entry.set("MAIL_TO", sent.mail.to).set("MAIL_SUBJECT", sent.mail.subject).set("MAIL_WHEN", language::format_moment(request.language, sent.at));
            for (const auto& line : split(sent.mail.text, '\n'))
                if (!trim(line).empty()) entry.add("MAIL_LINES").set("MAIL_LINE", line);
        }
        data.show_if(mails.empty(), "NO_MAILS");
        return site.render(request, "mailbox.html", data);
    };
    return {{"GET", "/{lang}/demo/mailbox", web::Kind::page, show}};
}

}  // namespace kiepe::app
