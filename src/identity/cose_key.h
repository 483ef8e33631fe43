#pragma once
// Public keys as COSE maps (RFC 9052 section 7, RFC 9053 section 7, RFC 8230): the three kinds that passkeys have. For webauthn.cpp.
#include <optional>
#include <string>
#include <string_view>

#include <cbor.h>

namespace kiepe::identity::webauthn {

struct CborFree {
    void operator()(cbor_item_t* item) const { cbor_decref(&item); }
};

/// One item at the beginning of `bytes`, in the form that authenticators write (CTAP2 canonical CBOR: no tags, no lengths left open).
/// Nothing is allocated before every announced length is seen to fit into what there is. `used`: its length.
cbor_item_t* read_cbor(std::string_view bytes, std::size_t& used);

/// The value of a text or number key in a map; nullptr without.
const cbor_item_t* at(const cbor_item_t* map, std::string_view key);
const cbor_item_t* at(const cbor_item_t* map, int key);
std::optional<std::string> bytes_of(const cbor_item_t* item);

/// True where `key` holds a public key of one of kAlgorithms, on its own curve, whose point lies on it.
bool usable_key(std::string_view key);
/// `signature` over `data` and the hash of the client's data (section 6.3.3), by libfido2.
bool verified(std::string_view key, std::string_view rp_id, std::string_view data, std::string_view client_data, std::string_view signature);

}  // namespace kiepe::identity::webauthn
