#include "dmn/tck.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <ostream>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "base/text.h"
#include "dmn/dmn.h"
#include "dmn/model.h"
#include "dmn/reader.h"

namespace kiepe::dmn {
namespace {

namespace fs = std::filesystem;
using feel::Kind;
using feel::Value;

bool nil(const pugi::xml_node& node) {
    for (const auto& each : node.attributes()) {
        const std::string_view name = each.name();
        if (name == "nil" || name.ends_with(":nil")) return each.as_bool();
    }
    return false;
}

std::string xsi_type(const pugi::xml_node& node) {
    for (const auto& each : node.attributes()) {
        const std::string_view name = each.name();
        if (!name.ends_with(":type")) continue;
        const std::string type = each.as_string();
        return type.substr(type.find(':') + 1);
    }
    return "string";
}

std::string raw_text(const pugi::xml_node& node) {
    std::string text;
    for (const auto& part : node.children()) {
        if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) text += part.value();
    }
    return text;
}

Value simple_value(const pugi::xml_node& node) {
    if (nil(node)) return {};
    const std::string type = xsi_type(node), text = raw_text(node), bare(trim(text));
    if (type == "string") return Value::string(text);
    if (type == "boolean") return Value::boolean(bare == "true" || bare == "1");
    if (type == "date") {  // also years that std::chrono does not know
        const auto date = feel::compile("date(\"" + bare + "\")", {});
        return date ? date->evaluate(Value::context({})) : Value();
    }
    if (type == "time") return Value::time(bare);
    if (type == "dateTime") return Value::date_time(bare);
    if (type == "duration") return Value::duration(bare);
    const auto number = Decimal::parse(bare);
    return number ? Value::number(*number) : Value::string(text);
}

/// A value, components or a list (testCases.xsd, valueType).
Value value_of(const pugi::xml_node& node) {
    if (const auto list = child(node, "list")) {
        if (nil(list)) return {};
        feel::List items;
        for (const auto& item : children(list, "item")) items.push_back(value_of(item));
        return Value::list(std::move(items));
    }
    const auto components = children(node, "component");
    if (!components.empty()) {
        feel::Context entries;
        for (const auto& each : components) {
            entries.emplace_back(tidy_name(attribute(each, "name")), nil(each) ? Value() : value_of(each));
        }
        return Value::context(std::move(entries));
    }
    const auto value = child(node, "value");
    return value ? simple_value(value) : Value();
}

/// Numbers count as equal within 1e-8, as the kit's own runner has it; contexts whatever the order of their entries.
bool same(const Value& expected, const Value& actual) {
    if (expected.kind() != actual.kind()) return false;
    if (expected.kind() == Kind::number) {
        const auto difference = subtract(expected.as_number(), actual.as_number());
        const Decimal tolerance = *Decimal::parse("0.00000001");
        return difference && compare(*difference, tolerance) < 0 && compare(*difference, negate(tolerance)) > 0;
    }
    if (expected.kind() == Kind::list) {
        return std::equal(expected.as_list().begin(), expected.as_list().end(), actual.as_list().begin(), actual.as_list().end(), same);
    }
    if (expected.kind() == Kind::context) {
        const auto& entries = expected.as_context();
        return entries.size() == actual.as_context().size() &&
               std::all_of(entries.begin(), entries.end(), [&](const auto& entry) { return same(entry.second, actual.get(entry.first)); });
    }
    if (expected == actual) return true;
    return feel::equal(expected, actual).value_or(false);
}

/// Finds the models of one folder by their namespace.
class Folder {
public:
    explicit Folder(const fs::path& path) {
        for (const auto& entry : fs::directory_iterator(path)) {
            if (entry.path().extension() != ".dmn") continue;
            std::string text = read_file(entry.path().string());
            pugi::xml_document document;
            if (document.load_buffer(text.data(), text.size())) {
                by_namespace_[attribute(child(document, "definitions"), "namespace")] = std::move(text);
            }
        }
    }
    std::string operator()(std::string_view name_space) const {
        const auto found = by_namespace_.find(std::string(name_space));
        return found == by_namespace_.end() ? std::string() : found->second;
    }

private:
    std::map<std::string, std::string> by_namespace_;
};

class File {
public:
    File(fs::path path, std::ostream& out, TckCount& count) : path_(std::move(path)), out_(out), count_(count) {}

    void run() {
        const auto document = parse_xml(read_file(path_.string()), Limits{});
        if (!document) return;
        const auto root = child(**document, "testCases");
        if (!root) return;
        const fs::path model_path = path_.parent_path() / std::string(trim(raw_text(child(root, "modelName"))));
        std::optional<Model> model;
        std::string why = "there is no such model";
        if (fs::is_regular_file(model_path)) {
            Limits limits;
            limits.clock = true;
            auto loaded = Model::load(read_file(model_path.string()), Folder(path_.parent_path()), limits);
            if (loaded) model = std::move(*loaded);
            else why = loaded.error().code + " " + loaded.error().detail;
        }
        for (const auto& test : children(root, "testCase")) {
            const std::string reason = model ? difference(*model, test) : why;
            ++(reason.empty() ? count_.passed : count_.failed);
            if (!reason.empty()) out_ << path_.stem().string() << ' ' << attribute(test, "id") << ": " << reason << '\n';
        }
    }

private:
    static std::string difference(const Model& model, const pugi::xml_node& test) {
        feel::Context inputs;
        for (const auto& each : children(test, "inputNode")) inputs.emplace_back(tidy_name(attribute(each, "name")), value_of(each));
        const std::string type = attribute(test, "type");
        const bool invocable = type == "decisionService" || type == "bkm";
        for (const auto& each : children(test, "resultNode")) {
            const std::string name = attribute(each, "name");
            const std::string asked = invocable && test.attribute("invocableName") ? attribute(test, "invocableName") : name;
            Outcome outcome = model.evaluate(asked, Value::context(inputs));
            if (outcome.value.kind() == Kind::context && children(test, "resultNode").size() > 1 && invocable) {
                outcome.value = outcome.value.get(tidy_name(name));
            }
            const bool error = each.attribute("errorResult").as_bool();
            const Value expected = error ? Value() : value_of(child(each, "expected"));
            if (!same(expected, outcome.value)) return message(name, expected, error, outcome);
        }
        return {};
    }

    static std::string message(const std::string& name, const Value& expected, bool error, const Outcome& outcome) {
        std::string text = fmt::format("{}: expected {}{} instead of {}", name, expected.text(), error ? " with an error" : "", outcome.value.text());
        if (!outcome.errors.empty()) text += fmt::format(" ({}: {})", outcome.errors.front().code, outcome.errors.front().message);
        return text;
    }

    fs::path path_;
    std::ostream& out_;
    TckCount& count_;
};

}  // namespace

TckCount run_tck_cases(const std::vector<std::string>& dirs, std::ostream& out) {
    TckCount count;
    for (const auto& dir : dirs) {
        std::vector<fs::path> files;
        for (const auto& entry : fs::recursive_directory_iterator(dir)) {
            if (entry.is_regular_file() && entry.path().extension() == ".xml") files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
        for (const auto& file : files) File(file, out, count).run();
    }
    return count;
}

int run_tck(const std::vector<std::string>& dirs, std::ostream& out) {
    for (const auto& dir : dirs) {
        if (!fs::is_directory(dir)) {
            out << dir << ": no such folder\n";
            return 2;
        }
    }
    const TckCount count = run_tck_cases(dirs, out);
    out << count.passed << " passed, " << count.failed << " failed\n";
    if (count.passed + count.failed == 0) return 2;
    return count.failed == 0 ? 0 : 1;
}

}  // namespace kiepe::dmn
