#include "base/text.h"
#include "catalogue/form.h"
#include "language/language.h"

namespace kiepe::catalogue {
namespace {

std::string number_text(const Question& question, Decimal number, std::string_view language, const Translator& translator) {
    std::string text = language::format_number(language, number);
    if (question.unit.empty()) return text;
    const std::string key = "unit_" + question.unit;
    std::string unit = translator.program_text(language, key);
    return text + " " + (unit == key || unit.empty() ? question.unit : unit);
}

std::string address_text(const feel::Value& address) {
    const auto part = [&](const char* name) {
        const feel::Value value = address.get(name);
        return value.kind() == feel::Kind::string ? value.as_string() : std::string();
    };
    const std::string street(trim(part("street") + " " + part("number")));
    const std::string place(trim(part("postcode") + " " + part("place")));
    return street.empty() || place.empty() ? street + place : street + ", " + place;
}

std::string in_groups_of_four(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i > 0 && i % 4 == 0) result += ' ';
        result += text[i];
    }
    return result;
}

std::string label_of(const Question& question, const std::string& code, std::string_view language, const Translator& translator) {
    for (const auto& [option, label] : question.options)
        if (option == code) return translator.say(language, label).text;
    return code;
}

}  // namespace

std::string answer_text(const Question& question, const feel::Value& value, std::string_view language, const Translator& translator) {
    switch (value.kind()) {
        case feel::Kind::null: return "";
        case feel::Kind::boolean: return translator.program_text(language, value.as_boolean() ? "yes" : "no");
        case feel::Kind::number:
            return question.type == QuestionType::money ? language::format_money(language, value.as_number())
                                                        : number_text(question, value.as_number(), language, translator);
        case feel::Kind::date:
            return question.type == QuestionType::month ? language::format_month(language, value.as_date())
                                                        : language::format_date(language, value.as_date());
        case feel::Kind::string:
            if (question.type == QuestionType::iban) return in_groups_of_four(value.as_string());
            return question.options.empty() ? value.as_string() : label_of(question, value.as_string(), language, translator);
        case feel::Kind::list: {
            std::vector<std::string> parts;
            for (const auto& item : value.as_list()) parts.push_back(answer_text(question, item, language, translator));
            return join(parts, ", ");
        }
        case feel::Kind::context: return address_text(value);
        default: return value.text();
    }
}

}  // namespace kiepe::catalogue
