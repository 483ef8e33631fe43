#pragma once
#include <vector>

#include "language/language.h"
#include "mail/mail.h"
#include "web/site.h"

namespace kiepe::app {

/// The demonstration's outbox: mails that would have been sent.
std::vector<web::Route> mailbox_routes(const web::Site& site, const mail::DemoMailbox& mailbox, const language::Texts& texts);

}  // namespace kiepe::app
