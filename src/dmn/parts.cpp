#include "dmn/parts.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/text.h"
#include "feel/feel.h"

namespace kiepe::dmn {
namespace {

using feel::Kind;
using feel::Value;

// ---- What a cell compares with (grammar rules 7 to 17 of DMN 1.5, section 10.3.1.2)

/// Positions at the top level of a FEEL text: outside of strings, and of brackets opened in it.
class Shape {
public:
    explicit Shape(std::string_view text) : text_(text), depth_(text.size(), 0) {
        int depth = 0;
        bool quoted = false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (quoted && text[i] == '\\' && i + 1 < text.size()) {
                depth_[i] = depth_[i + 1] = 1;
                ++i;
                continue;
            }
            const bool quote = text[i] == '"';
            const bool opens = !quoted && (text[i] == '(' || text[i] == '[' || text[i] == '{');
            const bool closes = !quoted && (text[i] == ')' || text[i] == ']' || text[i] == '}');
            if (closes) --depth;
            depth_[i] = quoted || quote || opens || closes ? depth + 1 : depth;
            if (opens) ++depth;
            if (quote) quoted = !quoted;
        }
    }

    std::size_t find(std::string_view word, std::size_t from = 0) const {
        for (std::size_t at = text_.find(word, from); at != std::string_view::npos; at = text_.find(word, at + 1))
            if (depth_[at] == 0) return at;
        return std::string_view::npos;
    }

    std::vector<std::string_view> split(std::string_view word) const {
        std::vector<std::string_view> pieces;
        std::size_t begin = 0;
        for (std::size_t at = find(word); at != std::string_view::npos; at = find(word, begin)) {
            pieces.push_back(trim(text_.substr(begin, at - begin)));
            begin = at + word.size();
        }
        pieces.push_back(trim(text_.substr(begin)));
        return pieces;
    }

    /// True where the bracket at `open` is closed by the last character.
    bool encloses(std::size_t open) const {
        if (text_.empty() || text_.back() != ')' || open >= text_.size() || text_[open] != '(') return false;
        for (std::size_t i = open + 1; i + 1 < text_.size(); ++i)
            if (text_[i] == ')' && depth_[i] == depth_[open]) return false;
        return true;
    }

private:
    std::string_view text_;
    std::vector<int> depth_;
};

class Reading {
public:
    explicit Reading(const Value& fixed) : fixed_(fixed) {
        for (const auto& [name, value] : fixed.as_context()) names_.names[name] = feel::Type{};
    }

    bool tests(std::string_view text) {
        text = trim(text);
        if (text == "-" || text.empty()) return true;
        if (text.starts_with("not")) {
            const std::size_t open = text.find_first_not_of(' ', 3);
            if (Shape(text).encloses(open)) return tests(text.substr(open + 1, text.size() - open - 2));
        }
        for (const auto& piece : Shape(text).split(","))
            if (!test(piece)) return false;
        return true;
    }

    Compared result = {};

private:
    bool test(std::string_view text) {
        if (text.find('?') != std::string_view::npos && !constant(text)) return condition(text);
        for (const std::string_view sign : {"<=", ">=", "!=", "<", ">", "="}) {
            if (!text.starts_with(sign)) continue;
            result.ordered = result.ordered || (sign != "=" && sign != "!=");
            return constant(text.substr(sign.size()));
        }
        return range(text) || constant(text);
    }

    /// `[a..b]`, `(a..b)`, `]a..b[`
    bool range(std::string_view text) {
        if (text.size() < 5) return false;
        const bool opens = text.front() == '[' || text.front() == '(' || text.front() == ']';
        const bool closes = text.back() == ']' || text.back() == ')' || text.back() == '[';
        if (!opens || !closes) return false;
        const std::string_view inside = text.substr(1, text.size() - 2);
        const auto ends = Shape(inside).split("..");
        if (ends.size() != 2 || !constant(ends[0]) || !constant(ends[1])) return false;
        result.ordered = true;
        return true;
    }

    /// Comparisons of `?` joined by and, or, not.
    bool condition(std::string_view text) {
        text = trim(text);
        const Shape shape(text);
        if (shape.encloses(0)) return condition(text.substr(1, text.size() - 2));
        for (const std::string_view word : {" or ", " and "}) {
            const auto pieces = shape.split(word);
            if (pieces.size() < 2) continue;
            return std::all_of(pieces.begin(), pieces.end(), [&](std::string_view piece) { return condition(piece); });
        }
        if (text.starts_with("not(") && shape.encloses(3)) return condition(text.substr(4, text.size() - 5));
        if (!text.starts_with("?")) return false;
        const std::string_view rest = trim(text.substr(1));
        if (rest.starts_with("in ") || rest.starts_with("in(") || rest.starts_with("in[")) {
            const std::string_view list = trim(rest.substr(2));
            return Shape(list).encloses(0) && !range(list) ? tests(list.substr(1, list.size() - 2)) : test(list);
        }
        return !rest.empty() && std::string_view("<>=!").find(rest.front()) != std::string_view::npos && test(rest);
    }

    bool constant(std::string_view text) {
        const auto code = feel::compile(trim(text), names_);
        if (!code) return false;
        const Value value = code->evaluate(fixed_);
        if (value.kind() == Kind::range || value.kind() == Kind::function || value.kind() == Kind::context) return false;
        if (value.kind() == Kind::list) {
            for (const auto& item : value.as_list()) {
                if (item.kind() == Kind::list || item.kind() == Kind::range || item.kind() == Kind::context) return false;
                result.values.push_back(item);
            }
            return true;
        }
        result.values.push_back(value);
        return true;
    }

    const Value& fixed_;
    feel::Names names_;
};

// ---- Parts

Value evaluate(const char* expression, const Value& a, const Value& b) {
    feel::Names names;
    names.names = {{"a", {}}, {"b", {}}};
    const auto code = feel::compile(expression, names);
    return code ? code->evaluate(Value::context({{"a", a}, {"b", b}})) : Value();
}

bool is_less(const Value& a, const Value& b) { return feel::less(a, b) == true; }

/// The values strictly between two ends, either of which may be missing (null).
class Between {
public:
    explicit Between(const Domain& domain) : domain_(domain) {}

    /// Up to three values: near the lower end, in the middle, near the upper end.
    std::vector<Value> of(Kind kind, const Value& low, const Value& high) const {
        std::vector<Value> found;
        const auto keep = [&](const Value& value) {
            const bool inside = !value.is_null() && (low.is_null() || is_less(low, value)) && (high.is_null() || is_less(value, high));
            if (inside && std::none_of(found.begin(), found.end(), [&](const Value& v) { return feel::equal(v, value) == true; })) found.push_back(value);
        };
        switch (kind) {
            case Kind::number: numbers(low, high, keep); break;
            case Kind::date: dates(low, high, keep); break;
            case Kind::years_months_duration:
                if (!low.is_null()) keep(Value::months_duration(low.as_months() + 1));
                if (!high.is_null()) keep(Value::months_duration(high.as_months() - 1));
                if (low.is_null() && high.is_null()) keep(Value::months_duration(0));
                break;
            default: moments(kind, low, high, keep);
        }
        return found;
    }

    bool on_grid(const Value& value) const {
        if (value.is_number() && domain_.digits) {
            const auto rounded = round(value.as_number(), *domain_.digits, Decimal::Rounding::floor);
            return rounded && *rounded == value.as_number();
        }
        if (value.kind() == Kind::date && domain_.type == Domain::Type::month) return first_of_month(value);
        return true;
    }

private:
    static bool first_of_month(const Value& value) { return std::chrono::year_month_day(value.as_date()).day() == std::chrono::day{1}; }

    static std::optional<Decimal> step(int digits) {
        std::string text = "0.";
        if (digits <= 0) return Decimal{1};
        text.append(static_cast<std::size_t>(digits - 1), '0');
        return Decimal::parse(text + "1");
    }

    /// The next number above (below) with so many places.
    static Value above(const Value& value, int digits) {
        const auto floor = round(value.as_number(), digits, Decimal::Rounding::floor);
        const auto unit = step(digits);
        const auto next = floor && unit ? add(*floor, *unit) : std::nullopt;
        return next ? Value::number(*next) : Value();
    }
    static Value below(const Value& value, int digits) {
        const auto ceiling = round(value.as_number(), digits, Decimal::Rounding::ceiling);
        const auto unit = step(digits);
        const auto next = ceiling && unit ? subtract(*ceiling, *unit) : std::nullopt;
        return next ? Value::number(*next) : Value();
    }

    template <class Keep>
    void numbers(const Value& low, const Value& high, const Keep& keep) const {
        if (low.is_null() && high.is_null()) return keep(Value::number(0));
        constexpr int kDigits = 30;
        int digits = domain_.digits.value_or(0);
        // without a grid: as few places as lie between the ends
        if (!domain_.digits && !low.is_null() && !high.is_null())
            while (digits < kDigits && !is_less(above(low, digits), high)) ++digits;
        if (!low.is_null()) keep(above(low, digits));
        else keep(below(high, digits));
        if (!domain_.digits) {
            if (!low.is_null() && !high.is_null()) keep(evaluate("(a + b) / 2", low, high));
            if (!low.is_null()) keep(above(low, digits + 3));
            if (!high.is_null()) keep(below(high, digits + 3));
        }
        if (!high.is_null()) keep(below(high, digits));
    }

    template <class Keep>
    void dates(const Value& low, const Value& high, const Keep& keep) const {
        if (domain_.type == Domain::Type::month) {
            constexpr const char* kNext = "date(a.year, a.month, 1) + duration(\"P1M\")";
            constexpr const char* kBefore = "date((b - duration(\"P1D\")).year, (b - duration(\"P1D\")).month, 1)";
            if (!low.is_null()) keep(evaluate(kNext, low, high));
            if (!high.is_null()) keep(evaluate(kBefore, low, high));
        } else {
            if (!low.is_null()) keep(Value::days(low.as_days() + 1));
            if (!high.is_null()) keep(Value::days(high.as_days() - 1));
        }
        if (low.is_null() && high.is_null()) keep(Value::days(20'454));  // 1 January 2026
    }

    /// Times, dates with time and durations, which have no smallest step.
    template <class Keep>
    static void moments(Kind kind, const Value& low, const Value& high, const Keep& keep) {
        if (kind == Kind::time) {
            const Value begin = Value::time("00:00:00"), end = Value::time("23:59:59.999999999");
            if (low.is_null()) keep(begin);
            if (high.is_null()) keep(end);
            keep(evaluate("a + (b - a) / 2", low.is_null() ? begin : low, high.is_null() ? end : high));
        } else if (!low.is_null() && !high.is_null()) {
            keep(evaluate("a + (b - a) / 2", low, high));
            keep(evaluate("a + (b - a) / 100", low, high));
        } else if (!low.is_null()) {
            keep(evaluate("a + duration(\"PT1H\")", low, high));
        } else if (!high.is_null()) {
            keep(evaluate("b - duration(\"PT1H\")", low, high));
        } else {
            keep(kind == Kind::date_time ? Value::date_time("2026-01-01T12:00:00") : Value::duration("PT0S"));
        }
    }

    const Domain& domain_;
};

std::optional<Kind> kind_of(const Domain& domain, const std::vector<Value>& mentioned) {
    switch (domain.type) {
        case Domain::Type::number: return Kind::number;
        case Domain::Type::text: return Kind::string;
        case Domain::Type::boolean: return Kind::boolean;
        case Domain::Type::date:
        case Domain::Type::month: return Kind::date;
        case Domain::Type::unknown: break;
    }
    std::optional<Kind> kind;
    for (const auto& value : mentioned) {
        if (value.is_null()) continue;
        if (kind && *kind != value.kind()) return std::nullopt;
        kind = value.kind();
    }
    return kind;
}

/// Texts: each that is mentioned, and one that stands for all others.
std::vector<Part> texts(const std::vector<Value>& mentioned) {
    std::vector<Part> parts;
    std::size_t longest = 0;
    for (const auto& value : mentioned) longest = std::max(longest, value.as_string().size());
    for (const auto& value : mentioned) parts.push_back({value, {}});
    std::string other = "something else";
    while (std::any_of(mentioned.begin(), mentioned.end(), [&](const Value& v) { return v.as_string() == other; })) other += "!";
    parts.push_back({Value::string(other), {Value::string(std::string(longest + 1, 'x'))}});
    return parts;
}

void add_interval(std::vector<Part>& parts, const Between& between, Kind kind, const Value& low, const Value& high) {
    auto values = between.of(kind, low, high);
    if (values.empty()) return;
    const Value first = values.front();
    values.erase(values.begin());
    parts.push_back({first, std::move(values)});
}

std::optional<std::vector<Part>> intervals(const Domain& domain, Kind kind, std::vector<Value> points) {
    for (const auto& end : {domain.least, domain.most})
        if (end) points.push_back(*end);
    for (std::size_t i = 1; i < points.size(); ++i)
        if (!feel::less(points[i - 1], points[i])) return std::nullopt;  // such as times of different zones
    std::sort(points.begin(), points.end(), is_less);
    points.erase(std::unique(points.begin(), points.end(), [](const Value& a, const Value& b) { return feel::equal(a, b) == true; }), points.end());
    const Between between(domain);
    std::vector<Part> parts;
    if (points.empty()) {
        add_interval(parts, between, kind, {}, {});
        return parts;
    }
    add_interval(parts, between, kind, {}, points.front());
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (between.on_grid(points[i])) parts.push_back({points[i], {}});
        add_interval(parts, between, kind, points[i], i + 1 < points.size() ? points[i + 1] : Value());
    }
    std::erase_if(parts, [&](const Part& part) {
        return (domain.least && is_less(part.value, *domain.least)) || (domain.most && is_less(*domain.most, part.value));
    });
    return parts;
}

}  // namespace

std::optional<Compared> compared(std::string_view tests, const feel::Value& fixed) {
    Reading reading(fixed);
    if (!reading.tests(tests)) return std::nullopt;
    return std::move(reading.result);
}

std::optional<std::vector<Part>> parts_of(const Domain& domain, std::vector<Value> mentioned, bool ordered) {
    const auto kind = domain.values.empty() ? kind_of(domain, mentioned) : domain.values.front().kind();
    std::vector<Value> points;
    std::set<std::string> seen;
    for (const auto& value : mentioned) {
        if (!kind || value.kind() != *kind) continue;
        if (value.kind() != Kind::string || seen.insert(value.as_string()).second) points.push_back(value);
    }
    std::vector<Part> parts;
    if (!domain.values.empty()) {
        for (const auto& value : domain.values) parts.push_back({value, {}});
    } else if (!kind) {
        const bool nothing = std::all_of(mentioned.begin(), mentioned.end(), [](const Value& v) { return v.is_null(); });
        if (!nothing) return std::nullopt;
        parts.push_back({Value::string("something"), {}});
    } else if (*kind == Kind::boolean) {
        parts = {{Value::boolean(true), {}}, {Value::boolean(false), {}}};
    } else if (*kind == Kind::string) {
        if (ordered) return std::nullopt;
        parts = texts(points);
    } else {
        auto cut = intervals(domain, *kind, std::move(points));
        if (!cut) return std::nullopt;
        parts = std::move(*cut);
    }
    if (domain.null != Domain::Null::no) parts.push_back({Value(), {}, domain.null == Domain::Null::maybe});
    return parts;
}

}  // namespace kiepe::dmn
