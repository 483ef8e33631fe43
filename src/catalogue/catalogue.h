#pragma once
// What the city offers, as data: service packages, offices, life situations, areas, law (docs/package-format.md). Read this first.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalogue/form.h"
#include "catalogue/law.h"
#include "catalogue/text.h"
#include "dmn/dmn.h"
#include "language/language.h"
#include "store/store.h"

namespace kiepe::catalogue {

/// What `kiepe package check` says: file, line, what is wrong, what to do. Texts are keys of locales/*/catalogue.po and check.po.
struct Finding {
    /// A note asks for nothing that the package's writer could mend: what was not looked at, what the gazette has to confirm.
    enum class Severity { error, warning, note } severity = Severity::error;
    std::string code;
    std::string file;
    int line = 0;
    std::vector<std::pair<std::string, std::string>> args = {};
};

/// The finding as a sentence for people, without its file and line.
std::string finding_text(const language::Texts& texts, std::string_view language, const Finding& finding);

struct Office {
    std::string id, name, phone, email;
    std::string street, postcode, place;
    std::string remedy_court;
    std::vector<std::string> hours;        ///< lines for people
};

struct Situation {                         ///< life situation of the start page
    std::string id, icon;
    Text name, hint;
};

struct Reason {
    std::string code;
    enum class Effect { against, look } effect = Effect::against;
    Text say, what_now;
    std::string norm;
    std::vector<std::string> facts;
    std::string nearest_change, nearest_until;
};

struct StepText { std::string decision; Text say; std::string norm; };

struct OutcomeRule {
    enum class Effect { favourable, unfavourable, burden, none } effect = Effect::none;
    std::string code, letter, hear_first, norm;
    Text title, task;
    bool by_person = false;
};

struct Period { int count = 0; enum class Unit { days, working_days, weeks, months } unit = Unit::days; };
std::optional<Period> parse_period(std::string_view text);           ///< "20 working days", "3 weeks"
Day add(Day from, Period period, const std::set<Day>& holidays);

struct Automation {
    std::vector<std::string> outcomes;
    std::string norm, discretion;
    std::string allowed_by;                ///< FEEL path of the provision ("parking_order.automation_allowed_by"), empty under SGB X
    std::map<std::string, std::string> facts;   ///< path pattern without indexes -> least level
    int spot_check_percent = 0;
    Text register_text;
};

struct Clause { std::string name, kind, norm; std::optional<feel::Expression> when; Text say; };
struct Consultation { std::string duty; std::optional<feel::Expression> when; Text question; std::string within, silent; };

struct Service {
    std::string id, version, leika;
    Text name, short_text, text;
    std::vector<std::string> also_called, situations, acts, norms, channels;
    std::vector<Text> conditions, steps;
    std::string office_duty;
    std::optional<feel::Expression> office_rule;
    bool link_only = false;
    std::string link;                      ///< services without a form lead to where they are today

    std::string decision_outcome, decision_reasons, decision_looks;
    std::optional<feel::Expression> decision_day;
    std::optional<feel::Expression> months_from, months_count;
    std::string months_as;
    std::vector<std::string> decision_steps;
    std::map<std::string, std::string> decision_results;   ///< name -> money | number | date | text

    std::map<std::string, OutcomeRule> outcomes;
    std::optional<Automation> automation;
    std::vector<Consultation> consultations;
    std::optional<feel::Expression> combine;

    struct { std::string request, then, norm; Period within, remind; } missing;
    struct { Period answer; std::string starts; std::set<std::string> pauses; int warn_percent = 70; std::string norm; } promise;
    struct { std::optional<feel::Expression> from, months; std::string issues; bool any = false; } award;
    std::vector<Clause> clauses;
    struct { std::string decision, norm, pay; bool none = true; Text about; } fee;
    struct { std::string kind, to, norm; Period within; } remedy;  ///< kind: objection | action
    struct { std::string purpose, norm, keep_after, keep_norm; int keep_years = 0, draft_days = 30; } data;
    std::map<std::string, std::set<std::string>> categories;       ///< category -> roles
    std::string identity_level = "none";   ///< none | low | substantial: what the law needs before sending
};

/// A whole package as it was on one day. Immutable; knows its content hash.
class Package : public Translator {
public:
    Service service;
    Form form;
    std::map<std::string, Reason> reasons;
    std::map<std::string, StepText> step_texts;
    std::shared_ptr<const dmn::Model> model;
    std::map<std::string, std::string> letters;         ///< "letters/grant.md" and "common/letters/request.md" -> content
    std::map<std::string, std::string> files;           ///< all files, path -> content (examples too)
    std::string hash;                                   ///< SHA-256 as in package-format section 7

    /// Names that expressions of this package may use.
    feel::Names names;

    Said say(std::string_view language, const Text& text) const override;
    std::string program_text(std::string_view language, std::string_view key) const override;
    /// Translation of a paragraph of a letter: place "letters/grant/3".
    Said say_at(std::string_view language, std::string_view place, std::string_view german) const;
    std::vector<std::string> languages() const;         ///< in which this package is translated

    /// language -> place + U+0004 + German -> entry (the key of gettext's own files), and U+0004 + German -> its first entry, so that
    /// a sentence which moved keeps its translation.
    std::map<std::string, std::map<std::string, language::PoEntry>> translations;
    std::map<std::string, std::string> origins;         ///< path in `files` -> where it lies, for findings
    std::shared_ptr<const language::Texts> texts;
};

/// The city folder.
class City : public LookUps {
public:
    std::string id, name, ags, state, language;
    std::string street, postcode, place, phone;
    std::vector<std::string> office_hours;
    std::map<std::string, Office> offices;
    std::map<std::string, std::string> duties;          ///< duty -> office id
    std::vector<Situation> situations;

    const Office& office_of(std::string_view duty) const;       ///< falls back to the city's general office
    feel::Value look_up(std::string_view area, const feel::Value& address) const override;
    std::optional<feel::Value> find_address(const feel::Value& typed) const override;

    struct Areas;
    std::shared_ptr<const Areas> areas;
};

/// One answer of the start-page search. The interface is final, the ranker behind it may become better.
struct Hit {
    std::string service;      ///< id
    double score = 0;
    std::string why;          ///< text of the package that matched, for the card
};

class Search {
public:
    virtual ~Search() = default;
    virtual std::vector<Hit> find(std::string_view language, std::string_view words, std::size_t most) const = 0;
};

/// Everything together, immutable after load (a reload makes a new one). Thread-safe.
class Catalogue {
public:
    struct Source {
        std::string packages, law, city;                // folders
        bool production = false;                        ///< `to_check` values block there, are noted elsewhere
    };
    static Result<std::shared_ptr<const Catalogue>> load(const Source& source, std::shared_ptr<const language::Texts> texts,
                                                         std::vector<Finding>& findings);
    const Package* package(std::string_view service) const;
    std::vector<const Package*> packages() const;       ///< by German name
    const Law& law() const;
    const City& city() const;
    const Search& search() const;
    /// packages/common: letters of all services, life situations; translates the latter. Has no service.
    const Package& common() const;
    /// The situations of the start page: the city's own, else those of packages/common.
    const std::vector<Situation>& situations() const;
    Surroundings surroundings(const Package& package, Day law_day, feel::Value case_facts) const;

    struct Impl;
    explicit Catalogue(std::shared_ptr<const Impl> impl);

private:
    std::shared_ptr<const Impl> impl_;
};

/// Reads one package from files in memory: how a stored version comes back for an old case.
Result<std::shared_ptr<const Package>> read_package(const std::map<std::string, std::string>& files, const Law& law, const City& city,
                                                    std::shared_ptr<const language::Texts> texts, std::vector<Finding>& findings);
/// Checks one package as `kiepe package check DIR...` does, without running examples (room casework adds those). What was already
/// found while reading (yaml, FEEL, types) is in the findings of Catalogue::load. With `today`, law that soon ends is said.
std::vector<Finding> check_package(const Package& package, const Catalogue& catalogue, std::optional<Day> today = std::nullopt);

/// Versions by content hash in the database, so that a form keeps the version it began with and a decision can be replayed.
std::vector<store::Migration> migrations();
void keep_version(store::Database& database, const Package& package, const Law& law, Moment now);
std::optional<std::map<std::string, std::string>> version(store::Session& session, std::string_view hash);
/// Since when this version is in use: when it was first kept.
std::optional<Moment> version_kept_at(store::Session& session, std::string_view hash);
/// The law files of the given hash as they were kept, read again.
std::optional<Law> law_version(store::Session& session, std::string_view hash);

}  // namespace kiepe::catalogue
