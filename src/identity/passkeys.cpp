#include "identity/passkeys.h"

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"
#include "identity/sql.h"

namespace kiepe::identity {
namespace {

constexpr auto kLife = std::chrono::minutes(5);
constexpr std::size_t kChallengeBytes = 32;
/// Counters of authenticators have 32 bits (section 6.1): no real one is ever above this, so that "only upwards" refuses them all.
constexpr std::int64_t kBlocked = std::int64_t{1} << 40;

Error fault(const char* code) { return Error{.code = code}; }

std::string name_of(PasskeyUse use) {
    switch (use) {
        case PasskeyUse::sign_in: return "sign_in";
        case PasskeyUse::staff_sign_in: return "staff_sign_in";
        case PasskeyUse::add: break;
    }
    return "add";
}

bool of_staff(std::string_view owner) { return owner.starts_with("staff:"); }

}  // namespace

std::string Passkeys::begin(std::string_view session_token, PasskeyUse use, std::string_view owner) {
    const auto challenge = base64url(random_bytes(kChallengeBytes));
    const auto session_hash = sha256_hex(session_token);
    database_.write([&](store::Session& session) {
        session.run(sql::challenges_delete_old, {to_iso(clock_.now())});
        session.run(sql::challenges_delete_of, {session_hash, name_of(use)});
        session.run(sql::challenge_insert, {sha256_hex(challenge), session_hash, name_of(use), std::string(owner), to_iso(clock_.now() + kLife)});
    });
    return challenge;
}

Result<std::string> Passkeys::take(std::string_view session_token, PasskeyUse use, const std::string& challenge) {
    std::optional<std::string> owner;
    database_.write([&](store::Session& session) {
        owner.reset();
        for (const auto& row : session.query(sql::challenge_take, {sha256_hex(challenge), sha256_hex(session_token), name_of(use), to_iso(clock_.now())}))
            owner = row.text(0);
    });
    if (!owner || session_token.empty()) return fault("webauthn_challenge");
    return *owner;
}

Result<Credential> Passkeys::check(const webauthn::Site& site, std::string_view session_token, const Made& made) {
    const auto challenge = webauthn::challenge_of(made.client_data);
    if (!challenge) return challenge.error();
    const auto owner = take(session_token, PasskeyUse::add, *challenge);
    if (!owner) return owner.error();
    const auto key = webauthn::check_registration(site, *challenge, made.client_data, made.attestation);
    if (!key) return key.error();
    Credential credential;
    credential.id = base64url(key->id);
    credential.owner = *owner;
    credential.kind = "passkey";
    credential.label = made.label;
    credential.data = base64url(key->public_key);
    credential.counter = key->counter;
    return credential;
}

Result<Credential> Passkeys::use(const webauthn::Site& site, std::string_view session_token, PasskeyUse use, const Used& used) {
    const auto challenge = webauthn::challenge_of(used.client_data);
    if (!challenge) return challenge.error();
    if (auto taken = take(session_token, use, *challenge); !taken) return taken.error();
    auto credential = accounts_.credential(used.id);
    // Section 7.2, steps 6 and 7: the passkey must be of the person that the authenticator names, and of the door at which she stands.
    if (!credential || credential->kind != "passkey" || of_staff(credential->owner) != (use == PasskeyUse::staff_sign_in)) return fault("passkey_unknown");
    if (used.user_handle != user_handle(credential->owner)) return fault("passkey_unknown");
    const auto public_key = webauthn::from_base64url(credential->data);
    if (!public_key) return fault("passkey_unknown");
    const auto counter = webauthn::check_assertion(site, *challenge, *public_key, {used.client_data, used.authenticator_data, used.signature});
    if (!counter) return counter.error();
    if (blocked(*credential)) return fault("passkey_blocked");
    if (!accounts_.use(credential->id, *counter)) {
        block(credential->id);
        return Error{.code = "passkey_copied", .where = credential->owner};
    }
    return *credential;
}

std::optional<Credential> Passkeys::find(std::string_view owner, std::string_view handle) {
    for (auto& passkey : of(owner))
        if (handle_of(passkey) == handle) return passkey;
    return std::nullopt;
}

bool Passkeys::rename(const Credential& passkey, std::string_view label) {
    bool done = false;
    database_.write([&](store::Session& session) { done = session.run(sql::credential_rename, {passkey.id, passkey.owner, std::string(label)}) == 1; });
    return done;
}

void Passkeys::block(const std::string& id) {
    database_.write([&](store::Session& session) { session.run(sql::credential_block, {id, kBlocked}); });
}

bool Passkeys::blocked(const Credential& passkey) { return passkey.counter >= kBlocked; }

std::string Passkeys::handle_of(const Credential& passkey) { return sha256_hex("passkey:" + passkey.id).substr(0, 32); }

std::string Passkeys::user_handle(std::string_view owner) {
    const auto hash = sha256("passkey owner:" + std::string(owner));
    return {hash.begin(), hash.end()};
}

}  // namespace kiepe::identity
