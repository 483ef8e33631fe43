#include "base/id.h"

#include <sodium.h>

#include <cstring>
#include <stdexcept>

namespace kiepe {
namespace {

void ready() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
}

std::string encode64(std::string_view bytes, int variant) {
    ready();
    std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), variant);
    out.resize(std::strlen(out.c_str()));
    return out;
}

}  // namespace

std::string random_bytes(std::size_t bytes) {
    ready();
    std::string out(bytes, '\0');
    randombytes_buf(out.data(), bytes);
    return out;
}

std::string random_token() {
    static constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    auto bytes = random_bytes(17);  // 26 * 5 = 130 bits are used
    std::string out;
    unsigned buffer = 0, bits = 0;
    for (unsigned char byte : bytes) {
        buffer = (buffer << 8) | byte;
        bits += 8;
        while (bits >= 5 && out.size() < 26) {
            bits -= 5;
            out += kAlphabet[(buffer >> bits) & 31];
        }
        buffer &= (1u << bits) - 1;
    }
    return out;
}

std::int64_t random_id() {
    std::int64_t id = 0;
    while (id <= 0) {
        auto bytes = random_bytes(8);
        std::memcpy(&id, bytes.data(), 8);
        id &= INT64_MAX;
    }
    return id;
}

Sha256 sha256(std::string_view bytes) {
    Sha256 out;
    crypto_hash_sha256(out.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return out;
}

std::string hex(std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (unsigned char byte : bytes) {
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

std::string hex(const Sha256& hash) { return hex(std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size())); }
std::string sha256_hex(std::string_view bytes) { return hex(sha256(bytes)); }
std::string base64url(std::string_view bytes) { return encode64(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING); }
std::string base64(std::string_view bytes) { return encode64(bytes, sodium_base64_VARIANT_ORIGINAL); }

bool equal_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace kiepe
