#pragma once
// Secrets of links: what the store may keep of them, and what only the link holds. Only inside this room.
#include <optional>
#include <string>
#include <string_view>

#include "store/store.h"

namespace kiepe::casework {

/// Of a draft's token the store keeps only `id`; id and key come from it by two keyed BLAKE2b hashes, so that neither tells the other.
class DraftSecrets {
public:
    explicit DraftSecrets(std::string_view token);
    ~DraftSecrets();
    DraftSecrets(const DraftSecrets&) = delete;
    DraftSecrets& operator=(const DraftSecrets&) = delete;

    const std::string& id() const { return id_; }
    /// XChaCha20-Poly1305 with a random nonce in front; the draft's id is authenticated with it.
    std::string seal(std::string_view plain) const;
    std::optional<std::string> open(std::string_view sealed) const;
    /// The token of the case that this draft becomes: the same however often it is sent, and not to be told from the draft's id.
    std::string case_token() const;

private:
    std::string token_, id_, key_;
};

/// What the store keeps of a case's token.
std::string case_token_hash(std::string_view token);

/// Removes a draft with its files.
void forget_draft(store::Session& session, const std::string& id);

}  // namespace kiepe::casework
