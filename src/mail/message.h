#pragma once
#include <string>

#include "base/clock.h"
#include "mail/mail.h"

namespace kiepe::mail {

/// RFC 2047 section 2: words of at most 75 characters in base64, cut between characters; ASCII stays as it is.
std::string header_text(std::string_view text);
/// The message as it goes over the wire (RFC 5322, CRLF), body in base64 (RFC 2045 section 6.8).
std::string message(const SmtpSettings& from, const Mail& mail, Moment now, const std::string& id);
/// Nothing, or what is wrong with the mail before anybody is asked to send it.
Result<void> check(const Mail& mail);

}  // namespace kiepe::mail
