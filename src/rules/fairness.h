#pragma once
// What must not matter does not matter: each attribute that says who somebody is, where no law makes it count, is changed in many
// applications, and decision, promise and wording must stay what they were. Pure: no I/O, no clock.
//
// GG article 3(3), AGG section 1, GDPR recital 71: nobody is treated differently for sex, origin, language, belief, disability or age
// unless a law says so.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.h"

namespace kiepe::rules {

struct FairnessOptions {
    int cases = 1000;              ///< made ones, besides the package's examples
    std::uint64_t seed = 1;
    Day received{};                ///< day of the made applications; fairness_day() where nobody has another wish
};

/// The first time that a flip changed something.
struct FairnessExample {
    std::string name;              ///< of the example, or "made 17"
    std::string from, to;          ///< the flipped value
    std::string difference;        ///< "outcome: grant -> refuse"
    bool operator==(const FairnessExample&) const = default;
};

/// One attribute.
struct FairnessLine {
    /// identity: names. contact: e-mail, phone, account. protected: AGG section 1, and no law cited. age_band: another day of birth at the
    /// same age. street, district: another house with the same result of the city's maps. not_read: asked, but no rule reads it.
    /// language, channel, delivery: how somebody applies. cited: the law makes it count; only counted how often.
    enum class Kind { identity, contact, protected_attribute, age_band, street, district, not_read, language, channel, delivery, cited };
    std::string attribute;         ///< global name of the question ("persons.birth_date"), or "case.channel", "case.language.en" ...
    Kind kind = Kind::identity;
    std::string norm;              ///< of a cited one
    int tried = 0;                 ///< flips
    int decisions = 0, wordings = 0, promises = 0;   ///< flips that changed the decision, the notice's wording, the promise
    std::optional<FairnessExample> first = {};

    bool must_not_matter() const { return kind != Kind::cited; }
    bool changed() const { return decisions + wordings + promises > 0; }
    bool operator==(const FairnessLine&) const = default;
};
std::string_view name_of(FairnessLine::Kind kind);     ///< "identity", "protected" ...: text key "fairness_kind_" + name

struct FairnessReport {
    std::string service, version, package_hash, law_hash;
    Day received{};
    std::uint64_t seed = 1;
    int examples = 0, made = 0;
    std::vector<FairnessLine> lines;         ///< those that must not matter first
    std::vector<std::string> not_asked;      ///< protected attributes that the form does not ask at all ("sex", "origin" ...)

    int flips() const;                       ///< of what must not matter
    int changed() const;                     ///< of those, how many changed something; 0: fair
    bool operator==(const FairnessReport&) const = default;
};

/// Deterministic: the same package, law, city and options give the same report.
FairnessReport fairness_of(const catalogue::Package& package, const catalogue::Catalogue& catalogue, const FairnessOptions& options);
/// The day for applications that are only made: today, but not after the last day for which the package's law is known.
Day fairness_day(const catalogue::Package& package, const catalogue::Law& law, Day today);

std::string to_json(const FairnessReport& report);
Result<FairnessReport> fairness_from_json(std::string_view json);

}  // namespace kiepe::rules
