#include "identity/time_codes.h"

#include <liboath/oath.h>

#include <cstdlib>
#include <stdexcept>

#include "base/id.h"

namespace kiepe::identity {
namespace {

constexpr unsigned kDigits = 6;
constexpr std::int64_t kSeconds = 30;

std::string base32(std::string_view bytes) {
    char* text = nullptr;
    std::size_t length = 0;
    if (oath_base32_encode(bytes.data(), bytes.size(), &text, &length) != OATH_OK) throw std::runtime_error("no memory for base 32");
    std::string out(text, length);
    std::free(text);
    return out.substr(0, out.find('='));
}

/// RFC 3986 section 2.3: everything but unreserved characters is escaped.
std::string escaped(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const unsigned char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += static_cast<char>(c);
        } else {
            out += '%';
            out += digits[c >> 4];
            out += digits[c & 15];
        }
    }
    return out;
}

}  // namespace

std::string new_time_secret() { return random_bytes(20); }

std::int64_t time_step(Moment at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count() / kSeconds; }

std::string time_code(std::string_view secret, std::int64_t step) {
    char code[kDigits + 1] = {};
    if (oath_hotp_generate(secret.data(), secret.size(), static_cast<std::uint64_t>(step), kDigits, false, OATH_HOTP_DYNAMIC_TRUNCATION, code) != OATH_OK)
        throw std::logic_error("no code from this secret");
    return code;
}

std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code, Moment now) {
    const auto step = time_step(now);
    for (const auto each : {step, step - 1, step + 1})
        if (equal_secret(time_code(secret, each), code)) return each;
    return std::nullopt;
}

std::string readable_secret(std::string_view secret) {
    const auto text = base32(secret);
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 4) out += (i ? " " : "") + text.substr(i, 4);
    return out;
}

std::string authenticator_link(std::string_view secret, std::string_view issuer, std::string_view account) {
    return "otpauth://totp/" + escaped(issuer) + ":" + escaped(account) + "?secret=" + base32(secret) + "&issuer=" + escaped(issuer);
}

}  // namespace kiepe::identity
