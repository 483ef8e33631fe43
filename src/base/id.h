#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace kiepe {

/// 128 random bits from the kernel, as 26 letters and digits of Crockford's base 32: for links and other secrets that people may copy.
std::string random_token();
/// `bytes` random bytes, raw.
std::string random_bytes(std::size_t bytes);
/// A positive random 63-bit number: primary keys given by the application, not guessable, equal on both engines.
std::int64_t random_id();

using Sha256 = std::array<std::uint8_t, 32>;
Sha256 sha256(std::string_view bytes);
std::string hex(std::string_view bytes);
std::string hex(const Sha256& hash);
std::string sha256_hex(std::string_view bytes);
/// RFC 4648 section 5, no padding.
std::string base64url(std::string_view bytes);
std::string base64(std::string_view bytes);
/// Compares in time that depends on the lengths only.
bool equal_secret(std::string_view a, std::string_view b);

}  // namespace kiepe
