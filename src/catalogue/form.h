#pragma once
// The form of a service: pages, questions, papers (docs/package-format.md, section 1), and what it means for one set of answers.
// Pure: no I/O. No other code turns posted fields into answers.
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "catalogue/text.h"
#include "feel/feel.h"

namespace kiepe::catalogue {

enum class QuestionType {
    text, email, phone, plate, iban, long_text, remark, yes_no, choice, choices, number, money, date, month, address, confirm, file
};

struct Check {
    feel::Expression that;            ///< only a certain `false` is an error
    Text say;
    std::vector<std::string> at;      ///< paths of the fields it is shown at
    bool warn = false;                ///< may be confirmed and sent all the same; the clerk sees it
    int line = 0;
};

struct Question {
    enum class Kind { ask, derive, look_up } kind = Kind::ask;
    std::string name;                 ///< "vehicle.plate"; within entries "person.birth_date"
    std::string path;                 ///< of its answers, without indexes: "persons.birth_date"
    QuestionType type = QuestionType::text;
    Text label, help, say;
    std::vector<std::pair<std::string, Text>> options;
    std::string unit, per;
    int digits = 0;
    std::optional<Decimal> least, most;
    std::optional<feel::Expression> show, required, default_value, value;
    std::vector<Check> checks;
    bool optional = false;
    bool fixed = false;               ///< what somebody is: nobody is told what would follow if it were different
    std::string needed_for;           ///< paragraph: why we may ask
    std::string from_profile;         ///< attribute of the once-only profile
    std::string protected_attribute;  ///< age, disability, ... (AGG section 1); needs the norm in needed_for
    std::string category = "ordinary";
    std::string fim;
    std::string look_up_in, look_up_by;
    std::vector<std::pair<std::string, QuestionType>> gives;
    int line = 0;                     ///< in form.yaml
};

struct Page {
    std::string id;
    Text title;
    std::optional<feel::Expression> show;
    std::string for_variable, for_list;      ///< for: person in persons
    std::string add_list, add_variable;      ///< add: persons as person
    int least = 0, most = 99;
    std::string first;                       ///< "applicant": the first entry is the person who applies
    std::optional<feel::Expression> called;
    Text another;
    std::vector<Question> questions;
    std::vector<Check> checks;
    int line = 0;
};

/// `name` of a question of this page as everybody else calls it: "person.birth_date" -> "persons.birth_date".
std::string global_name(const Page& page, std::string_view name);
/// The path of an answer: "person.birth_date" with indexes {2} -> "persons[2].birth_date".
std::string answer_path(const Page& page, const std::vector<int>& indexes, std::string_view name);

struct Need {                                ///< one row of `documents`
    std::string name;
    std::optional<feel::Expression> when;
    std::string for_variable, for_list;
    std::vector<std::string> any_of, proves;
    std::string later;                       ///< "3 weeks": may be handed in later
    std::string without;                     ///< "skip_allowance"
    std::string ask_office, instead_of_asking;
    std::string needed_for;
    int line = 0;
};

struct Paper {
    std::string name;
    Text label;
    std::vector<std::string> accept = {"pdf", "photo"};
    int files = 1;
    std::string not_older, blank, category = "ordinary";
    std::vector<std::string> reads;
    int line = 0;
};

/// One screen of the form for this household: a page, or one entry of a repeating page, or the list of its entries.
struct Step {
    enum class Kind { questions, entry, entries } kind = Kind::questions;
    const Page* page = nullptr;
    std::vector<int> indexes;                ///< 1-based: of the `for` entry and of the `add` entry
    std::string key;                         ///< for the address: "vehicle", "persons/2", "incomes/1", "incomes/1/3"
    std::string title_suffix;                ///< the `called` text of the entry it is about ("Inge Muster")
};

/// A question as asked here: with the path of its answer ("persons[2].birth_date").
struct Asked {
    const Question* question = nullptr;
    std::string path;
};

struct Failed {
    std::string path;                        ///< field it is shown at; "" for the page
    std::string code;                        ///< text key of the built-in checks: "field_missing", "field_date", ...; "" for a package's check
    std::vector<std::pair<std::string, std::string>> args = {};
    const Check* check = nullptr;            ///< set for a package's check
    bool warn = false;
};

struct MissingPaper {
    std::string name;                        ///< need, with the entry behind it: "income_proof/1"
    const Need* need = nullptr;
    std::vector<int> indexes;
    bool later = false;
    std::string office;                      ///< asked there instead of the applicant
};

/// Facts that the house adds to the answers (package-format, section 2.4): case {received, month, renewal, previous, channel},
/// city {ags, name}, and each act's parameters for the day (`wogg`, `parking_order`).
struct Surroundings {
    feel::Value case_facts, city;
    std::vector<std::pair<std::string, feel::Value>> acts;
};

/// What the form says about one set of answers.
struct Evaluation {
    feel::Value context;                     ///< for FEEL: asked, visible, derived and looked-up values; hidden ones are null
    std::vector<Step> steps;                 ///< visible steps in order
    std::vector<Asked> visible;              ///< visible questions of kind ask, in order
    std::vector<std::string> missing;        ///< paths of visible, required, unanswered questions; lists below `least` as "persons"
    std::vector<Failed> failed;              ///< checks that are certainly false
    std::vector<std::pair<const Need*, std::vector<int>>> needs;  ///< papers needed by this household
    bool has_remark = false;
};

class LookUps {
public:
    virtual ~LookUps() = default;
    /// City data for an address (context of type address): a context with `found` and the properties of the area.
    virtual feel::Value look_up(std::string_view area, const feel::Value& address) const = 0;
    /// Puts an address as typed right: adds ags, district, x, y from the city's address file; nullopt where it is not known.
    virtual std::optional<feel::Value> find_address(const feel::Value& typed) const = 0;
};

/// What a posted step gave: typed values by path, and errors by path. What was typed is kept by the caller.
struct Posted {
    std::vector<std::pair<std::string, feel::Value>> values;
    std::vector<Failed> failed;
};

class Form {
public:
    std::vector<std::string> pre_check;      ///< page ids
    std::vector<Page> pages;
    std::vector<Need> needs;
    std::vector<Paper> papers;
    std::map<std::string, std::string> renamed;

    const Paper* paper(std::string_view name) const;
    const Question* question(std::string_view name) const;
    /// The question that an answer's path belongs to: "persons[2].birth_date" -> person.birth_date.
    const Question* question_at(std::string_view path) const;

    /// `answers`: nested context of everything ever answered, looked-up facts included; hidden answers may be in it.
    Evaluation evaluate(const feel::Value& answers, const Surroundings& around) const;
    /// The answers with look-ups that are still open asked and stored, and (`defaults`: for examples and machines, where nobody sees
    /// a page) default values filled in for visible questions without an answer. In file order, in one pass.
    feel::Value completed(const feel::Value& answers, const Surroundings& around, const LookUps* look_ups, bool defaults) const;
    /// Visible questions of a step. Also works for an entry that does not exist yet.
    std::vector<Asked> asked_on(const Step& step, const feel::Value& context) const;
    const Step* find_step(const Evaluation& evaluation, std::string_view key) const;

    /// `field(name)` gives posted text; field names are paths, with "-day", "-month", "-year" for dates, "-street", "-number",
    /// "-postcode", "-place" for addresses; choices give several values. Look-ups of the step are asked (once) and put in.
    /// On a step of kind `entries`: "add" = "yes" makes one more entry, "remove" = "2" takes the second away, neither closes the list.
    Posted parse(const Step& step, const Evaluation& before, const feel::Value& answers, const Surroundings& around,
                 const std::multimap<std::string, std::string>& fields, std::string_view language, const LookUps& look_ups) const;
    /// Names and types of everything the form asks, derives and looks up, for FEEL.
    std::map<std::string, feel::Type> types;
    /// Default values of questions of a step that have no answer yet.
    std::vector<std::pair<std::string, feel::Value>> defaults(const Step& step, const Evaluation& evaluation) const;
    /// Papers that are not there. `papers`: need name (with "/1") -> paper name.
    std::vector<MissingPaper> missing_papers(const Evaluation& evaluation, const std::map<std::string, std::string>& papers) const;
};

/// Value of an answer for people: "Ja", "4,28 Meter", "24. November 2026", option label; "" for null.
std::string answer_text(const Question& question, const feel::Value& value, std::string_view language, const Translator& translator);

}  // namespace kiepe::catalogue
