#pragma once
// Drafts of applications, with their files, for 30 days, encrypted at rest with a key that only the link holds. A draft is never a
// case: it has no number, no promise, and nobody in the city can read it.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "casework/decider.h"
#include "feel/value.h"
#include "store/store.h"

namespace kiepe::casework {

struct DraftFile {
    std::int64_t attachment = 0;
    std::string need;            ///< "registration", "income_proof/1"
    std::string paper;           ///< "registration_certificate"
    std::string name, type;
    std::int64_t size = 0;
    int pages = 1;
    std::string text;            ///< what was read from it
};

struct Draft {
    std::string service, package_hash, language;
    feel::Value answers;                          ///< nested, as answered
    std::map<std::string, Level> sure;            ///< facts taken over from a register
    std::map<std::string, std::string> typed;     ///< fields as typed where they could not be understood: a form keeps what was typed
    std::map<std::string, std::string> errors;    ///< field -> text key of what was wrong, for the page shown next
    std::vector<std::string> seen;                ///< keys of steps that were answered
    std::vector<std::string> confirmed_warnings;
    std::vector<DraftFile> files;
    std::string subject;                          ///< of the person signed in, empty without
    std::string email;                            ///< for "there is news", optional
    std::string delivery = "inbox";               ///< inbox | post | counter
    std::string channel = "online";
    std::string entered_by;                       ///< staff id where an application on paper is entered
    Moment begun{}, changed{};
    Day expires{};
    std::int64_t revision = 0;                    ///< counts saves: two devices at once are told
};

class Drafts {
public:
    Drafts(store::Database& database, const Clock& clock);
    /// Returns the secret token of the new draft (130 bits); the store keeps only a hash of it and the ciphertext.
    std::string begin(const Draft& draft);
    /// nullopt for unknown, expired, sent and malformed tokens alike.
    std::optional<Draft> load(std::string_view token);
    /// False where somebody else saved meanwhile (revision differs): nothing is overwritten.
    bool save(std::string_view token, Draft& draft);
    std::int64_t put_file(std::string_view token, std::string_view bytes, const std::string& type, const std::string& name);
    std::optional<std::string> file_bytes(std::string_view token, std::int64_t attachment);
    void remove_file(std::string_view token, std::int64_t attachment);
    void discard(std::string_view token);
    int delete_expired();
    /// Token of the case that this draft became, if it was sent (so that a resent form finds its receipt); see Cases::submit.
    static std::string idempotency_key(std::string_view token);

private:
    store::Database& database_;
    const Clock& clock_;
};

}  // namespace kiepe::casework
