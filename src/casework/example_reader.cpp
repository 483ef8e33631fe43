#include "casework/example_reader.h"

#include "base/date.h"
#include "casework/json.h"

namespace kiepe::casework {

using catalogue::Node;
using catalogue::QuestionType;
using feel::Value;

namespace {

Value date_or_text(const std::string& text) {
    const auto day = parse_day(text.size() == 7 ? text + "-01" : text);
    return day ? Value::date(*day) : Value::string(text);
}

Value typed_text(const catalogue::Question& question, const std::string& text) {
    switch (question.type) {
        case QuestionType::number:
        case QuestionType::money: {
            const auto number = Decimal::parse(text);
            return number ? Value::number(*number) : Value::string(text);
        }
        case QuestionType::yes_no:
        case QuestionType::confirm:
            if (text == "true" || text == "false") return Value::boolean(text == "true");
            return Value::string(text);
        case QuestionType::date:
        case QuestionType::month: return date_or_text(text);
        default: break;
    }
    return Value::string(text);
}

/// A scalar where no question says what it is: facts that were looked up, `until` of a previous case.
Value guessed(const Node& node) {
    if (node.quoted) return Value::string(node.text);
    if (node.text == "true" || node.text == "false") return Value::boolean(node.text == "true");
    if (const auto number = Decimal::parse(node.text)) return Value::number(*number);
    return date_or_text(node.text);
}

std::string below(const std::string& path, const std::string& name) { return path.empty() ? name : path + "." + name; }
std::string entry(const std::string& path, std::size_t i) { return path + "[" + std::to_string(i + 1) + "]"; }

}  // namespace

Value typed_node(const catalogue::Package& package, const std::string& path, const Node& node) {
    if (node.kind == Node::Kind::null) return {};
    if (node.is_map()) {
        feel::Context entries;
        for (const auto& [name, part] : node.entries) entries.emplace_back(name, typed_node(package, below(path, name), part));
        return Value::context(std::move(entries));
    }
    const auto* question = package.form.question_at(path);
    if (node.is_list()) {
        feel::List items;
        for (std::size_t i = 0; i < node.items.size(); ++i)
            items.push_back(typed_node(package, question && question->type == QuestionType::choices ? path : entry(path, i), node.items[i]));
        return Value::list(std::move(items));
    }
    return question ? typed_text(*question, node.text) : guessed(node);
}

Value typed_value(const catalogue::Package& package, const std::string& path, const Value& value) {
    if (value.kind() == feel::Kind::context) {
        feel::Context entries;
        for (const auto& [name, part] : value.as_context()) entries.emplace_back(name, typed_value(package, below(path, name), part));
        return Value::context(std::move(entries));
    }
    const auto* question = package.form.question_at(path);
    if (value.kind() == feel::Kind::list) {
        feel::List items;
        for (std::size_t i = 0; i < value.as_list().size(); ++i)
            items.push_back(
                typed_value(package, question && question->type == QuestionType::choices ? path : entry(path, i), value.as_list()[i]));
        return Value::list(std::move(items));
    }
    if (value.kind() == feel::Kind::string)
        return question ? typed_text(*question, value.as_string()) : path == "until" ? date_or_text(value.as_string()) : value;
    // A machine may send a house number as a number: texts stay texts.
    const bool text = question && (question->type == QuestionType::text || question->type == QuestionType::address);
    return text && value.is_number() ? Value::string(value.text()) : value;
}

namespace {

class Reader {
public:
    Reader(const catalogue::Package& package, const std::string& file, std::vector<catalogue::Finding>& findings, Examples& result)
        : package_(package), report_(findings, file), file_(file), result_(result) {}

    void read(const Node& root) {
        if (const Node* list = root.find("examples"))
            for (const auto& node : list->items) example(node);
        if (const Node* list = root.find("always"))
            for (const auto& node : list->items) always(node);
    }

private:
    void example(const Node& node) {
        Example example;
        if (const Node* like = node.find("like")) {
            const Example* base = find(like->text);
            if (!base) return report_.error(like->line, "example_like_unknown", {{"example", like->text}});
            example = *base;
            example.expect = {};
            example.pre_check = false;
            example.based_on_another = true;
        }
        const Node* name = node.find("example");
        if (!name) return report_.error(node.line, "example_no_name");
        example.name = name->text;
        example.file = file_;
        example.line = name->line;
        for (const auto& [key, value] : node.entries)
            if (key != "like" && key != "change" && key != "example") set(example, key, value);
        if (const Node* change = node.find("change"))
            for (const auto& [key, value] : change->entries) set(example, key, value);
        result_.examples.push_back(std::move(example));
    }

    const Example* find(const std::string& name) const {
        for (const auto& example : result_.examples)
            if (example.name == name) return &example;
        return nullptr;
    }

    void set(Example& example, const std::string& key, const Node& value) {
        Application& application = example.application;
        if (key == "received") application.received = parse_day(value.text).value_or(Day{});
        else if (key == "answers") application.answers = typed_node(package_, "", value);
        else if (key.starts_with("answers.")) {
            const std::string path = key.substr(8);
            application.answers = application.answers.with(path, typed_node(package_, path, value));
        } else if (key == "sure") {
            for (const auto& [path, level] : value.entries) sure(application, path, level);
        } else if (key.starts_with("sure.")) sure(application, key.substr(5), value);
        else if (key == "papers") {
            application.papers.clear();
            for (const auto& [need, paper] : value.entries) application.papers[need] = paper.text;
        } else if (key == "previous") application.previous = typed_node(package_, "", value);
        else if (key == "renewal") application.renewal = value.text == "true";
        else if (key == "channel") application.channel = value.text;
        else if (key == "pre_check") example.pre_check = value.text == "true";
        else if (key == "expect") example.expect = value;
        else report_.error(value.line, "example_unknown_key", {{"key", key}});
    }

    void sure(Application& application, const std::string& path, const Node& level) {
        const auto known = parse_level(level.text);
        if (known) application.sure[path] = *known;
        else report_.error(level.line, "example_unknown_level", {{"level", level.text}});
    }

    void always(const Node& node) {
        Always rule;
        rule.file = file_;
        rule.line = node.line;
        const Node* path = node.find("sweep");
        rule.sweep = path != nullptr;
        if (!path) path = node.find("flip");
        const Node* that = node.find("that");
        if (!path || !that || !path->text.starts_with("answers.")) return report_.error(node.line, "example_always_broken");
        rule.path = path->text.substr(8);
        rule.that = that->text;
        const auto decimal = [&](const char* key) {
            const Node* found = node.find(key);
            return found ? Decimal::parse(found->text) : std::nullopt;
        };
        if (rule.sweep) {
            rule.from = decimal("from");
            rule.to = decimal("to");
            rule.step = decimal("step");
            const bool whole = rule.from && rule.to && rule.step && compare(*rule.step, Decimal(0)) > 0;
            if (!whole) return report_.error(node.line, "example_always_broken");
        } else if (const Node* to = node.find("to")) {
            rule.flipped = *to;
        }
        result_.always.push_back(std::move(rule));
    }

    const catalogue::Package& package_;
    catalogue::Report report_;
    std::string file_;
    Examples& result_;
};

}  // namespace

Examples read_examples(const catalogue::Package& package, std::vector<catalogue::Finding>& findings) {
    Examples result;
    for (const auto& [path, content] : package.files) {
        if (!path.starts_with("examples/") || !path.ends_with(".yaml")) continue;
        const auto origin = package.origins.find(path);
        const std::string file = origin == package.origins.end() ? path : origin->second;
        catalogue::Report report(findings, file);
        if (const auto root = catalogue::parse_yaml(content, report)) Reader(package, file, findings, result).read(*root);
    }
    return result;
}

Result<Application> read_case_line(const catalogue::Package& package, std::string_view json) {
    auto parsed = feel::from_json(json);
    if (!parsed || parsed->kind() != feel::Kind::context) return Error{"line_not_json"};
    const Value& line = *parsed;
    Application application;
    const Value received = line.get("received");
    const auto day = received.kind() == feel::Kind::date     ? std::optional(received.as_date())
                     : received.kind() == feel::Kind::string ? parse_day(received.as_string())
                                                             : std::nullopt;
    if (!day) return Error{"line_received"};
    application.received = *day;
    if (line.get("answers").kind() != feel::Kind::context) return Error{"line_answers"};
    application.answers = typed_value(package, "", line.get("answers"));
    application.papers = map_in(line, "papers");
    for (const auto& [path, level] : map_in(line, "sure")) {
        const auto known = parse_level(level);
        if (!known) return Error{"line_sure", path};
        application.sure[path] = *known;
    }
    if (line.get("previous").kind() == feel::Kind::context) application.previous = typed_value(package, "", line.get("previous"));
    application.renewal = line.get("renewal").is_true();
    if (const auto channel = text_in(line, "channel"); !channel.empty()) application.channel = channel;
    return application;
}

}  // namespace kiepe::casework
