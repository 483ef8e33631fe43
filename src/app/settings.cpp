#include "app/settings.h"

#include <yaml-cpp/yaml.h>

#include <functional>
#include <map>

namespace kiepe::app {
namespace {

using Readers = std::map<std::string, std::function<void(const YAML::Node&)>>;

Result<void> read_keys(const YAML::Node& node, const std::string& file, const Readers& readers) {
    for (const auto& entry : node) {
        const auto key = entry.first.Scalar();
        const auto where = file + ":" + std::to_string(entry.first.Mark().line + 1);
        auto reader = readers.find(key);
        if (reader == readers.end()) return Error{"settings.unknown_key", where, {{"key", key}}};
        try {
            reader->second(entry.second);
        } catch (const YAML::Exception&) {
            return Error{"settings.value", where, {{"key", key}}};
        }
    }
    return {};
}

template <class T>
std::function<void(const YAML::Node&)> into(T& target) {
    return [&target](const YAML::Node& node) { target = node.as<T>(); };
}

mail::SmtpSettings::Security security_of(const std::string& name) {
    if (name == "none") return mail::SmtpSettings::Security::none;
    if (name == "tls") return mail::SmtpSettings::Security::tls;
    return mail::SmtpSettings::Security::starttls;
}

}  // namespace

Result<Settings> read_settings(const std::string& file) {
    Settings s;
    YAML::Node root;
    try {
        root = YAML::LoadFile(file);
    } catch (const YAML::ParserException& bad) {
        return Error{"settings.unreadable", file + ":" + std::to_string(bad.mark.line + 1), {}, bad.msg};
    } catch (const YAML::Exception& bad) {
        return Error{"settings.unreadable", file, {}, bad.what()};
    }
    Result<void> inner;
    const Readers mail{{"host", into(s.smtp.host)},         {"port", into(s.smtp.port)},         {"from", into(s.smtp.from)},
                       {"user", into(s.smtp.user)},         {"password", into(s.smtp.password)}, {"from_name", into(s.smtp.from_name)},
                       {"security", [&](const YAML::Node& n) { s.smtp.security = security_of(n.as<std::string>()); }}};
    const Readers imprint{{"email", into(s.imprint_email)},   {"represented_by", into(s.represented_by)}, {"privacy", into(s.privacy)},
                          {"barriers", into(s.barriers)},     {"arbitration", into(s.arbitration)},       {"reviewed_on", into(s.reviewed_on)},
                          {"source", into(s.source)}};
    auto done = read_keys(root, file,
                          {{"city", into(s.city)},
                           {"packages", into(s.packages)},
                           {"law", into(s.law)},
                           {"ui", into(s.ui)},
                           {"locales", into(s.locales)},
                           {"database", into(s.database)},
                           {"keys", into(s.keys)},
                           {"address", into(s.address)},
                           {"port", into(s.port)},
                           {"public_origin", into(s.public_origin)},
                           {"trusted_proxies", into(s.trusted_proxies)},
                           {"languages", into(s.languages)},
                           {"secure_cookies", into(s.secure_cookies)},
                           {"threads", into(s.threads)},
                           {"workers", into(s.workers)},
                           {"demo", into(s.demo)},
                           {"production", into(s.production)},
                           {"mail", [&](const YAML::Node& n) { inner = read_keys(n, file, mail); }},
                           {"imprint", [&](const YAML::Node& n) { inner = inner ? read_keys(n, file, imprint) : inner; }}});
    if (!done) return done.error();
    if (!inner) return inner.error();
    return s;
}

}  // namespace kiepe::app
