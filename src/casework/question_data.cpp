#include "casework/question_data.h"

#include <algorithm>

#include "base/date.h"
#include "base/text.h"

namespace kiepe::casework {
namespace {

using catalogue::Question;
using catalogue::QuestionType;

constexpr std::size_t kMostRadios = 7;  // above that a select is easier to use (package-format, table of types)

std::string typed_or(const ShownQuestion& shown, const std::string& suffix, std::string otherwise) {
    auto found = shown.typed.find(shown.asked.path + suffix);
    return found == shown.typed.end() ? std::move(otherwise) : found->second;
}

std::string plain_value(const ShownQuestion& shown) {
    const auto& value = shown.value;
    if (value.is_null()) return "";
    if (value.kind() == feel::Kind::string) return value.as_string();
    if (value.kind() == feel::Kind::number) return language::format_number(shown.language, value.as_number());
    return value.text();
}

void put_options(web::Data& section, const ShownQuestion& shown, const std::vector<std::pair<std::string, std::string>>& options) {
    const auto chosen = [&](const std::string& code) {
        if (auto typed = shown.typed.find(shown.asked.path); typed != shown.typed.end()) return typed->second == code;
        if (shown.value.kind() == feel::Kind::boolean) return (code == "yes") == shown.value.as_boolean();
        if (shown.value.kind() == feel::Kind::string) return shown.value.as_string() == code;
        if (shown.value.kind() != feel::Kind::list) return false;
        const auto& list = shown.value.as_list();
        return std::any_of(list.begin(), list.end(), [&](const auto& item) { return item.kind() == feel::Kind::string && item.as_string() == code; });
    };
    bool first = true;
    for (const auto& [code, text] : options) {
        auto& option = section.add("OPTIONS");
        option.set("OPTION_ID", first ? field_id(shown.asked.path) : field_id(shown.asked.path) + "-" + code);
        option.set("OPTION_VALUE", code).set("OPTION_TEXT", text).show_if(chosen(code), "OPTION_CHECKED");
        first = false;
    }
}

void put_choice(web::Data& entry, const ShownQuestion& shown) {
    std::vector<std::pair<std::string, std::string>> options;
    for (const auto& [code, text] : shown.asked.question->options) options.emplace_back(code, shown.package.say(shown.language, text).text);
    const bool many = shown.asked.question->type == QuestionType::choices;
    put_options(entry.add(many ? "IS_MANY" : options.size() <= kMostRadios ? "IS_CHOICE" : "IS_SELECT"), shown, options);
}

void put_date(web::Data& entry, const ShownQuestion& shown, bool with_day) {
    std::string year, month, day;
    if (shown.value.kind() == feel::Kind::date) {
        std::chrono::year_month_day ymd{shown.value.as_date()};
        year = std::to_string(int(ymd.year()));
        month = std::to_string(unsigned(ymd.month()));
        day = std::to_string(unsigned(ymd.day()));
    }
    auto& section = entry.add(with_day ? "IS_DATE" : "IS_MONTH");
    if (with_day) section.set("DAY_VALUE", typed_or(shown, "-day", day));
    section.set("MONTH_VALUE", typed_or(shown, "-month", month)).set("YEAR_VALUE", typed_or(shown, "-year", year));
    section.show_if(shown.asked.question->from_profile == "birth_date" && shown.asked.path.find("[1]") != std::string::npos, "IS_BIRTHDAY");
}

void put_address(web::Data& entry, const ShownQuestion& shown) {
    auto part = [&](const char* name) {
        auto value = shown.value.get(name);
        return value.kind() == feel::Kind::string ? value.as_string() : std::string();
    };
    auto wrong = shown.typed.find(wrong_part_key(shown.asked.path));
    const bool all = wrong == shown.typed.end() && !shown.error.empty();
    auto bad = [&](const char* name) { return all || (wrong != shown.typed.end() && wrong->second == name); };
    entry.add("IS_ADDRESS")
        .show_if(bad("street"), "BAD_STREET")
        .show_if(bad("number"), "BAD_NUMBER")
        .show_if(bad("postcode"), "BAD_POSTCODE")
        .show_if(bad("place"), "BAD_PLACE")
        .set("STREET_VALUE", typed_or(shown, "-street", part("street")))
        .set("NUMBER_VALUE", typed_or(shown, "-number", part("number")))
        .set("POSTCODE_VALUE", typed_or(shown, "-postcode", part("postcode")))
        .set("PLACE_VALUE", typed_or(shown, "-place", part("place")));
}

void put_text(web::Data& entry, const ShownQuestion& shown, std::string_view type, std::string_view autocomplete) {
    auto& section = entry.add("IS_TEXT");
    section.set("Q_VALUE", typed_or(shown, "", plain_value(shown))).set("INPUT_TYPE", std::string(type));
    section.show_if(shown.asked.question->type == QuestionType::plate, "IS_PLATE");
    if (!autocomplete.empty()) section.add("AUTOCOMPLETE").set("AUTOCOMPLETE_TOKEN", std::string(autocomplete));
}

/// Line by line: inside one value the template engine folds line breaks into spaces.
void put_area(web::Data& section, const std::string& value) {
    section.set("MAX_LENGTH", std::int64_t{4000});
    if (value.empty()) return;
    for (auto& line : split(value, '\n')) {
        if (line.ends_with('\r')) line.pop_back();
        section.add("VALUE_LINES").set("LINE", line);
    }
}

/// WCAG 2.2 success criterion 1.3.5: fields about the person herself say so.
std::string_view autocomplete_of(const Question& question) {
    if (question.from_profile == "first_name") return "given-name";
    if (question.from_profile == "last_name") return "family-name";
    if (question.type == QuestionType::email) return "email";
    if (question.type == QuestionType::phone) return "tel";
    return {};
}

std::string unit_text(const ShownQuestion& shown) {
    const auto& question = *shown.asked.question;
    if (question.type == QuestionType::money)
        return shown.texts.get(shown.language, question.per.empty() ? "unit_euro" : "unit_euro_" + question.per);
    return question.unit.empty() ? "" : shown.texts.get(shown.language, "unit_" + question.unit);
}

}  // namespace

std::string wrong_part_key(std::string_view path) { return "part:" + std::string(path); }

std::string field_id(std::string_view path) {
    std::string id = "f-";
    for (char c : path) id += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ? c : '-';
    return id;
}

void put_question(web::Data& entry, const ShownQuestion& shown) {
    const auto& question = *shown.asked.question;
    entry.set("Q_ID", field_id(shown.asked.path)).set("Q_NAME", shown.asked.path).set("Q_LABEL", shown.label);
    entry.show(shown.is_title ? "Q_TITLE" : "Q_LABELLED").show_if(question.optional, "Q_OPTIONAL");
    if (!shown.help.empty()) entry.add("Q_HINT").set("HINT_TEXT", shown.help);
    if (!shown.error.empty()) entry.add("Q_ERROR").set("ERROR_TEXT", shown.error);
    switch (question.type) {
        case QuestionType::yes_no:
            put_options(entry.add("IS_CHOICE"), shown,
                        {{"yes", shown.texts.get(shown.language, "yes")}, {"no", shown.texts.get(shown.language, "no")}});
            break;
        case QuestionType::choice:
        case QuestionType::choices: put_choice(entry, shown); break;
        case QuestionType::date: put_date(entry, shown, true); break;
        case QuestionType::month: put_date(entry, shown, false); break;
        case QuestionType::address: put_address(entry, shown); break;
        case QuestionType::number:
        case QuestionType::money: {
            auto& section = entry.add("IS_NUMBER");
            section.set("Q_VALUE", typed_or(shown, "", plain_value(shown)));
            if (auto unit = unit_text(shown); !unit.empty()) section.add("UNIT").set("UNIT_TEXT", unit);
            break;
        }
        case QuestionType::long_text:
        case QuestionType::remark:
            put_area(entry.add("IS_AREA"), typed_or(shown, "", plain_value(shown)));
            break;
        case QuestionType::confirm: entry.add("IS_CONFIRM").show_if(shown.value.is_true(), "Q_CHECKED"); break;
        case QuestionType::email: put_text(entry, shown, "email", autocomplete_of(question)); break;
        case QuestionType::phone: put_text(entry, shown, "tel", autocomplete_of(question)); break;
        default: put_text(entry, shown, "text", autocomplete_of(question)); break;
    }
}

}  // namespace kiepe::casework
