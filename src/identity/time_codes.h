#pragma once
// Inside the room: codes of an authenticator app (TOTP, RFC 6238: SHA-1, 30 seconds, 6 digits, which every app can do).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace kiepe::identity {

/// 160 random bits (RFC 4226 section 4, R6).
std::string new_time_secret();
std::int64_t time_step(Moment at);
std::string time_code(std::string_view secret, std::int64_t step);
/// The step that the code belongs to: this one, the one before or the one after (RFC 6238 section 5.2). Whoever asks remembers it, so that
/// no code serves twice.
std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code, Moment now);
/// For people who type it: base 32 in groups of four.
std::string readable_secret(std::string_view secret);
/// otpauth://totp/..., what the apps read from a QR code.
std::string authenticator_link(std::string_view secret, std::string_view issuer, std::string_view account);

}  // namespace kiepe::identity
