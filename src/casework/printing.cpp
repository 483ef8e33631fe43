#include "casework/printing.h"

#include <algorithm>
#include <cctype>

#include "base/date.h"
#include "base/text.h"
#include "casework/surroundings.h"
#include "language/language.h"

namespace kiepe::casework {

using feel::Value;

namespace {

std::string attribute(std::string_view tag, std::string_view name) {
    const std::string start = " " + std::string(name) + "=\"";
    const auto at = tag.find(start);
    if (at == std::string_view::npos) return "";
    const auto from = at + start.size();
    return std::string(tag.substr(from, tag.find('"', from) - from));
}

/// Types of the model's decisions as their variables declare them. The file was read and checked as XML when the package was loaded;
/// here only the attributes of <variable> matter.
std::map<std::string, std::string> types_of_variables(const catalogue::Package& package) {
    std::map<std::string, std::string> types;
    for (const auto& [path, content] : package.files) {
        if (!path.ends_with(".dmn")) continue;
        const std::string_view text = content;
        for (auto at = text.find("variable "); at != std::string_view::npos; at = text.find("variable ", at + 1)) {
            const auto tag = text.substr(at, text.find('>', at) - at);
            if (const auto name = attribute(tag, "name"); !name.empty()) types[name] = attribute(tag, "typeRef");
        }
    }
    return types;
}

bool is_path(std::string_view source) {
    return !source.empty() && !std::isdigit(static_cast<unsigned char>(source[0])) &&
           std::all_of(source.begin(), source.end(), [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.' || c == '[' || c == ']'; });
}

std::string last_part(const std::string& path) {
    const auto dot = path.rfind('.');
    return dot == std::string::npos ? path : path.substr(dot + 1);
}

}  // namespace

Printer::Printer(const catalogue::Package& package, std::string_view language)
    : package_(package), language_(language), decision_types_(types_of_variables(package)) {
    for (const auto& [name, type] : package.service.decision_results) decision_types_[name] = type;
    if (!package.service.fee.decision.empty()) decision_types_[package.service.fee.decision] = "money";
}

const catalogue::Question* Printer::question_of(const std::string& path) const {
    const auto dot = path.find('.');
    const auto loop = loops_.find(path.substr(0, dot));
    if (loop != loops_.end() && dot != std::string::npos) return package_.form.question_at(loop->second + "[1]" + path.substr(dot));
    if (const auto* question = package_.form.question_at(path)) return question;
    return package_.form.question(path);
}

std::string Printer::type_of_decision(const std::string& name) const {
    const auto found = decision_types_.find(name);
    return found == decision_types_.end() ? std::string() : found->second;
}

std::string Printer::number_text(const std::string& path, Decimal number) {
    if (const auto* question = question_of(path)) return catalogue::answer_text(*question, Value::number(number), language_, package_);
    const std::string type = type_of_decision(last_part(path));
    if (type == "money" || type == "t_money") return language::format_money(language_, number);
    if (type.starts_with("t_") || type == "count") return language::format_number(language_, number);
    problems.push_back("untyped number: " + path);
    return language::format_number(language_, number);
}

std::string Printer::value_text(const std::string& path, const Value& value) {
    switch (value.kind()) {
        case feel::Kind::null: return "";
        case feel::Kind::number: return number_text(path, value.as_number());
        case feel::Kind::date: {
            const auto* question = question_of(path);
            if (question && question->type == catalogue::QuestionType::month) return language::format_month(language_, value.as_date());
            return language::format_date_short(language_, value.as_date());
        }
        case feel::Kind::boolean: return package_.program_text(language_, value.as_boolean() ? "yes" : "no");
        default: break;
    }
    if (const auto* question = question_of(path)) return catalogue::answer_text(*question, value, language_, package_);
    return value.kind() == feel::Kind::string ? value.as_string() : value.text();
}

documents::Runs Printer::print(const std::vector<catalogue::Piece>& pieces, const Value& scope) {
    documents::Runs runs;
    const auto add = [&](std::string text, bool bold) {
        if (!runs.empty() && runs.back().bold == bold) runs.back().text += text;
        else runs.push_back({std::move(text), bold});
    };
    for (const auto& piece : pieces) {
        if (!piece.value) {
            add(piece.text, piece.bold);
            continue;
        }
        std::vector<feel::Diagnostic> errors;
        const Value value = piece.value->evaluate(scope, &errors);
        if (!errors.empty()) problems.push_back(piece.text + ": " + errors.front().message);
        else if (value.is_null() && nulls_refused_) problems.push_back("empty: " + piece.text);
        const bool bare = is_path(piece.text);
        if (!bare && value.is_number()) problems.push_back("untyped number: " + piece.text);
        add(value_text(bare ? piece.text : std::string(), value), piece.bold);
    }
    return runs;
}

documents::Runs Printer::print(const catalogue::Text& text, const Value& scope, const feel::Names& names) {
    const auto said = package_.say(language_, text);
    in_german = in_german || said.in_german;
    auto pieces = catalogue::parse_pieces(said.text, names);
    if (!pieces && said.text != text.german) {  // a translation with a broken placeholder must not stop anybody: German is checked
        in_german = true;
        pieces = catalogue::parse_pieces(text.german, names);
    }
    if (!pieces) {
        problems.push_back(text.place + ": " + pieces.error().code);
        return {{said.text, false}};
    }
    return print(*pieces, scope);
}

std::pair<Value, Value> award_of(const catalogue::Package& package, const Value& context) {
    const auto& award = package.service.award;
    if (!award.any || !award.from) return {};
    const Value from = award.from->evaluate(context);
    if (from.kind() != feel::Kind::date) return {};
    if (!award.months) return {from, Value()};
    const Value months = award.months->evaluate(context);
    const auto count = months.is_number() ? months.as_number().to_int() : std::nullopt;
    if (!count || *count < 1 || *count > 1200) return {from, Value()};
    return {from, Value::date(add_months(from.as_date(), static_cast<int>(*count)) - std::chrono::days(1))};
}

namespace {

Value texts(const std::vector<std::string>& items) {
    feel::List list;
    for (const auto& item : items) list.push_back(Value::string(item));
    return Value::list(std::move(list));
}

Value result_of(const Preparation& preparation) {
    feel::Context result = {{"outcome", Value::string(preparation.outcome)},
                            {"reasons", texts(preparation.reasons)},
                            {"looks", texts(preparation.looks)}};
    feel::List periods;
    for (const auto& period : preparation.periods) {
        feel::Context entries = {{"from", Value::date(period.from)}, {"to", Value::date(period.to)}};
        for (const auto& [name, value] : period.values)
            if (name != "from" && name != "to") entries.emplace_back(name, value);
        periods.push_back(Value::context(std::move(entries)));
    }
    result.emplace_back("periods", Value::list(std::move(periods)));
    for (const auto& [name, value] : preparation.values)
        if (name != "outcome" && name != "reasons" && name != "looks" && name != "periods") result.emplace_back(name, value);
    return Value::context(std::move(result));
}

/// The last `count` characters: an account number is not printed whole.
Value ending(const Value& text, const Value& count) {
    const auto wanted = count.is_number() ? count.as_number().to_int() : std::nullopt;
    if (text.kind() != feel::Kind::string || !wanted || *wanted < 0) return {};
    const std::string& all = text.as_string();
    std::size_t from = all.size();
    for (std::int64_t left = *wanted; left > 0 && from > 0; --left)
        do --from;
        while (from > 0 && (static_cast<unsigned char>(all[from]) & 0xc0) == 0x80);
    return Value::string(all.substr(from));
}

}  // namespace

Value sentence_scope(const catalogue::Package& package, const Preparation& preparation, std::string_view language) {
    std::map<std::string, Value> added;
    const auto [from, until] = award_of(package, preparation.context);
    added["valid_from"] = from;
    added["valid_until"] = until;
    added["result"] = result_of(preparation);
    const std::string locale(language);
    const auto formatted = [locale](std::string (*format)(std::string_view, Decimal)) {
        return feel::make_function({"value"}, [locale, format](const std::vector<Value>& arguments) {
            return arguments[0].is_number() ? Value::string(format(locale, arguments[0].as_number())) : Value();
        });
    };
    added["money"] = formatted(&language::format_money);
    added["number"] = formatted([](std::string_view to, Decimal number) { return language::format_number(to, number); });
    added["ending"] = feel::make_function({"text", "count"}, [](const std::vector<Value>& arguments) { return ending(arguments[0], arguments[1]); });
    for (const auto& [name, value] : preparation.values) added[name] = value;
    return with_values(preparation.context, added);
}

}  // namespace kiepe::casework
