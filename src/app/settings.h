#pragma once
// The settings file (config/kiepe.yaml; docs/operation.md).
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "mail/mail.h"

namespace kiepe::app {

struct Settings {
    std::string city = "cities/muenster", packages = "packages", law = "law", ui = "ui", locales = "locales";
    std::string database = "sqlite:data/kiepe.db", keys = "data/keys";
    std::string address = "127.0.0.1", public_origin;
    std::uint16_t port = 8080;
    std::vector<std::string> trusted_proxies, languages = {"de", "en"};
    bool secure_cookies = true, demo = false, production = true;
    unsigned threads = 2, workers = 32;
    mail::SmtpSettings smtp;
    std::string imprint_email, represented_by, privacy, barriers, arbitration, reviewed_on, source;
};

/// Errors: "settings.unreadable", "settings.unknown_key", "settings.value"; `where` is file:line.
Result<Settings> read_settings(const std::string& file);

}  // namespace kiepe::app
