#include "identity/webauthn.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "base/id.h"
#include "base/text.h"
#include "identity/cose_key.h"

namespace kiepe::identity::webauthn {
namespace {

// Far more than any browser or authenticator sends.
constexpr std::size_t kMostClientData = 4096, kMostAttestation = 16 * 1024, kMostData = 4096, kMostSignature = 1024;
// Section 6.1: hash of the relying party, flags, counter; then, at registration, what is attested.
constexpr std::size_t kHash = 32, kFlags = kHash, kCounter = kFlags + 1, kHead = kCounter + 4, kAaguid = 16, kLongestId = 1023;
constexpr unsigned kUserPresent = 0x01, kUserVerified = 0x04, kAttested = 0x40, kExtensions = 0x80;

Error fault(const char* code) { return Error{.code = code}; }

/// Section 5.8.1.
struct ClientData {
    std::string type, challenge, origin;
    bool cross_origin = false;
};

Result<ClientData> read_client_data(std::string_view text) {
    if (text.size() > kMostClientData || !valid_utf8(text)) return fault("webauthn_client_data");
    const auto json = nlohmann::json::parse(text, nullptr, false);
    ClientData data;
    for (const auto& [name, value] : {std::pair{"type", &data.type}, {"challenge", &data.challenge}, {"origin", &data.origin}}) {
        if (!json.is_object() || !json.contains(name) || !json[name].is_string()) return fault("webauthn_client_data");
        *value = json[name].get<std::string>();
    }
    data.cross_origin = json.contains("crossOrigin") && json["crossOrigin"] != false;
    return data;
}

Result<void> check_client_data(const Site& site, std::string_view challenge, std::string_view text, std::string_view type) {
    const auto data = read_client_data(text);
    if (!data) return data.error();
    if (data->type != type) return fault("webauthn_type");
    if (challenge.empty() || !equal_secret(data->challenge, challenge)) return fault("webauthn_challenge");
    // Nobody puts our pages into a frame (CSP frame-ancestors), so a key used in one was used on a foreign page.
    if (data->origin != site.origin || data->cross_origin) return fault("webauthn_origin");
    return {};
}

unsigned flags_of(std::string_view data) { return static_cast<unsigned char>(data[kFlags]); }

std::uint32_t counter_of(std::string_view data) {
    std::uint32_t counter = 0;
    for (std::size_t i = 0; i < 4; ++i) counter = counter << 8 | static_cast<unsigned char>(data[kCounter + i]);
    return counter;
}

/// Precondition: at least kHead bytes.
Result<void> check_head(const Site& site, std::string_view data) {
    const auto hash = sha256(site.id);
    if (data.substr(0, kHash) != std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size())) return fault("webauthn_rp");
    if ((flags_of(data) & kUserPresent) == 0) return fault("webauthn_presence");
    // A passkey stands for two factors only if the device has seen its owner: PIN, finger or face.
    if ((flags_of(data) & kUserVerified) == 0) return fault("webauthn_verification");
    return {};
}

/// Section 6.5.1: AAGUID, length of the id, id, key; behind it nothing but a map of extensions, where the flag says so.
Result<NewKey> read_attested(std::string_view data) {
    const auto head = data.substr(0, kHead);
    data.remove_prefix(kHead);
    if ((flags_of(head) & kAttested) == 0 || data.size() < kAaguid + 2) return fault("webauthn_attestation");
    data.remove_prefix(kAaguid);
    const std::size_t length = static_cast<unsigned char>(data[0]) * 256u + static_cast<unsigned char>(data[1]);
    data.remove_prefix(2);
    if (length == 0 || length > kLongestId || data.size() < length) return fault("webauthn_attestation");
    NewKey key{std::string(data.substr(0, length)), {}, counter_of(head)};
    data.remove_prefix(length);
    std::size_t used = 0;
    const std::unique_ptr<cbor_item_t, CborFree> cose(read_cbor(data, used));
    if (!cose) return fault("webauthn_attestation");
    key.public_key = std::string(data.substr(0, used));
    data.remove_prefix(used);
    if ((flags_of(head) & kExtensions) != 0) {
        const std::unique_ptr<cbor_item_t, CborFree> extensions(read_cbor(data, used));
        if (!extensions || !cbor_isa_map(extensions.get())) return fault("webauthn_attestation");
        data.remove_prefix(used);
    }
    if (!data.empty()) return fault("webauthn_attestation");
    if (!usable_key(key.public_key)) return fault("webauthn_key");
    return key;
}

}  // namespace

Site site_of(std::string_view origin) {
    auto host = origin.substr(std::min(origin.find("://"), origin.size()));
    host.remove_prefix(std::min<std::size_t>(3, host.size()));
    const auto port = host.rfind(':');
    return {lower_ascii(host.substr(0, port)), lower_ascii(origin)};
}

Result<std::string> challenge_of(std::string_view client_data) {
    auto data = read_client_data(client_data);
    if (!data) return data.error();
    return std::move(data->challenge);
}

Result<NewKey> check_registration(const Site& site, std::string_view challenge, std::string_view client_data, std::string_view attestation) {
    if (auto fits = check_client_data(site, challenge, client_data, "webauthn.create"); !fits) return fits.error();
    if (attestation.size() > kMostAttestation) return fault("webauthn_attestation");
    std::size_t used = 0;
    const std::unique_ptr<cbor_item_t, CborFree> object(read_cbor(attestation, used));
    if (!object || used != attestation.size()) return fault("webauthn_attestation");
    const auto* format = at(object.get(), "fmt");
    const auto* statement = at(object.get(), "attStmt");
    const auto data = bytes_of(at(object.get(), "authData"));
    if (!format || !cbor_isa_string(format) || !statement || !cbor_isa_map(statement) || !data || data->size() < kHead) return fault("webauthn_attestation");
    // Section 8.7: "none" has an empty statement.
    const std::string_view name(reinterpret_cast<const char*>(cbor_string_handle(format)), cbor_string_length(format));
    if (name != "none" || cbor_map_size(statement) != 0) return fault("webauthn_format");
    if (auto fits = check_head(site, *data); !fits) return fits.error();
    return read_attested(*data);
}

Result<std::uint32_t> check_assertion(const Site& site, std::string_view challenge, std::string_view public_key, const Assertion& said) {
    if (auto fits = check_client_data(site, challenge, said.client_data, "webauthn.get"); !fits) return fits.error();
    const auto data = said.authenticator_data;
    if (data.size() < kHead || data.size() > kMostData) return fault("webauthn_data");
    if (auto fits = check_head(site, data); !fits) return fits.error();
    if (said.signature.size() > kMostSignature || !verified(public_key, site.id, data, said.client_data, said.signature)) return fault("webauthn_signature");
    return counter_of(data);
}

Result<std::string> from_base64url(std::string_view text) {
    std::string bytes;
    unsigned kept = 0;
    int bits = 0;
    for (const char c : text) {
        int value = -1;
        if (c >= 'A' && c <= 'Z') value = c - 'A';
        else if (c >= 'a' && c <= 'z') value = c - 'a' + 26;
        else if (c >= '0' && c <= '9') value = c - '0' + 52;
        else if (c == '-') value = 62;
        else if (c == '_') value = 63;
        if (value < 0) return fault("base64url");
        kept = (kept << 6 | static_cast<unsigned>(value)) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(kept >> bits & 0xff);
        }
    }
    if (bits >= 6 || (kept & ((1u << bits) - 1)) != 0) return fault("base64url");
    return bytes;
}

}  // namespace kiepe::identity::webauthn
