#pragma once
// For tests: an authenticator in software. Its keys are made when the test runs.
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

#include "base/id.h"

namespace kiepe::identity::test {

// CBOR by hand, so that the reader is not proved by its own library.
inline std::string head(unsigned major, std::size_t count) {
    if (count < 24) return std::string(1, static_cast<char>(major << 5 | count));
    if (count < 256) return std::string(1, static_cast<char>(major << 5 | 24)) + static_cast<char>(count);
    return std::string(1, static_cast<char>(major << 5 | 25)) + static_cast<char>(count >> 8) + static_cast<char>(count & 0xff);
}
inline std::string number(int value) { return value >= 0 ? head(0, static_cast<std::size_t>(value)) : head(1, static_cast<std::size_t>(-1 - value)); }
inline std::string bytes(const std::string& value) { return head(2, value.size()) + value; }
inline std::string words(const std::string& value) { return head(3, value.size()) + value; }

inline std::string client_data(const std::string& type, const std::string& challenge, const std::string& origin, const std::string& more = "") {
    return R"({"type":")" + type + R"(","challenge":")" + challenge + R"(","origin":")" + origin + R"(","crossOrigin":false)" + more + "}";
}

inline std::string hash_of(const std::string& text) {
    const auto hash = sha256(text);
    return {hash.begin(), hash.end()};
}

inline std::string big_endian(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}

class Authenticator {
public:
    enum class Kind { es256, eddsa, rs256 };
    explicit Authenticator(Kind kind = Kind::es256, const char* curve = "P-256") : kind_(kind), id(random_bytes(32)) {
        EVP_PKEY* key = kind == Kind::es256   ? EVP_EC_gen(curve)
                        : kind == Kind::rs256 ? EVP_RSA_gen(2048)
                                              : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
        key_.reset(key, EVP_PKEY_free);
    }

    std::string cose() const {
        if (kind_ == Kind::eddsa) {
            std::string x(32, '\0');
            std::size_t length = x.size();
            EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(x.data()), &length);
            return head(5, 4) + number(1) + number(1) + number(3) + number(-8) + number(-1) + number(6) + number(-2) + bytes(x);
        }
        if (kind_ == Kind::rs256)
            return head(5, 4) + number(1) + number(3) + number(3) + number(-257) + number(-1) + bytes(part(OSSL_PKEY_PARAM_RSA_N, 256)) + number(-2) +
                   bytes(std::string("\x01\x00\x01", 3));
        return ec(part(OSSL_PKEY_PARAM_EC_PUB_X, 32), part(OSSL_PKEY_PARAM_EC_PUB_Y, 32));
    }
    static std::string ec(const std::string& x, const std::string& y, int algorithm = -7, int curve = 1) {
        return head(5, 5) + number(1) + number(2) + number(3) + number(algorithm) + number(-1) + number(curve) + number(-2) + bytes(x) + number(-3) + bytes(y);
    }

    std::string data(const std::string& rp, unsigned flags) const { return hash_of(rp) + static_cast<char>(flags) + big_endian(counter); }
    std::string attested(const std::string& rp, const std::string& key, unsigned flags = 0x45) const {
        return data(rp, flags) + std::string(16, '\0') + static_cast<char>(id.size() >> 8) + static_cast<char>(id.size()) + id + key;
    }
    static std::string object(const std::string& auth_data, const std::string& format = "none", const std::string& statement = head(5, 0)) {
        return head(5, 3) + words("fmt") + words(format) + words("attStmt") + statement + words("authData") + bytes(auth_data);
    }
    std::string registration(const std::string& rp) const { return object(attested(rp, cose())); }

    std::string sign(const std::string& auth_data, const std::string& client) const {
        const std::string message = auth_data + hash_of(client);
        const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
        EVP_DigestSignInit(context.get(), nullptr, kind_ == Kind::eddsa ? nullptr : EVP_sha256(), nullptr, key_.get());
        std::string signature(512, '\0');
        std::size_t length = signature.size();
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, reinterpret_cast<const unsigned char*>(message.data()), message.size());
        signature.resize(length);
        return signature;
    }

private:
    std::string part(const char* name, int size) const {
        BIGNUM* value = nullptr;
        EVP_PKEY_get_bn_param(key_.get(), name, &value);
        std::string out(static_cast<std::size_t>(size), '\0');
        BN_bn2binpad(value, reinterpret_cast<unsigned char*>(out.data()), size);
        BN_free(value);
        return out;
    }
    Kind kind_;
    std::shared_ptr<EVP_PKEY> key_;

public:
    std::string id;
    std::uint32_t counter = 0;
};

}  // namespace kiepe::identity::test
