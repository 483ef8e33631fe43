#pragma once
// Mail that says only that there is something to read. Read this first.
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace kiepe::mail {

struct Mail {
    std::string to = {};          ///< one address, no display name
    std::string subject = {};     ///< UTF-8, one line
    std::string text = {};        ///< UTF-8, plain text
    std::string language = "de";
};

/// Errors: "mail.address" (not one plain address; CR, LF and other control characters are refused here), "mail.subject", "mail.text" (no UTF-8),
/// "mail.refused" (the server will never take it), "mail.later" (worth a retry). Thread-safe.
class Mailer {
public:
    virtual ~Mailer() = default;
    virtual Result<void> send(const Mail& mail) = 0;
};

/// RFC 5321 section 4.1.2 in the narrow form that forms accept: local part without quotes, domain with a dot or "localhost".
bool valid_address(std::string_view address);

struct SmtpSettings {
    enum class Security { none, starttls, tls };
    std::string host = "localhost";
    int port = 25;
    Security security = Security::starttls;     ///< starttls: required, never silently left out (RFC 3207 section 6)
    std::string user = {};
    std::string password = {};
    std::string from = {};                      ///< sender's address
    std::string from_name = {};                 ///< e.g. the city's name
    std::chrono::seconds timeout{15};
};
std::unique_ptr<Mailer> make_smtp_mailer(SmtpSettings settings, const Clock& clock);

/// Stores instead of sending, for a page that shows what would have been sent.
class DemoMailbox final : public Mailer {
public:
    struct Sent {
        std::int64_t id = 0;
        Moment at{};
        Mail mail = {};
    };
    DemoMailbox(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {}
    Result<void> send(const Mail& mail) override;
    /// Newest first.
    std::vector<Sent> list(int limit = 100) const;

private:
    store::Database& database_;
    const Clock& clock_;
};

/// The room's own table (demo_mail).
std::vector<store::Migration> migrations();

}  // namespace kiepe::mail
