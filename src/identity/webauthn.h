#pragma once
// Passkeys: what an authenticator says is checked here, by W3C Web Authentication Level 2, sections 7.1 (registration) and 7.2
// (authentication). No store, no HTTP. Attestation "none" only: the city does not ask which make of telephone somebody has, and what
// nobody checks need not be sent.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace kiepe::identity::webauthn {

/// The site, as the browser knows it. Relying party id (section 5.1.2): the host without scheme and port.
struct Site {
    std::string id;        ///< "stadt.example"
    std::string origin;    ///< "https://stadt.example"
};

/// "https://stadt.example:8443" -> host "stadt.example".
Site site_of(std::string_view origin);

struct NewKey {
    std::string id;            ///< credential id, raw
    std::string public_key;    ///< COSE_Key (RFC 9052 section 7), raw
    std::uint32_t counter = 0;
};

/// The algorithms that we offer and take (RFC 9053, RFC 8812), best first: EdDSA, ES256, RS256.
inline constexpr int kAlgorithms[] = {-8, -7, -257};

/// The challenge (base64url) that stands in what the browser signed: it is looked up before anything else is checked.
Result<std::string> challenge_of(std::string_view client_data);

/// Section 7.1. All arguments raw, `challenge` in base64url. Errors, in the order of the checks: webauthn_client_data (not that JSON),
/// webauthn_type, webauthn_challenge, webauthn_origin, webauthn_attestation (not that CBOR), webauthn_format (another than "none"),
/// webauthn_rp, webauthn_presence, webauthn_verification, webauthn_key (algorithm, curve, or a point that is none).
Result<NewKey> check_registration(const Site& site, std::string_view challenge, std::string_view client_data, std::string_view attestation);

/// Section 7.2; gives the signature counter, which the caller compares with the one before. More errors: webauthn_data (not that
/// authenticator data), webauthn_signature.
struct Assertion {
    std::string_view client_data, authenticator_data, signature;
};
Result<std::uint32_t> check_assertion(const Site& site, std::string_view challenge, std::string_view public_key, const Assertion& said);

/// RFC 4648 section 5 without padding, strictly: error "base64url" for anything else, also for bits left over.
Result<std::string> from_base64url(std::string_view text);

}  // namespace kiepe::identity::webauthn
