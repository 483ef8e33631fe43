#include "catalogue/answers.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/date.h"
#include "base/text.h"
#include "language/language.h"

namespace kiepe::catalogue {
namespace {

constexpr std::size_t kLongestText = 300;
constexpr std::size_t kLongestLongText = 5000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::string upper(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        // ä ö ü are C3 A4, C3 B6, C3 BC in UTF-8; the capitals have 0x20 less
        else if (i > 0 && text[i - 1] == '\xC3' && (c == '\xA4' || c == '\xB6' || c == '\xBC'))
            c = static_cast<char>(c - 0x20);
        result += c;
    }
    return result;
}

bool has_control(std::string_view text, bool lines) {
    return std::any_of(text.begin(), text.end(), [lines](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == 0x7f || (byte < 0x20 && !(lines && (c == '\n' || c == '\t')));
    });
}

/// One space for each run of white space; no-break spaces (U+00A0) count as such.
std::string tidy(std::string_view text) {
    std::string result;
    for (const char c : replace_all(std::string(text), "\xC2\xA0", " ")) {
        const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!space) result += c;
        else if (!result.empty() && result.back() != ' ') result += ' ';
    }
    return std::string(trim(result));
}

std::optional<int> whole(std::string_view text) {
    text = trim(text);
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<int> month_number(std::string_view text) {
    if (auto number = whole(text)) return number;
    static constexpr std::array<std::string_view, 12> starts{"jan", "feb", "m\xC3\xA4r|mar", "apr", "mai|may", "jun",
                                                             "jul", "aug", "sep", "okt|oct", "nov", "dez|dec"};
    const std::string typed = lower_ascii(trim(text));
    for (std::size_t i = 0; i < starts.size(); ++i)
        for (const auto& start : split(starts[i], '|'))
            if (typed.size() >= 3 && typed.rfind(start, 0) == 0) return static_cast<int>(i) + 1;
    return std::nullopt;
}

std::optional<Day> day_of(int year, int month, int day) {
    if (year < 1880 || year > 2200 || month < 1 || month > 12 || day < 1) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    return Day{date};
}

Typed text_value(std::string value, std::string_view typed, const char* code) {
    if (trim(typed).empty()) return {};
    if (value.empty()) return {{}, code};
    return {feel::Value::string(std::move(value))};
}

Typed free_text(std::string_view typed, bool lines) {
    std::string text = lines ? std::string(trim(replace_all(std::string(typed), "\r\n", "\n"))) : tidy(typed);
    if (text.empty()) return {};
    const std::size_t most = lines ? kLongestLongText : kLongestText;
    if (!valid_utf8(text) || has_control(text, lines)) return {{}, "field_text"};
    if (length_utf8(text) > most) return {{}, "field_too_long", {{"most", std::to_string(most)}}};
    return {feel::Value::string(std::move(text))};
}

/// The written form of built-in text types.
Typed text_typed(QuestionType type, std::string_view typed) {
    switch (type) {
        case QuestionType::email: return text_value(normal_email(typed), typed, "field_email");
        case QuestionType::phone: return text_value(normal_phone(typed), typed, "field_phone");
        case QuestionType::plate: return text_value(normal_plate(typed), typed, "field_plate");
        case QuestionType::iban: return text_value(normal_iban(typed), typed, "field_iban");
        case QuestionType::long_text:
        case QuestionType::remark: return free_text(typed, true);
        default: return free_text(typed, false);
    }
}

int decimals_of(Decimal number) {
    for (int digits = 0; digits < 30; ++digits) {
        const auto rounded = round(number, digits, Decimal::Rounding::half_even);
        if (rounded && *rounded == number) return digits;
    }
    return 30;
}

Typed in_range(const Question& question, Decimal number) {
    if (decimals_of(number) > question.digits)
        return {{}, question.digits == 0 ? "field_whole_number" : "field_digits", {{"digits", std::to_string(question.digits)}}};
    if (question.least && compare(number, *question.least) < 0) return {{}, "field_least", {{"least", question.least->text()}}};
    if (question.most && compare(number, *question.most) > 0) return {{}, "field_most", {{"most", question.most->text()}}};
    if (compare(number, *Decimal::parse("1e15")) >= 0 || compare(number, *Decimal::parse("-1e15")) <= 0) return {{}, "field_number"};
    return {feel::Value::number(number)};
}

bool is_option(const Question& question, std::string_view code) {
    return std::any_of(question.options.begin(), question.options.end(), [code](const auto& option) { return option.first == code; });
}

Typed yes_or_no(std::string_view typed) {
    const std::string text = lower_ascii(trim(typed));
    if (text.empty()) return {};
    for (const char* yes : {"yes", "true", "ja", "on", "1"})
        if (text == yes) return {feel::Value::boolean(true)};
    for (const char* no : {"no", "false", "nein", "off", "0"})
        if (text == no) return {feel::Value::boolean(false)};
    return {{}, "field_choice"};
}

Typed confirmed(Typed answer) {
    if (answer.value.is_false()) answer.value = {};  // a box without a tick is no answer
    return answer;
}

}  // namespace

std::string normal_plate(std::string_view typed) {
    std::string text = upper(tidy(typed));
    std::vector<std::string> groups;  // letters and digits apart, in order
    char before = 0;
    for (const char c : text) {
        if (c == ' ' || c == '-' || c == '.') {
            before = 0;
            continue;
        }
        const bool letter = is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
        const char kind = letter ? 'l' : is_digit(c) ? 'd' : 'x';
        if (kind == 'x') return "";
        if (kind != before) groups.emplace_back();
        groups.back() += c;
        before = kind;
    }
    std::string end;
    if (!groups.empty() && (groups.back() == "E" || groups.back() == "H") && groups.size() > 2) {
        end = groups.back();
        groups.pop_back();
    }
    // "MA1": two letters without a gap can only be one and one
    if (groups.size() == 2 && groups[0].size() == 2 && is_letter(groups[0][0]) && is_letter(groups[0][1]))
        groups = {groups[0].substr(0, 1), groups[0].substr(1), groups[1]};
    if (groups.size() != 3) return "";
    const auto& [place, letters, number] = std::tie(groups[0], groups[1], groups[2]);
    const bool good = length_utf8(place) <= 3 && !is_digit(place[0]) && letters.size() <= 2 && is_letter(letters[0]) &&
                      is_letter(letters.back()) && number.size() <= 4 && is_digit(number[0]) && number[0] != '0' && valid_utf8(place);
    return good ? place + "-" + letters + " " + number + end : "";
}

std::string normal_iban(std::string_view typed) {
    std::string iban;
    for (const char c : upper(tidy(typed))) {
        if (c == ' ' || c == '-') continue;
        if (!is_letter(c) && !is_digit(c)) return "";
        iban += c;
    }
    if (iban.size() < 15 || iban.size() > 34 || !is_letter(iban[0]) || !is_letter(iban[1])) return "";
    if (iban.rfind("DE", 0) == 0 && iban.size() != 22) return "";
    int rest = 0;
    for (std::size_t i = 0; i < iban.size(); ++i) {
        const char c = iban[(i + 4) % iban.size()];
        rest = is_digit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
    }
    return rest == 1 ? iban : "";
}

std::string normal_email(std::string_view typed) {
    const std::string text(trim(typed));
    const auto at = text.rfind('@');
    if (at == std::string::npos || at == 0 || at > 64 || text.size() > 254 || !valid_utf8(text)) return "";
    const std::string domain = text.substr(at + 1);
    if (domain.find('.') == std::string::npos || domain.front() == '.' || domain.back() == '.' || domain.back() == '-') return "";
    if (text.find("..") != std::string::npos || text.find('@') != at) return "";
    for (const char c : text)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || std::string_view("<>()[],;:\\\"").find(c) != std::string_view::npos) return "";
    return text;
}

std::string normal_phone(std::string_view typed) {
    const std::string text = tidy(typed);
    const auto digits = std::count_if(text.begin(), text.end(), is_digit);
    if (digits < 5 || digits > 15) return "";
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && i == 0) continue;
        if (!is_digit(text[i]) && std::string_view(" -/()").find(text[i]) == std::string_view::npos) return "";
    }
    return text;
}

Typed parse_date(std::string_view day, std::string_view month, std::string_view year) {
    if (trim(day).empty() && trim(month).empty() && trim(year).empty()) return {};
    const auto d = whole(day), m = month_number(month), y = whole(year);
    if (!d || !m || !y) return {{}, "field_date"};
    if (*y < 100) return {{}, "field_date_year"};  // never guesses the century
    const auto date = day_of(*y, *m, *d);
    if (!date) return {{}, "field_date_unknown"};
    return {feel::Value::date(*date)};
}

Typed parse_month(std::string_view month, std::string_view year) {
    if (trim(month).empty() && trim(year).empty()) return {};
    Typed typed = parse_date("1", month, year);
    if (typed.code == "field_date" || typed.code == "field_date_unknown") typed.code = "field_month";
    return typed;
}

Typed parse_whole_date(std::string_view text, bool month) {
    const std::string typed = tidy(text);
    if (typed.empty()) return {};
    auto parts = split(typed, typed.find('-') != std::string::npos ? '-' : '.');
    const bool iso = typed.find('-') != std::string::npos;
    if (month) {
        if (parts.size() < 2) return {{}, "field_month"};
        if (iso) return parse_month(parts[1], parts[0]);
        return parse_month(parts[parts.size() - 2], parts.back());
    }
    if (parts.size() != 3) return {{}, "field_date"};
    return iso ? parse_date(parts[2], parts[1], parts[0]) : parse_date(parts[0], parts[1], parts[2]);
}

Typed parse_address(std::string_view street, std::string_view number, std::string_view postcode, std::string_view place) {
    const std::string s = tidy(street), n = tidy(number), p = tidy(postcode), t = tidy(place);
    if (s.empty() && n.empty() && p.empty() && t.empty()) return {};
    if (s.empty()) return {{}, "field_address_street"};
    if (n.empty()) return {{}, "field_address_number"};
    if (p.size() != 5 || !std::all_of(p.begin(), p.end(), is_digit)) return {{}, "field_address_postcode"};
    if (t.empty()) return {{}, "field_address_place"};
    const std::string all = s + n + t;
    if (!valid_utf8(all) || has_control(all, false) || length_utf8(all) > kLongestText) return {{}, "field_text"};
    return {feel::Value::context({{"street", feel::Value::string(s)}, {"number", feel::Value::string(n)},
                                  {"postcode", feel::Value::string(p)}, {"place", feel::Value::string(t)}})};
}

Typed parse_typed(const Question& question, std::string_view text, std::string_view language) {
    switch (question.type) {
        case QuestionType::yes_no: return yes_or_no(text);
        case QuestionType::confirm: return confirmed(yes_or_no(text));
        case QuestionType::number:
        case QuestionType::money: {
            if (trim(text).empty()) return {};
            const auto number = language::parse_number(language, text);
            if (!number) return {{}, question.type == QuestionType::money ? "field_money" : "field_number"};
            Typed typed = in_range(question, *number);
            for (auto& [name, value] : typed.args)  // limits as people of this language write them
                if (const auto limit = Decimal::parse(value)) value = language::format_number(language, *limit);
            return typed;
        }
        case QuestionType::choice: {
            const std::string code(trim(text));
            if (code.empty()) return {};
            if (!is_option(question, code)) return {{}, "field_choice"};
            return {feel::Value::string(code)};
        }
        case QuestionType::date: return parse_whole_date(text, false);
        case QuestionType::month: return parse_whole_date(text, true);
        default: return text_typed(question.type, text);
    }
}

namespace {

Typed accept_number(const Question& question, const feel::Value& stored) {
    if (stored.kind() == feel::Kind::number) return in_range(question, stored.as_number());
    if (stored.kind() == feel::Kind::string)
        if (const auto number = Decimal::parse(stored.as_string())) return in_range(question, *number);
    return {{}, "field_number"};
}

Typed accept_date(const Question& question, const feel::Value& stored) {
    const bool month = question.type == QuestionType::month;
    if (stored.kind() == feel::Kind::string) return parse_whole_date(stored.as_string(), month);
    if (stored.kind() != feel::Kind::date) return {{}, month ? "field_month" : "field_date"};
    if (!month) return {stored};
    const std::chrono::year_month_day date{stored.as_date()};
    return {feel::Value::date(Day{date.year() / date.month() / 1})};
}

Typed accept_choices(const Question& question, const feel::Value& stored) {
    if (stored.kind() != feel::Kind::list) return {{}, "field_choice"};
    for (const auto& item : stored.as_list())
        if (item.kind() != feel::Kind::string || !is_option(question, item.as_string())) return {{}, "field_choice"};
    return {stored};
}

Typed accept_address(const feel::Value& stored) {
    if (stored.kind() != feel::Kind::context) return {{}, "field_address_street"};
    feel::Context entries;
    for (const char* name : {"street", "number", "postcode", "place", "ags", "district", "x", "y"}) {
        feel::Value value = stored.get(name);
        const bool coordinate = name[0] == 'x' || name[0] == 'y';
        if (coordinate && value.kind() == feel::Kind::string) {
            const auto number = Decimal::parse(value.as_string());
            value = number ? feel::Value::number(*number) : feel::Value{};
        }
        const auto wanted = coordinate ? feel::Kind::number : feel::Kind::string;
        entries.emplace_back(name, value.kind() == wanted ? value : feel::Value{});
    }
    return {feel::Value::context(std::move(entries))};
}

Typed accept_boolean(const feel::Value& stored) {
    if (stored.kind() == feel::Kind::boolean) return {stored};
    if (stored.kind() == feel::Kind::string) return yes_or_no(stored.as_string());
    return {{}, "field_choice"};
}

}  // namespace

Typed accept(const Question& question, const feel::Value& stored) {
    if (stored.is_null()) return {};
    switch (question.type) {
        case QuestionType::yes_no: return accept_boolean(stored);
        case QuestionType::confirm: return confirmed(accept_boolean(stored));
        case QuestionType::number:
        case QuestionType::money: return accept_number(question, stored);
        case QuestionType::date:
        case QuestionType::month: return accept_date(question, stored);
        case QuestionType::choices: return accept_choices(question, stored);
        case QuestionType::address: return accept_address(stored);
        case QuestionType::file: return {stored};
        default: break;
    }
    if (stored.kind() != feel::Kind::string) return {{}, "field_text"};
    if (question.type == QuestionType::choice)
        return is_option(question, stored.as_string()) ? Typed{stored} : Typed{{}, "field_choice"};
    return text_typed(question.type, stored.as_string());
}

}  // namespace kiepe::catalogue
