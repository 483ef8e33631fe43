#include "identity/passwords.h"

#include <sodium.h>

#include <chrono>
#include <stdexcept>

#include "base/text.h"

namespace kiepe::identity {
namespace {

constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemory = 19 * 1024 * 1024;
constexpr std::size_t kLongest = 1024;
constexpr auto kPatience = std::chrono::seconds(3);
// The hash of a random text that was thrown away.
constexpr const char* kNobody = "$argon2id$v=19$m=19456,t=2,p=1$YVfaK2VtElPjwZ4UU4KuBg$Kam2ayi+Y6SILaYHtLHBlS70gP5coUHOI+VAZw/sJvw";

struct Slot {
    explicit Slot(std::counting_semaphore<2>& slots) : slots_(slots) {}
    ~Slot() { slots_.release(); }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

private:
    std::counting_semaphore<2>& slots_;
};

}  // namespace

std::string Passwords::hash(std::string_view password) {
    slots_.acquire();
    const Slot slot(slots_);
    std::string out(crypto_pwhash_STRBYTES, '\0');
    if (sodium_init() < 0 || crypto_pwhash_str(out.data(), password.data(), password.size(), kPasses, kMemory) != 0) {
        throw std::runtime_error("no memory to hash a password");
    }
    return out.substr(0, out.find('\0'));
}

std::optional<bool> Passwords::matches(const std::optional<std::string>& hash, std::string_view password) {
    if (password.size() > kLongest) return false;
    if (!slots_.try_acquire_for(kPatience)) return std::nullopt;
    const Slot slot(slots_);
    const auto known = hash.value_or(kNobody);
    const bool same = sodium_init() >= 0 && crypto_pwhash_str_verify(known.c_str(), password.data(), password.size()) == 0;
    return same && hash.has_value();
}

bool acceptable_length(std::string_view password) { return length_utf8(password) >= 8 && password.size() <= kLongest; }

}  // namespace kiepe::identity
