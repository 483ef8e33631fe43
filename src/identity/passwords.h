#pragma once
// Inside the room: passwords as Argon2id hashes (RFC 9106), as libsodium's text "$argon2id$v=19$m=...".
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>

namespace kiepe::identity {

/// Thread-safe. Each hash takes 19 MiB and some 60 ms (the least that OWASP ASVS 5.0, 11.4.2 accepts): only a few run at once, so
/// that a flood of sign-ins can take neither the memory nor both cores.
class Passwords {
public:
    std::string hash(std::string_view password);
    /// Nullopt: too many are waiting. A missing account is checked against a hash that nobody knows the password of, so that the time
    /// does not tell whether it exists.
    std::optional<bool> matches(const std::optional<std::string>& hash, std::string_view password);

private:
    std::counting_semaphore<2> slots_{2};
};

/// ASVS 6.2.1 and 6.2.9: at least 8, at least 64 must be possible; the upper bound keeps requests cheap.
bool acceptable_length(std::string_view password);

}  // namespace kiepe::identity
