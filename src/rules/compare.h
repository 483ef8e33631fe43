#pragma once
// What another rule, or another figure in the law, would change: the same applications prepared twice. Pure: no input or output.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "casework/decider.h"
#include "catalogue/catalogue.h"
#include "rules/parallel.h"

namespace kiepe::rules {

/// One state of the rules. The references outlive the comparison.
struct RuleSet {
    const catalogue::Package& package;
    const catalogue::Law& law;
    const catalogue::City& city;
};

struct Subject {
    std::string name;                       ///< case number, name of an example, or number of a made application
    casework::Application application;
};

/// For the person: by what the outcome does to her (favourable, burden, unfavourable), else by the amount; `differ` where neither tells.
enum class Effect { gain, lose, differ };
std::string_view name_of(Effect effect);

/// What a prepared decision comes to, as far as it is compared.
struct Side {
    std::string outcome;                    ///< code; empty: nothing can be decided
    bool automatic = false;
    std::vector<std::string> reasons, looks, missing;
    /// What is granted, or to be paid, over the whole time of the decision; empty where the outcome refuses.
    std::optional<Decimal> amount = {};
    bool operator==(const Side&) const = default;
};

/// A line of an explanation; `norm` and `value` may be empty.
struct Line {
    std::string text, value, norm;
    int depth = 0;
};
/// An explanation reduced to what the other side does not say.
struct Told {
    std::vector<Line> before, after;
};

struct Change {
    std::string name;
    Effect effect = Effect::differ;
    Side before, after;
    std::size_t group = 0;                  ///< index in Comparison::groups
    std::size_t subject = 0;                ///< index in the list that was compared
    std::map<std::string, Told> told = {};  ///< by language; only with CompareOptions::tell_each
};

/// Changes of one kind: the same outcomes, the same reasons, looks and missing answers that come or go, the same results that differ. Counts and
/// sums over all of them.
struct Group {
    Effect effect = Effect::differ;
    Side before, after;                     ///< the outcomes, and of the rest what only this side says; no amounts
    std::vector<std::string> results;       ///< names of the results of type money or number that differ
    std::int64_t count = 0;
    Decimal sum_before, sum_after;
    bool shows_amounts = true;              ///< false after protect() for a group that is too small
    std::string example;                    ///< name of the one that is told; empty after protect()
    std::optional<Decimal> example_before = {}, example_after = {};
    std::map<std::string, Told> told = {};                                       ///< of the example, by language
    std::map<std::string, std::pair<std::string, std::string>> titles = {};      ///< of the outcomes before and after, by language
};

/// How many get or pay so much more or less: from `least` to below `below` whole euros (0: no end).
struct Band {
    bool more = false;
    int least = 0, below = 0;
    std::int64_t count = 0;
};

struct Comparison {
    std::int64_t compared = 0, changed = 0, gain = 0, lose = 0, differ = 0;
    std::int64_t failing = 0;               ///< the new rules end in an error where the old ones did not
    std::int64_t hidden = 0;                ///< changes in groups too small for amounts; not in totals and bands (protect())
    std::string amount;                     ///< name of the result that says who gains; empty: the service has none
    bool paid = false;                      ///< the person pays it (fee, tax); else she gets it
    Decimal total_before, total_after;      ///< over what is decided (not what a person has to look at)
    std::vector<Band> bands;                ///< from much less to much more, without empty ends
    std::vector<Group> groups;              ///< largest first
    std::vector<Change> changes;            ///< in the order of the subjects
    std::map<std::string, std::string> labels = {};                              ///< of results, as the model calls them
    /// What each reason says without anybody's figures ("Ihr Fahrzeug ist … Meter lang."), by language and code.
    std::map<std::string, std::map<std::string, std::string>> reason_texts = {};
    bool stopped = false;
};

struct CompareOptions {
    std::vector<std::string> languages = {"de"};
    unsigned threads = 0;                   ///< 0: as many as the machine has
    bool tell_each = false;                 ///< each change with its own explanation, not only one of each group
    bool facts = true;                      ///< with the answers that the explanation rests on; never for cases of people
    Progress progress = {};
};

Comparison compare(const RuleSet& before, const RuleSet& after, const std::vector<Subject>& subjects, const CompareOptions& options = {});

/// For cases of people: a group of fewer than `least` shows neither amounts nor an example, and no sum lets anybody work them out; no example
/// says whose it is.
void protect(Comparison& comparison, std::int64_t least = 5);

/// What a machine reads, and what is kept of a comparison; lossless.
std::string to_json(const Comparison& comparison);
Result<Comparison> comparison_from_json(std::string_view json);

}  // namespace kiepe::rules
