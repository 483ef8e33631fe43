#include "identity/secret_box.h"

#include <sodium.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "base/id.h"
#include "base/text.h"

namespace kiepe::identity {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKey = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::optional<std::string> from_base64url(std::string_view text) {
    std::string bytes(text.size(), '\0');
    std::size_t length = 0;
    if (sodium_base642bin(raw(bytes), bytes.size(), text.data(), text.size(), nullptr, &length, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return std::nullopt;
    bytes.resize(length);
    return bytes;
}

}  // namespace

SecretBox::SecretBox(std::string key) : key_(std::move(key)) {
    if (key_.size() != kKey || sodium_init() < 0) throw std::logic_error("a secret box needs a key of 32 bytes");
}

SecretBox::~SecretBox() { sodium_memzero(key_.data(), key_.size()); }

std::string SecretBox::key_of(const std::string& file) {
    if (!fs::exists(file)) {
        fs::create_directories(fs::path(file).parent_path());
        fs::permissions(fs::path(file).parent_path(), fs::perms::owner_all);
        std::ofstream made(file, std::ios::binary);
        fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
        made << random_bytes(kKey);
        if (!made.flush()) throw std::runtime_error("cannot write " + file);
    }
    auto key = read_file(file);
    // A new key would make every second factor unreadable: better not to start.
    if (key.size() != kKey) throw std::runtime_error(file + " holds no key of 32 bytes");
    return key;
}

std::string SecretBox::seal(std::string_view plain, std::string_view bound_to) const {
    std::string sealed = random_bytes(kNonce);
    const std::string nonce = sealed;
    sealed.resize(kNonce + plain.size() + kTag);
    unsigned long long length = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt(raw(sealed) + kNonce, &length, raw(plain), plain.size(), raw(bound_to), bound_to.size(), nullptr,
                                               raw(std::string_view(nonce)), raw(std::string_view(key_)));
    return base64url(sealed);
}

std::optional<std::string> SecretBox::open(std::string_view sealed, std::string_view bound_to) const {
    const auto bytes = from_base64url(sealed);
    if (!bytes || bytes->size() < kNonce + kTag) return std::nullopt;
    const std::string_view box = *bytes;
    std::string plain(box.size() - kNonce - kTag, '\0');
    unsigned long long length = 0;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(raw(plain), &length, nullptr, raw(box) + kNonce, box.size() - kNonce, raw(bound_to), bound_to.size(),
                                                   raw(box), raw(std::string_view(key_))) != 0)
        return std::nullopt;
    return plain;
}

}  // namespace kiepe::identity
