#include "identity/cose_key.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <openssl/evp.h>

#include <memory>

#include "base/id.h"

namespace kiepe::identity::webauthn {
namespace {

constexpr int kEs256 = -7, kEdDsa = -8, kRs256 = -257;
/// RFC 9052 section 7.1 and 9053 section 7: labels and values of the maps.
constexpr int kKeyType = 1, kAlgorithm = 3, kCurve = -1, kX = -2, kY = -3, kModulus = -1, kExponent = -2;
constexpr int kOctetKeyPair = 1, kEllipticCurve = 2, kRsa = 3, kP256 = 1, kEd25519 = 6;

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

/// Walks over heads without keeping anything.
struct Walk {
    std::size_t left = 0;      ///< bytes
    std::size_t wanted = 1;    ///< items still to come
    bool good = true;
};

void more_items(Walk& walk, std::size_t count) {
    walk.good = walk.good && count <= walk.left;  // each takes a byte at least
    if (walk.good) walk.wanted += count;
}

/// libcbor reserves what a head announces before it looks whether that much is there; so the heads are looked at first.
bool heads_fit(std::string_view bytes) {
    cbor_callbacks look = cbor_empty_callbacks;
    look.array_start = [](void* walk, std::size_t count) { more_items(*static_cast<Walk*>(walk), count); };
    look.map_start = [](void* walk, std::size_t count) {
        more_items(*static_cast<Walk*>(walk), count);
        more_items(*static_cast<Walk*>(walk), count);
    };
    look.indef_array_start = look.indef_map_start = look.string_start = look.byte_string_start = look.indef_break = [](void* walk) {
        static_cast<Walk*>(walk)->good = false;
    };
    look.tag = [](void* walk, std::uint64_t) { static_cast<Walk*>(walk)->good = false; };
    Walk walk;
    for (std::size_t place = 0; walk.wanted > 0;) {
        walk.left = bytes.size() - place;
        if (walk.left == 0) return false;
        --walk.wanted;
        const auto step = cbor_stream_decode(raw(bytes) + place, walk.left, &look, &walk);
        if (step.status != CBOR_DECODER_FINISHED || !walk.good) return false;
        place += step.read;
    }
    return true;
}

std::optional<std::int64_t> number_of(const cbor_item_t* item) {
    if (!item || !cbor_is_int(item)) return std::nullopt;
    const auto value = cbor_get_int(item);
    if (value > 0x7fffffff) return std::nullopt;
    return cbor_isa_uint(item) ? static_cast<std::int64_t>(value) : -1 - static_cast<std::int64_t>(value);
}

template <class Key, void (*release)(Key**)>
struct Released {
    void operator()(Key* key) const { release(&key); }
};
using Es256 = std::unique_ptr<es256_pk_t, Released<es256_pk_t, es256_pk_free>>;
using EdDsa = std::unique_ptr<eddsa_pk_t, Released<eddsa_pk_t, eddsa_pk_free>>;
using Rs256 = std::unique_ptr<rs256_pk_t, Released<rs256_pk_t, rs256_pk_free>>;
using Assert = std::unique_ptr<fido_assert_t, Released<fido_assert_t, fido_assert_free>>;

/// OpenSSL refuses a point that is not on its curve, and a key that is none.
bool stands(EVP_PKEY* key) {
    const bool there = key != nullptr;
    EVP_PKEY_free(key);
    return there;
}

struct Key {
    int algorithm = 0;
    Es256 es256;
    EdDsa eddsa;
    Rs256 rs256;
    const void* any() const { return es256 ? static_cast<const void*>(es256.get()) : eddsa ? static_cast<const void*>(eddsa.get()) : rs256.get(); }
};

std::optional<Key> elliptic(const cbor_item_t* map) {
    const auto x = bytes_of(at(map, kX)), y = bytes_of(at(map, kY));
    if (number_of(at(map, kKeyType)) != kEllipticCurve || number_of(at(map, kCurve)) != kP256 || !x || !y || x->size() != 32 || y->size() != 32) return std::nullopt;
    Key key{kEs256, Es256(es256_pk_new()), nullptr, nullptr};
    const auto point = *x + *y;
    if (es256_pk_from_ptr(key.es256.get(), point.data(), point.size()) != FIDO_OK || !stands(es256_pk_to_EVP_PKEY(key.es256.get()))) return std::nullopt;
    return key;
}

std::optional<Key> edwards(const cbor_item_t* map) {
    const auto x = bytes_of(at(map, kX));
    if (number_of(at(map, kKeyType)) != kOctetKeyPair || number_of(at(map, kCurve)) != kEd25519 || !x || x->size() != 32) return std::nullopt;
    Key key{kEdDsa, nullptr, EdDsa(eddsa_pk_new()), nullptr};
    if (eddsa_pk_from_ptr(key.eddsa.get(), x->data(), x->size()) != FIDO_OK || !stands(eddsa_pk_to_EVP_PKEY(key.eddsa.get()))) return std::nullopt;
    return key;
}

/// RFC 8230 section 4. libfido2 knows moduli of 2048 bits, which is what authenticators make.
std::optional<Key> rsa(const cbor_item_t* map) {
    const auto modulus = bytes_of(at(map, kModulus)), exponent = bytes_of(at(map, kExponent));
    if (number_of(at(map, kKeyType)) != kRsa || !modulus || !exponent || modulus->size() != 256 || exponent->size() != 3) return std::nullopt;
    if ((modulus->front() & 0x80) == 0 || (modulus->back() & 1) == 0 || *exponent != std::string("\x01\x00\x01", 3)) return std::nullopt;
    Key key{kRs256, nullptr, nullptr, Rs256(rs256_pk_new())};
    const auto both = *modulus + *exponent;
    if (rs256_pk_from_ptr(key.rs256.get(), both.data(), both.size()) != FIDO_OK || !stands(rs256_pk_to_EVP_PKEY(key.rs256.get()))) return std::nullopt;
    return key;
}

std::optional<Key> key_of(std::string_view bytes) {
    std::size_t used = 0;
    const std::unique_ptr<cbor_item_t, CborFree> map(read_cbor(bytes, used));
    if (!map || used != bytes.size()) return std::nullopt;
    // The algorithm and the kind of key must be named together: a key of one kind is never used by the rules of another.
    const auto algorithm = number_of(at(map.get(), kAlgorithm));
    if (algorithm == kEs256) return elliptic(map.get());
    if (algorithm == kEdDsa) return edwards(map.get());
    if (algorithm == kRs256) return rsa(map.get());
    return std::nullopt;
}

template <class Fits>
const cbor_item_t* find(const cbor_item_t* map, Fits fits) {
    if (!map || !cbor_isa_map(map)) return nullptr;
    const auto* pairs = cbor_map_handle(map);
    for (std::size_t i = 0; i < cbor_map_size(map); ++i)
        if (fits(pairs[i].key)) return pairs[i].value;
    return nullptr;
}

}  // namespace

cbor_item_t* read_cbor(std::string_view bytes, std::size_t& used) {
    if (!heads_fit(bytes)) return nullptr;
    cbor_load_result result;
    auto* item = cbor_load(raw(bytes), bytes.size(), &result);
    used = item ? result.read : 0;
    return item;
}

const cbor_item_t* at(const cbor_item_t* map, std::string_view key) {
    return find(map, [&](const cbor_item_t* name) {
        return cbor_isa_string(name) && key == std::string_view(reinterpret_cast<const char*>(cbor_string_handle(name)), cbor_string_length(name));
    });
}

const cbor_item_t* at(const cbor_item_t* map, int key) {
    return find(map, [&](const cbor_item_t* name) { return number_of(name) == key; });
}

std::optional<std::string> bytes_of(const cbor_item_t* item) {
    if (!item || !cbor_isa_bytestring(item)) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(cbor_bytestring_handle(item)), cbor_bytestring_length(item));
}

bool usable_key(std::string_view key) { return key_of(key).has_value(); }

bool verified(std::string_view public_key, std::string_view rp_id, std::string_view data, std::string_view client_data, std::string_view signature) {
    const auto key = key_of(public_key);
    if (!key || signature.empty()) return false;
    const Assert said(fido_assert_new());
    const auto hash = sha256(client_data);
    return fido_assert_set_count(said.get(), 1) == FIDO_OK && fido_assert_set_rp(said.get(), std::string(rp_id).c_str()) == FIDO_OK &&
           fido_assert_set_clientdata_hash(said.get(), hash.data(), hash.size()) == FIDO_OK &&
           fido_assert_set_authdata_raw(said.get(), 0, raw(data), data.size()) == FIDO_OK &&
           fido_assert_set_up(said.get(), FIDO_OPT_TRUE) == FIDO_OK && fido_assert_set_uv(said.get(), FIDO_OPT_TRUE) == FIDO_OK &&
           fido_assert_set_sig(said.get(), 0, raw(signature), signature.size()) == FIDO_OK &&
           fido_assert_verify(said.get(), 0, key->algorithm, key->any()) == FIDO_OK;
}

}  // namespace kiepe::identity::webauthn
