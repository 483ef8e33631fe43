#include "rules/fairness_attributes.h"

#include <algorithm>
#include <map>

#include "base/date.h"
#include "casework/surroundings.h"
#include "catalogue/answers.h"
#include "rules/invented.h"

namespace kiepe::rules {

using casework::Application;
using casework::Preparation;
using catalogue::Question;
using catalogue::QuestionType;
using feel::Value;
using Kind = FairnessLine::Kind;

namespace {

std::string last_part(const std::string& name) {
    const auto dot = name.rfind('.');
    return dot == std::string::npos ? name : name.substr(dot + 1);
}

/// AGG section 1 and GG article 3(3), with the names that forms give such questions, English or German.
const std::map<std::string, std::set<std::string>>& protected_names() {
    static const std::map<std::string, std::set<std::string>> names{
        {"sex", {"sex", "gender", "salutation", "form_of_address", "anrede", "geschlecht"}},
        {"origin", {"origin", "nationality", "citizenship", "birth_place", "place_of_birth", "birth_country", "ethnicity", "race", "staatsangehoerigkeit",
                    "geburtsort", "herkunft"}},
        {"religion", {"religion", "belief", "denomination", "church", "konfession"}},
        {"disability", {"disability", "severe_disability", "health", "behinderung"}},
        {"orientation", {"orientation", "sexual_identity", "marital_status", "familienstand"}},
        {"age", {"age", "birth_date", "date_of_birth", "geburtsdatum"}}};
    return names;
}

/// "" where the question is about nothing protected.
std::string protected_kind(const Question& question) {
    for (const auto& [kind, names] : protected_names())
        for (const auto& said : {question.protected_attribute, question.from_profile, last_part(question.name)})
            if (said == kind || names.contains(said)) return kind;
    return question.protected_attribute;
}

bool is_contact(const Question& question) {
    return question.type == QuestionType::email || question.type == QuestionType::phone || question.type == QuestionType::iban;
}

bool cites_law(const Question& question) { return !question.protected_attribute.empty() && question.needed_for.find("§") != std::string::npos; }

bool may_be_flipped(const Question& question) {
    return question.kind == Question::Kind::ask && question.type != QuestionType::remark && question.type != QuestionType::file &&
           question.type != QuestionType::confirm;
}

/// Whole years of life on a day.
int age_on(Day birth, Day day) {
    int years = 0;
    while (years < 150 && add_months(birth, 12 * (years + 1)) <= day) ++years;
    return years;
}

}  // namespace

std::vector<Attribute> attributes_of(const catalogue::Package& package, const Constants& constants) {
    std::vector<Attribute> found;
    for (const auto& page : package.form.pages)
        for (const auto& question : page.questions) {
            if (!may_be_flipped(question)) continue;
            const std::string name = catalogue::global_name(page, question.name);
            const auto add = [&](Kind kind) { found.push_back({name, kind, kind == Kind::cited ? question.needed_for : "", &question, ""}); };
            const std::string about = protected_kind(question);
            if (!about.empty()) {
                const bool cited = cites_law(question);
                // Where no law speaks of age, age bands are part of what must not matter.
                if (about == "age" && question.type == QuestionType::date && cited) add(Kind::age_band);
                add(cited ? Kind::cited : Kind::protected_attribute);
            } else if (is_contact(question)) {
                add(Kind::contact);
            } else if (is_name_question(question)) {
                add(Kind::identity);
            } else if (question.type == QuestionType::address) {
                add(Kind::street);
                add(Kind::district);
                add(Kind::cited);
            } else {
                add(constants.words.contains(last_part(question.name)) ? Kind::cited : Kind::not_read);
            }
        }
    if (package.service.channels.size() > 1) found.push_back({"case.channel", Kind::channel, "", nullptr, ""});
    for (const auto& language : package.languages())
        if (language != "de") found.push_back({"case.language." + language, Kind::language, "", nullptr, language});
    found.push_back({"case.email", Kind::delivery, "", nullptr, ""});
    found.push_back({"case.delivery", Kind::delivery, "", nullptr, ""});
    return found;
}

std::vector<std::string> not_asked_by(const catalogue::Package& package) {
    std::set<std::string> asked;
    for (const auto& page : package.form.pages)
        for (const auto& question : page.questions) asked.insert(protected_kind(question));
    std::vector<std::string> missing;
    for (const auto& [kind, names] : protected_names())
        if (!asked.contains(kind)) missing.push_back(kind);
    return missing;
}

std::optional<Flip> Flipper::flip(const Attribute& attribute, const Application& application, const Circumstances& circumstances,
                                  const Preparation& before, Dice& dice) const {
    Flip flip{application, circumstances, {}, "", "", false};
    return attribute.question ? flip_answer(attribute, std::move(flip), before, dice) : flip_circumstance(attribute, std::move(flip), dice);
}

std::optional<Flip> Flipper::flip_circumstance(const Attribute& attribute, Flip flip, Dice& dice) const {
    const auto other = [&](const std::vector<std::string>& choices, std::string& now) {
        std::vector<std::string> others;
        for (const auto& choice : choices)
            if (choice != now) others.push_back(choice);
        if (others.empty()) return false;
        flip.from = now;
        flip.to = now = dice.pick(others);
        return true;
    };
    bool flipped = false;
    if (attribute.kind == Kind::channel) flipped = other(package_.service.channels, flip.application.channel);
    else if (attribute.kind == Kind::language) flipped = other({attribute.value}, flip.circumstances.language);
    else if (attribute.name == "case.email") flipped = other({"", "somebody@example.org"}, flip.circumstances.email);
    else flipped = other({"inbox", "post", "counter"}, flip.circumstances.delivery);
    return flipped ? std::optional(std::move(flip)) : std::nullopt;
}

std::optional<Flip> Flipper::flip_answer(const Attribute& attribute, Flip flip, const Preparation& before, Dice& dice) const {
    std::vector<const catalogue::Asked*> asked;
    for (const auto& one : before.evaluation.visible) {
        const bool missing = std::find(before.missing_answers.begin(), before.missing_answers.end(), one.path) != before.missing_answers.end();
        if (one.question == attribute.question && !missing) asked.push_back(&one);  // to answer what is asked does matter
    }
    if (asked.empty()) return std::nullopt;
    const std::string path = dice.pick(asked)->path;
    const Value now = before.context.at(path);
    const auto other = attribute.question->type == QuestionType::address && attribute.kind != Kind::cited
                           ? other_house(attribute.kind, path, now, dice)
                           : other_value(attribute, now, before, dice);
    if (!other || *other == now) return std::nullopt;
    flip.application.answers = flip.application.answers.with(path, *other);
    if (attribute.question->type == QuestionType::address)  // the city's map is asked again
        for (const auto& page : package_.form.pages)
            for (const auto& question : page.questions)
                if (question.kind == Question::Kind::look_up && question.look_up_by == attribute.question->name)
                    flip.application.answers = flip.application.answers.with(question.name, city_.look_up(question.look_up_in, *other));
    flip.swaps.push_back({last_part(path), attribute.question, now, *other});
    if (attribute.question->type == QuestionType::address)
        for (const char* part : {"street", "number", "postcode", "place", "district", "x", "y"})
            flip.swaps.push_back({part, nullptr, now.get(part), other->get(part)});
    flip.from = catalogue::answer_text(*attribute.question, now, "de", package_);
    flip.to = catalogue::answer_text(*attribute.question, *other, "de", package_);
    flip.may_be_refused = attribute.kind == Kind::protected_attribute && other->kind() == feel::Kind::date;
    return flip;
}

bool Flipper::same_on_map(const std::string& path, const Value& a, const Value& b) const {
    const std::string name = casework::without_indexes(path);
    for (const auto& page : package_.form.pages)
        for (const auto& question : page.questions)
            if (question.kind == Question::Kind::look_up && catalogue::global_name(page, question.look_up_by) == name &&
                !(city_.look_up(question.look_up_in, a) == city_.look_up(question.look_up_in, b)))
                return false;
    return true;
}

/// Another house of the city's register in which the city's maps say the same: in the same district, or in another one.
std::optional<Value> Flipper::other_house(Kind kind, const std::string& path, const Value& now, Dice& dice) const {
    if (now.is_null()) return std::nullopt;
    std::vector<Value> houses;
    for (const auto& house : filler_.addresses()) {
        const bool same_district = house.get("district") == now.get("district");
        if (house == now || !(house.get("ags") == now.get("ags")) || same_district != (kind == Kind::street)) continue;
        if (same_on_map(path, now, house)) houses.push_back(house);
    }
    if (houses.empty()) return std::nullopt;
    return dice.pick(houses);
}

/// Another name, also one that the package's rules mention, for whoever hides a rule hides it behind a name.
std::optional<Value> Flipper::other_text(const Question& question, const Value& now, Dice& dice) const {
    const auto& mentioned = filler_.constants().texts;
    for (int attempt = 0; attempt < 8; ++attempt) {
        Value other = filler_.invent(question, dice);
        const bool text = question.type == QuestionType::text || question.type == QuestionType::long_text;
        if (text && !mentioned.empty() && dice.chance(25)) other = Value::string(dice.pick(mentioned));
        else if (text && is_name_question(question)) other = Value::string(dice.pick(dice.chance(50) ? last_names() : first_names()));
        const auto accepted = catalogue::accept(question, other);
        if (accepted.code.empty() && !accepted.value.is_null() && !(accepted.value == now)) return accepted.value;
    }
    return std::nullopt;
}

std::optional<Value> Flipper::other_value(const Attribute& attribute, const Value& now, const Preparation& before, Dice& dice) const {
    const Question& question = *attribute.question;
    if (question.optional && !question.required && !now.is_null() && dice.chance(30)) return Value();
    const bool birthday = question.type == QuestionType::date && now.kind() == feel::Kind::date;
    if (birthday && attribute.kind == Kind::age_band) {
        // Another day of the same month, with the same age on the day of receipt and on that of the law.
        const std::chrono::year_month_day date(now.as_date());
        const Day received = before.context.at("case.received").as_date();
        for (int attempt = 0; attempt < 8 && date.day() != std::chrono::day(1); ++attempt) {
            const Day other = Day(date.year() / date.month() / std::chrono::day(static_cast<unsigned>(dice.between(2, 28))));
            if (other != now.as_date() && other <= received && age_on(other, received) == age_on(now.as_date(), received) &&
                age_on(other, before.law_day) == age_on(now.as_date(), before.law_day))
                return Value::date(other);
        }
        return std::nullopt;
    }
    if (birthday && protected_kind(question) == "age") {
        const int years = static_cast<int>(dice.between(5, 60)) * (dice.chance(50) ? 1 : -1);
        const Day received = before.context.at("case.received").as_date();
        const Day other = add_months(now.as_date(), 12 * years);
        return Value::date(other <= received ? other : add_months(now.as_date(), -12 * std::abs(years)));
    }
    if (question.type == QuestionType::yes_no && !now.is_null()) return Value::boolean(!now.is_true());
    return other_text(question, now, dice);
}

}  // namespace kiepe::rules
