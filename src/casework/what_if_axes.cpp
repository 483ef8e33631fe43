#include "casework/what_if_axes.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "casework/surroundings.h"

namespace kiepe::casework {

using catalogue::Question;
using catalogue::QuestionType;
using feel::Value;

namespace {

constexpr std::int64_t kFar = 1'000'000'000'000'000;   // steps; no amount of a form lies beyond
constexpr std::size_t kMostConstants = 12;

/// Who somebody is (AGG section 1, GDPR Art. 9) is nobody's to change; a package must declare it, this is the second lock.
bool is_identity(const std::string& profile) {
    static const std::set<std::string> attributes{"first_name", "last_name", "birth_name", "birth_date", "age", "sex", "gender", "disability",
                                                  "religion", "nationality", "health", "iban", "registered_address"};
    return attributes.contains(profile);
}

bool is_numeric(QuestionType type) { return type == QuestionType::number || type == QuestionType::money; }

bool may_be_tried(const Question& question) {
    if (question.kind != Question::Kind::ask || question.fixed || !question.protected_attribute.empty() || is_identity(question.from_profile)) return false;
    switch (question.type) {
        case QuestionType::number:
        case QuestionType::money:
        case QuestionType::date:
        case QuestionType::month:
        case QuestionType::choice:
        case QuestionType::yes_no: return true;
        default: return false;
    }
}

std::int64_t power_of_ten(int digits) {
    std::int64_t power = 1;
    for (int i = 0; i < std::min(digits, 9); ++i) power *= 10;
    return power;
}

std::optional<std::int64_t> steps_of(Decimal number, std::int64_t scale, Decimal::Rounding rounding = Decimal::Rounding::half_even) {
    const auto scaled = multiply(number, Decimal(scale));
    const auto whole = scaled ? round(*scaled, 0, rounding) : std::nullopt;
    return whole ? whole->to_int() : std::nullopt;
}

std::int64_t month_number(Day day) {
    const std::chrono::year_month_day date(day);
    return std::int64_t{int(date.year())} * 12 + unsigned(date.month()) - 1;
}

/// What stands between <text> and </text> of the cells of decision tables: that is what inputs are compared with.
std::vector<std::string> cells_of(const catalogue::Package& package) {
    std::vector<std::string> cells;
    for (const auto& [path, content] : package.files) {
        if (!path.ends_with(".dmn")) continue;
        for (auto at = content.find("inputEntry "); at != std::string::npos; at = content.find("inputEntry ", at + 1)) {
            const auto from = content.find("<text>", at), to = content.find("</text>", at);
            if (from != std::string::npos && to != std::string::npos && from < to) cells.push_back(content.substr(from + 6, to - from - 6));
        }
    }
    return cells;
}

/// Numbers in the cells, and law parameters that they name.
std::vector<Decimal> constants_of(const catalogue::Package& package, const Value& context) {
    std::set<std::string> words;
    for (const auto& cell : cells_of(package)) {
        std::string word;
        for (const char c : cell + " ") {
            const auto letter = static_cast<unsigned char>(c);
            if (std::isalnum(letter) || c == '_' || c == '.') word += c;
            else if (!word.empty()) words.insert(std::exchange(word, {}));
        }
    }
    std::vector<Decimal> constants;
    for (const auto& word : words) {
        const auto number = Decimal::parse(word);
        const Value named = number || word.find('.') == std::string::npos ? Value() : context.at(word);
        if (number) constants.push_back(*number);
        else if (named.is_number()) constants.push_back(named.as_number());
    }
    return constants;
}

/// Samples to both sides, nearest first, each once.
void sort_samples(Axis& axis, const std::set<std::int64_t>& samples) {
    axis.above.assign(samples.upper_bound(axis.at), samples.end());
    axis.below.assign(samples.begin(), samples.lower_bound(axis.at));
    std::reverse(axis.below.begin(), axis.below.end());
}

/// Constants of the rules that lie next to the value first; with the steps around them, since a rule may include its limit or not.
void add_constants(const std::vector<Decimal>& constants, const Axis& axis, std::int64_t low, std::int64_t high, std::set<std::int64_t>& samples) {
    std::vector<std::int64_t> within;
    for (const auto constant : constants)
        if (const auto step = steps_of(constant, axis.scale, Decimal::Rounding::floor); step && *step >= low && *step <= high) within.push_back(*step);
    std::sort(within.begin(), within.end(), [&](auto a, auto b) {
        const auto near = std::abs(a - axis.at), other = std::abs(b - axis.at);
        return near != other ? near < other : a < b;
    });
    within.erase(std::unique(within.begin(), within.end()), within.end());
    if (within.size() > kMostConstants) within.resize(kMostConstants);
    for (const auto step : within)
        for (const std::int64_t near : {step - 1, step, step + 1})
            if (near >= low && near <= high) samples.insert(near);
}

/// Amounts are not below 0 where nobody said so, and what nobody bounded above is tried up to ten times what it is.
void number_samples(Axis& axis, const std::vector<Decimal>& constants) {
    const auto& question = *axis.question;
    const auto least = question.least ? steps_of(*question.least, axis.scale, Decimal::Rounding::ceiling) : std::nullopt;
    const auto most = question.most ? steps_of(*question.most, axis.scale, Decimal::Rounding::floor) : std::nullopt;
    const std::int64_t low = least.value_or(std::min<std::int64_t>(0, axis.at));
    const std::int64_t size = std::max(std::abs(axis.at), axis.scale);
    const std::int64_t high = most.value_or(std::min(kFar, axis.at + 9 * size + 100 * axis.scale));
    std::set<std::int64_t> samples{low, high};
    constexpr std::int64_t kSixteenths[] = {1, 2, 4, 6, 8, 10, 12, 14, 15};
    for (const auto part : kSixteenths) samples.insert(axis.at - (axis.at - low) / 16 * part);
    constexpr std::int64_t kTenths[] = {1, 2, 5, 10, 20, 40};
    for (const auto part : kTenths) samples.insert(std::min(high, axis.at + std::max<std::int64_t>(size / 10, 1) * part));
    add_constants(constants, axis, low, high, samples);
    sort_samples(axis, samples);
}

/// Near days, and the days on which an act of the package changes.
void day_samples(Axis& axis, const catalogue::Package& package, const catalogue::Law& law) {
    const bool month = axis.question->type == QuestionType::month;
    std::set<std::int64_t> samples;
    constexpr std::int64_t kDays[] = {1, 7, 14, 30, 61, 91, 183, 365, 731, 1826, 3653};
    constexpr std::int64_t kMonths[] = {1, 2, 3, 6, 12, 24, 60};
    for (const auto days : kDays)
        if (!month) samples.insert({axis.at - days, axis.at + days});
    for (const auto months : kMonths)
        if (month) samples.insert({axis.at - months, axis.at + months});
    for (const auto& code : package.service.acts) {
        const auto* act = law.act(code);
        for (const auto& parameter : act ? act->parameters : std::vector<catalogue::Parameter>{})
            for (const auto& row : parameter.values) {
                const std::int64_t change = month ? month_number(row.from) : row.from.time_since_epoch().count();
                if (std::abs(change - axis.at) < (month ? 60 : 1826)) samples.insert({change - 1, change});
            }
    }
    sort_samples(axis, samples);
}

/// False where the answer is not on the question's grid.
bool place(Axis& axis) {
    if (is_numeric(axis.question->type)) {
        axis.scale = power_of_ten(axis.question->digits);
        const auto step = axis.now.is_number() ? steps_of(axis.now.as_number(), axis.scale) : std::optional<std::int64_t>(0);
        axis.at = step.value_or(kFar);
        return std::abs(axis.at) < kFar;
    }
    if (axis.now.kind() != feel::Kind::date) return false;
    axis.at = axis.question->type == QuestionType::month ? month_number(axis.now.as_date()) : axis.now.as_days();
    return true;
}

std::vector<Value> other_values(const Question& question, const Value& now) {
    std::vector<Value> all;
    if (question.type == QuestionType::yes_no) all = {Value::boolean(false), Value::boolean(true)};
    for (const auto& [code, label] : question.options) all.push_back(Value::string(code));
    std::erase(all, now);
    return all;
}

Axis::Closeness closeness(const catalogue::Package& package, const Preparation& base, const std::string& path) {
    auto closest = Axis::Closeness::other;
    for (const auto& code : base.reasons) {
        const auto reason = package.reasons.find(code);
        if (reason == package.reasons.end()) continue;
        if (!reason->second.nearest_change.empty() && is_below(reason->second.nearest_change, path)) return Axis::Closeness::named;
        for (const auto& fact : reason->second.facts)
            if (is_below(fact, path)) closest = Axis::Closeness::fact;
    }
    return closest;
}

}  // namespace

bool is_below(const std::string& pattern, const std::string& path) {
    const std::string plain = without_indexes(path);
    return plain == pattern || plain.starts_with(pattern + ".");
}

Value Axis::value(std::int64_t step) const {
    switch (question->type) {
        case QuestionType::month: {
            const auto year = static_cast<int>(step / 12);
            return Value::date(Day(std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(step % 12) + 1) / 1));
        }
        case QuestionType::date: return Value::days(step);
        default: break;
    }
    const auto number = divide(Decimal(step), Decimal(scale));
    return number ? Value::number(*number) : Value();
}

std::vector<Axis> axes_of(const catalogue::Package& package, const catalogue::Law& law, const Preparation& base) {
    const auto constants = constants_of(package, base.context);
    std::vector<Axis> axes;
    for (const auto& asked : base.evaluation.visible) {
        const auto& question = *asked.question;
        Axis axis;
        axis.path = asked.path;
        axis.question = &question;
        axis.now = base.context.at(asked.path);
        if (!may_be_tried(question) || (axis.now.is_null() && !question.optional)) continue;
        axis.closeness = closeness(package, base, asked.path);
        if (question.type == QuestionType::choice || question.type == QuestionType::yes_no) {
            axis.options = other_values(question, axis.now);
            if (axis.options.empty()) continue;
        } else {
            if (!place(axis)) continue;
            if (is_numeric(question.type)) number_samples(axis, constants);
            else day_samples(axis, package, law);
        }
        axes.push_back(std::move(axis));
    }
    return axes;
}

}  // namespace kiepe::casework
