#include "casework/secrets.h"

#include <sodium.h>

#include <stdexcept>

#include "base/id.h"
#include "base/text.h"

namespace kiepe::casework {
namespace {

std::string keyed_hash(std::string_view purpose, std::string_view token, std::size_t length) {
    std::string out(length, '\0');
    const auto* in = reinterpret_cast<const unsigned char*>(token.data());
    const auto* key = reinterpret_cast<const unsigned char*>(purpose.data());
    if (crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), length, in, token.size(), key, purpose.size()) != 0)
        throw std::logic_error("crypto_generichash");
    return out;
}

// BLAKE2b takes keys of 16 to 64 bytes as its context.
constexpr std::string_view kDraftId = "kiepe casework draft identifier";
constexpr std::string_view kDraftKey = "kiepe casework draft encryption";
constexpr std::string_view kCaseToken = "kiepe casework case link of draft";
constexpr std::string_view kCaseId = "kiepe casework case link lookup";

/// Crockford's base 32, as random_token() writes it.
std::string base32(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";
    std::string text;
    unsigned buffer = 0;
    int bits = 0;
    for (const unsigned char byte : bytes) {
        buffer = buffer << 8 | byte;
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text += digits[buffer >> bits & 31];
        }
        buffer &= (1u << bits) - 1;
    }
    if (bits > 0) text += digits[buffer << (5 - bits) & 31];
    return text;
}

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

}  // namespace

DraftSecrets::DraftSecrets(std::string_view token)
    : token_(lower_ascii(token)),
      id_(hex(keyed_hash(kDraftId, token_, 32))),
      key_(keyed_hash(kDraftKey, token_, crypto_aead_xchacha20poly1305_ietf_KEYBYTES)) {}

DraftSecrets::~DraftSecrets() {
    sodium_memzero(key_.data(), key_.size());
    sodium_memzero(token_.data(), token_.size());
}

std::string DraftSecrets::seal(std::string_view plain) const {
    std::string sealed = random_bytes(kNonce);
    sealed.resize(kNonce + plain.size() + kTag);
    unsigned long long length = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(sealed.data()) + kNonce, &length, raw(plain), plain.size(),
                                               raw(id_), id_.size(), nullptr, raw(sealed), raw(key_));
    return sealed;
}

std::optional<std::string> DraftSecrets::open(std::string_view sealed) const {
    if (sealed.size() < kNonce + kTag) return std::nullopt;
    std::string plain(sealed.size() - kNonce - kTag, '\0');
    unsigned long long length = 0;
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(plain.data()), &length, nullptr,
                                                                  raw(sealed) + kNonce, sealed.size() - kNonce, raw(id_), id_.size(),
                                                                  raw(sealed), raw(key_));
    if (failed != 0) return std::nullopt;
    return plain;
}

std::string DraftSecrets::case_token() const { return base32(keyed_hash(kCaseToken, token_, 16)); }

std::string case_token_hash(std::string_view token) { return hex(keyed_hash(kCaseId, lower_ascii(token), 32)); }

}  // namespace kiepe::casework
