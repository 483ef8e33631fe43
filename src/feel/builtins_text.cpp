// DMN 1.5 section 10.3.4.3, text functions, and the conversions to text and number of 10.3.4.1. Lengths and places count code points.
#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "base/text.h"
#include "feel/builtin.h"
#include "feel/regex.h"

namespace kiepe::feel {

using detail::items;
using detail::text;

namespace {

bool is_text(const Arguments& a, std::size_t i) { return a.kind(i) == Kind::string; }

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// Byte offset of the n-th code point (from 0); the size where there are fewer.
std::size_t offset_of(const std::string& s, std::size_t n) {
    std::size_t i = 0;
    while (i < s.size() && n > 0) {
        ++i;
        while (i < s.size() && is_continuation(s[i])) ++i;
        --n;
    }
    return i;
}

Value to_string(Arguments& a) {
    if (a.kind(0) == Kind::null) return {};
    if (is_text(a, 0)) return a[0];
    return Value::string(a[0].text());
}

Value string_length(Arguments& a) {
    if (!is_text(a, 0)) return a.fail("the argument is no text");
    return Value::number(static_cast<std::int64_t>(length_utf8(text(a[0]))));
}

Value substring(Arguments& a) {
    if (!is_text(a, 0) || a.kind(1) != Kind::number) return a.fail("a text and a number are needed");
    const std::string& s = text(a[0]);
    const auto size = static_cast<std::int64_t>(length_utf8(s));
    const auto whole = round(a[1].number_bits(), 0, Decimal::Rounding::down);
    const auto start = whole ? whole->to_int() : std::nullopt;
    if (!start || *start == 0 || *start > size || *start < -size) return a.fail("the start position is outside of the text");
    const std::int64_t from = *start > 0 ? *start - 1 : size + *start;
    std::int64_t count = size - from;
    if (a.has(2) && a.kind(2) != Kind::null) {
        if (a.kind(2) != Kind::number) return a.fail("the length is no number");
        const auto wanted_whole = round(a[2].number_bits(), 0, Decimal::Rounding::down);
        const auto wanted = wanted_whole ? wanted_whole->to_int() : std::nullopt;
        if (!wanted || *wanted < 1) return a.fail("the length is below 1");
        count = std::min(count, *wanted);
    }
    const std::size_t begin = offset_of(s, static_cast<std::size_t>(from));
    const std::size_t length = offset_of(s.substr(begin), static_cast<std::size_t>(count));
    return Value::string(s.substr(begin, length));
}

Value change_case(Arguments& a, bool upper) {
    if (!is_text(a, 0)) return a.fail("the argument is no text");
    icu::UnicodeString s = icu::UnicodeString::fromUTF8(text(a[0]));
    upper ? s.toUpper(icu::Locale::getRoot()) : s.toLower(icu::Locale::getRoot());
    std::string out;
    s.toUTF8String(out);
    return Value::string(std::move(out));
}
Value upper_case(Arguments& a) { return change_case(a, true); }
Value lower_case(Arguments& a) { return change_case(a, false); }

Value substring_before(Arguments& a) {
    if (!is_text(a, 0) || !is_text(a, 1)) return a.fail("two texts are needed");
    const auto place = text(a[0]).find(text(a[1]));
    return Value::string(place == std::string::npos ? "" : text(a[0]).substr(0, place));
}

Value substring_after(Arguments& a) {
    if (!is_text(a, 0) || !is_text(a, 1)) return a.fail("two texts are needed");
    const auto place = text(a[0]).find(text(a[1]));
    return Value::string(place == std::string::npos ? "" : text(a[0]).substr(place + text(a[1]).size()));
}

enum class Where { anywhere, begin, end };
template <Where where>
Value has_part(Arguments& a) {
    if (!is_text(a, 0) || !is_text(a, 1)) return a.fail("two texts are needed");
    const std::string& s = text(a[0]);
    const std::string& part = text(a[1]);
    if (where == Where::begin) return Value::boolean(s.starts_with(part));
    if (where == Where::end) return Value::boolean(s.ends_with(part));
    return Value::boolean(s.find(part) != std::string::npos);
}

bool flags_of(const Arguments& a, std::size_t i, std::string& flags) {
    if (!a.has(i) || a.kind(i) == Kind::null) return true;
    if (!is_text(a, i)) return false;
    flags = text(a[i]);
    return true;
}

Value matches(Arguments& a) {
    std::string flags;
    if (!is_text(a, 0) || !is_text(a, 1) || !flags_of(a, 2, flags)) return a.fail("texts are needed");
    const auto found = regex_matches(text(a[0]), text(a[1]), flags);
    return found ? Value::boolean(*found) : a.fail("the pattern or the flags are wrong, or matching takes too long");
}

Value replace(Arguments& a) {
    std::string flags;
    if (!is_text(a, 0) || !is_text(a, 1) || !is_text(a, 2) || !flags_of(a, 3, flags)) return a.fail("texts are needed");
    auto out = regex_replace(text(a[0]), text(a[1]), text(a[2]), flags);
    return out ? Value::string(std::move(*out)) : a.fail("the pattern, the replacement or the flags are wrong, or it takes too long");
}

Value split_text(Arguments& a) {
    if (!is_text(a, 0) || !is_text(a, 1)) return a.fail("two texts are needed");
    const auto parts = regex_split(text(a[0]), text(a[1]));
    if (!parts) return a.fail("the delimiter is no regular expression, or splitting takes too long");
    List list;
    for (const auto& part : *parts) list.push_back(Value::string(part));
    return Value::list(std::move(list));
}

Value string_join(Arguments& a) {
    List single;
    if (is_text(a, 0)) single.push_back(a[0]);
    else if (a.kind(0) != Kind::list) return a.fail("a list of texts is needed");
    const List& list = a.kind(0) == Kind::list ? items(a[0]) : single;
    if (a.has(1) && a.kind(1) != Kind::null && !is_text(a, 1)) return a.fail("the delimiter is no text");
    const std::string delimiter = a.has(1) && is_text(a, 1) ? text(a[1]) : "";
    std::string out;
    bool first = true;
    for (const auto& item : list) {
        if (item.is_null()) continue;
        if (item.kind() != Kind::string) return a.fail("the list holds something that is no text");
        if (!first) out += delimiter;
        out += text(item);
        first = false;
    }
    return Value::string(std::move(out));
}

/// number(from, grouping separator, decimal separator)
Value to_number(Arguments& a) {
    if (a.count == 1 && a.kind(0) == Kind::number) return a[0];
    if (!is_text(a, 0)) return a.fail("the argument is no text");
    std::string grouping;
    std::string point = ".";
    if (a.has(1) && a.kind(1) != Kind::null) {
        if (!is_text(a, 1)) return a.fail("the grouping separator is no text");
        grouping = text(a[1]);
        if (grouping != " " && grouping != "," && grouping != ".") return a.fail("the grouping separator must be a blank, a comma or a point");
    }
    if (a.has(2) && a.kind(2) != Kind::null) {
        if (!is_text(a, 2)) return a.fail("the decimal separator is no text");
        point = text(a[2]);
        if (point != "," && point != ".") return a.fail("the decimal separator must be a comma or a point");
    }
    if (a.count > 1 && grouping == point) return a.fail("both separators are the same");
    std::string digits = text(a[0]);
    if (!grouping.empty()) digits = replace_all(std::move(digits), grouping, "");
    if (point == ",") {
        if (digits.find('.') != std::string::npos) return a.fail("the text is no number");
        digits = replace_all(std::move(digits), ",", ".");
    }
    const auto number = Decimal::parse(digits);
    return number ? Value::number(*number) : a.fail("the text is no number");
}

}  // namespace

std::vector<Builtin> text_builtins() {
    return {
        {"string", "from", 1, 1, to_string, "string"},
        {"number", "from,grouping separator,decimal separator", 1, 3, to_number, "number"},
        {"string length", "string", 1, 1, string_length, "number"},
        {"substring", "string,start position,length", 2, 3, substring, "string"},
        {"upper case", "string", 1, 1, upper_case, "string"},
        {"lower case", "string", 1, 1, lower_case, "string"},
        {"substring before", "string,match", 2, 2, substring_before, "string"},
        {"substring after", "string,match", 2, 2, substring_after, "string"},
        {"contains", "string,match", 2, 2, has_part<Where::anywhere>, "boolean"},
        {"starts with", "string,match", 2, 2, has_part<Where::begin>, "boolean"},
        {"ends with", "string,match", 2, 2, has_part<Where::end>, "boolean"},
        {"matches", "input,pattern,flags", 2, 3, matches, "boolean"},
        {"replace", "input,pattern,replacement,flags", 3, 4, replace, "string"},
        {"split", "string,delimiter", 2, 2, split_text, "strings"},
        {"string join", "list,delimiter", 1, 2, string_join, "string"},
    };
}

}  // namespace kiepe::feel
