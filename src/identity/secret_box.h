#pragma once
// Inside the house: what the store keeps of residents' secrets, sealed with a key that lies beside the database and not in it.
#include <optional>
#include <string>
#include <string_view>

namespace kiepe::identity {

/// XChaCha20-Poly1305 with a random nonce in front, as base64url text. Thread-safe.
class SecretBox {
public:
    /// Precondition: 32 bytes.
    explicit SecretBox(std::string key);
    ~SecretBox();
    SecretBox(const SecretBox&) = delete;
    SecretBox& operator=(const SecretBox&) = delete;

    /// The key in this file, made at the first start and readable by the owner alone. Throws where the file is there and holds no key.
    static std::string key_of(const std::string& file);
    /// `bound_to` is authenticated with it: what was sealed for one owner opens for no other.
    std::string seal(std::string_view plain, std::string_view bound_to) const;
    std::optional<std::string> open(std::string_view sealed, std::string_view bound_to) const;

private:
    std::string key_;
};

}  // namespace kiepe::identity
