#include "catalogue/law.h"

#include <algorithm>

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"
#include "catalogue/form_reader.h"
#include "catalogue/law_reader.h"
#include "catalogue/yaml.h"

namespace kiepe::catalogue {
namespace {

/// Unquoted figures are numbers, unquoted true and false booleans, the rest is text: a municipality key in quotes stays text.
feel::Value law_value(const Node& node) {
    switch (node.kind) {
        case Node::Kind::null: return {};
        case Node::Kind::list: {
            feel::List items;
            for (const auto& item : node.items) items.push_back(law_value(item));
            return feel::Value::list(std::move(items));
        }
        case Node::Kind::map: {
            feel::Context entries;
            for (const auto& [name, value] : node.entries) entries.emplace_back(name, law_value(value));
            return feel::Value::context(std::move(entries));
        }
        case Node::Kind::scalar: break;
    }
    if (!node.quoted) {
        if (node.text == "true" || node.text == "false") return feel::Value::boolean(node.text == "true");
        if (const auto number = Decimal::parse(node.text)) return feel::Value::number(*number);
        if (const auto day = parse_day(node.text)) return feel::Value::date(*day);
    }
    return feel::Value::string(node.text);
}

bool is_any(const feel::Type& type) { return type.simple == "Any" && type.fields.empty() && !type.item; }

feel::Type joined(const feel::Type& a, const feel::Type& b);

feel::Type type_of_value(const feel::Value& value) {
    switch (value.kind()) {
        case feel::Kind::number: return simple_type("number");
        case feel::Kind::string: return simple_type("string");
        case feel::Kind::boolean: return simple_type("boolean");
        case feel::Kind::date: return simple_type("date");
        case feel::Kind::list: {
            feel::Type item;
            bool first = true;
            for (const auto& entry : value.as_list()) {
                item = first ? type_of_value(entry) : joined(item, type_of_value(entry));
                first = false;
            }
            return make_list(std::move(item));
        }
        case feel::Kind::context: {
            std::map<std::string, feel::Type> fields;
            for (const auto& [name, entry] : value.as_context()) fields[name] = type_of_value(entry);
            return make_context(std::move(fields));
        }
        default: return {};
    }
}

/// The type that covers both; "Any" where they disagree.
feel::Type joined(const feel::Type& a, const feel::Type& b) {
    if (is_any(a)) return b;
    if (is_any(b)) return a;
    if (a.item && b.item) return make_list(joined(*a.item, *b.item));
    if (!a.fields.empty() && !b.fields.empty()) {
        std::map<std::string, feel::Type> fields;
        for (const auto& [name, field] : a.fields) fields[name] = *field;
        for (const auto& [name, field] : b.fields) fields[name] = fields.count(name) ? joined(fields[name], *field) : *field;
        return make_context(std::move(fields));
    }
    return a.simple == b.simple ? a : feel::Type{};
}

struct Reader {
    Report report;
    bool production;
    Law& law;

    std::optional<Day> day(const Fields& fields, std::string_view key) {
        const std::string text = fields.text(key);
        if (text.empty()) return std::nullopt;
        auto day = parse_day(text);
        if (!day) report.error(fields.line_of(key), "package_not_a_day", {{"key", std::string(key)}, {"value", text}});
        return day;
    }

    void value(const Node& node, Parameter& parameter, const std::string& act) {
        const Fields fields(node, report, {"from", "source", "is", "status"});
        LawValue value;
        fields.need("from");
        value.from = day(fields, "from").value_or(Day{});
        value.source = fields.need("source");
        if (fields.text("source").empty()) return;
        const Node* is = node.find("is");
        if (!is) report.error(node.line, "package_missing_key", {{"key", "is"}});
        else value.is = law_value(*is);
        value.to_check = fields.one_of("status", "", {"to_check"}) == "to_check";
        if (value.to_check) {
            const Args args{{"act", act}, {"parameter", parameter.name}, {"from", to_iso(value.from)}};
            if (production) report.error(node.line, "law_to_check", args);
            else report.note(node.line, "law_to_check", args);
        }
        for (const auto& other : parameter.values)
            if (other.from == value.from) report.error(node.line, "law_from_twice", {{"parameter", parameter.name}, {"from", to_iso(value.from)}});
        parameter.values.push_back(std::move(value));
    }

    Parameter parameter(const std::string& name, const Node& node, const std::string& act) {
        const Fields fields(node, report, {"norm", "about", "unit", "values"});
        Parameter parameter;
        parameter.name = name;
        parameter.norm = fields.text("norm");
        if (parameter.norm.empty()) report.error(node.line, "law_without_norm", {{"parameter", name}});
        parameter.about = fields.text("about");
        parameter.unit = fields.text("unit");
        const Node* values = fields.node("values");
        if (!values || !values->is_list()) {
            fields.need("values");
            return parameter;
        }
        for (const auto& item : values->items) value(item, parameter, act);
        std::stable_sort(parameter.values.begin(), parameter.values.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
        for (const auto& v : parameter.values) parameter.type = joined(parameter.type, type_of_value(v.is));
        return parameter;
    }

    void act(const Node& root) {
        const Fields fields(root, report, {"act", "name", "link", "section_link", "cited", "known_until", "parameters"});
        const std::string code = fields.need("act");
        if (code.empty()) return;
        Act& act = law.acts_[Law::feel_name(code)];
        act.code = code;
        if (fields.has("name")) act.name = fields.text("name");
        if (fields.has("link")) act.link = fields.text("link");
        if (fields.has("section_link")) act.section_link = fields.text("section_link");
        if (fields.has("cited")) act.cited = fields.texts("cited");
        if (const auto until = day(fields, "known_until"); until && (!act.known_until || *until < *act.known_until)) act.known_until = until;
        act.files.push_back(report.file());
        const Node* parameters = fields.node("parameters");
        if (!parameters || !parameters->is_map()) {
            report.error(root.line, "package_missing_key", {{"key", "parameters"}});
            return;
        }
        for (const auto& [name, node] : parameters->entries) {
            const bool twice = std::any_of(act.parameters.begin(), act.parameters.end(), [&](const auto& p) { return p.name == name; });
            if (twice) report.error(node.line, "law_parameter_twice", {{"parameter", name}, {"act", code}});
            else act.parameters.push_back(parameter(name, node, code));
        }
    }

    void holidays(const Node& root) {
        const Fields fields(root, report, {"act", "name", "link", "norm", "days"});
        const std::string code = fields.need("act");
        fields.need("norm");
        if (code.rfind("holidays-", 0) != 0) {
            report.error(fields.line_of("act"), "law_bad_holidays", {{"act", code}});
            return;
        }
        auto& days = law.holidays_[code.substr(9)];
        const Node* list = fields.node("days");
        if (!list || !list->is_list()) return;
        for (const auto& item : list->items) {
            const Fields row(item, report, {"name", "norm", "dates"});
            row.need("name");
            for (const auto& text : row.texts("dates")) {
                if (const auto date = parse_day(text)) days.insert(*date);
                else report.error(item.line, "package_not_a_day", {{"key", "dates"}, {"value", text}});
            }
        }
    }
};

}  // namespace

Law read_law(const std::map<std::string, std::string>& files, std::vector<Finding>& findings, bool production) {
    Law law;
    for (const auto& [path, content] : files) {
        Reader reader{Report(findings, path), production, law};
        law.files_[path] = content;
        const auto root = parse_yaml(content, reader.report);
        if (!root) continue;
        const bool holidays = path.rfind("holidays/", 0) == 0 || path.find("/holidays/") != std::string::npos;
        if (holidays) reader.holidays(*root);
        else reader.act(*root);
    }
    return law;
}

std::string Law::feel_name(std::string_view code) { return replace_all(lower_ascii(code), "-", "_"); }

const Act* Law::act(std::string_view code) const {
    const auto found = acts_.find(feel_name(code));
    return found == acts_.end() ? nullptr : &found->second;
}

feel::Value Law::on(std::string_view code, Day day) const {
    const Act* found = act(code);
    if (!found) return {};
    feel::Context context;
    for (const auto& parameter : found->parameters) {
        feel::Value value;
        for (const auto& row : parameter.values)
            if (row.from <= day) value = row.is;
        context.emplace_back(parameter.name, std::move(value));
    }
    return feel::Value::context(std::move(context));
}

feel::Type Law::type_of(std::string_view code) const {
    const Act* found = act(code);
    if (!found) return {};
    std::map<std::string, feel::Type> fields;
    for (const auto& parameter : found->parameters) fields[parameter.name] = parameter.type;
    return make_context(std::move(fields));
}

const std::set<Day>& Law::holidays(std::string_view state) const {
    static const std::set<Day> none;
    const auto found = holidays_.find(std::string(state));
    return found == holidays_.end() ? none : found->second;
}

std::vector<const Act*> Law::all() const {
    std::vector<const Act*> result;
    for (const auto& [name, act] : acts_) result.push_back(&act);
    return result;
}

std::string Law::hash(const std::vector<std::string>& acts) const {
    std::map<std::string, std::string> used;  // sorted by path
    for (const auto& code : acts)
        if (const Act* found = act(code))
            for (const auto& file : found->files) used[file] = files_.at(file);
    std::string listing;
    for (const auto& [path, content] : used) listing += path + "\n" + sha256_hex(content) + "\n";
    return sha256_hex(listing);
}

const std::map<std::string, std::string>& Law::files() const { return files_; }

}  // namespace kiepe::catalogue
