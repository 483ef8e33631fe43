#include "catalogue/form_names.h"

#include <algorithm>

#include "base/text.h"

namespace kiepe::catalogue {

NameTree& NameTree::at(const std::vector<std::string>& path) {
    NameTree* here = this;
    for (const auto& name : path) here = &here->fields[name];
    return *here;
}

const NameTree* NameTree::find(const std::vector<std::string>& path) const {
    const NameTree* here = this;
    for (const auto& name : path) {
        const auto found = here->fields.find(name);
        if (found == here->fields.end()) return nullptr;
        here = &found->second;
    }
    return here;
}

feel::Type NameTree::entry_type() const {
    if (leaf) return type;
    std::map<std::string, feel::Type> entries;
    for (const auto& [name, field] : fields) entries[name] = field.value_type();
    return make_context(std::move(entries));
}

feel::Type NameTree::value_type() const { return list ? make_list(entry_type()) : entry_type(); }

const std::vector<std::string>& question_type_names() {
    static const std::vector<std::string> names{"text",   "email", "phone", "plate", "iban", "long_text", "remark",  "yes_no", "choice",
                                                "choices", "number", "money", "date",  "month", "address",  "confirm", "file"};
    return names;
}

QuestionType question_type(std::string_view name) {
    const auto& names = question_type_names();
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? QuestionType::text : static_cast<QuestionType>(found - names.begin());
}

std::pair<std::string, std::string> split_for(std::string_view text, std::string_view word) {
    const std::string middle = " " + std::string(word) + " ";
    const auto at = text.find(middle);
    if (at == std::string_view::npos) return {};
    return {std::string(trim(text.substr(0, at))), std::string(trim(text.substr(at + middle.size())))};
}

bool is_name(std::string_view text) {
    if (text.empty() || !(text[0] >= 'a' && text[0] <= 'z')) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

namespace {

struct Collector {
    FormNames names;
    Report& report;

    /// The path in the tree: a page's variable stands for an entry of its list.
    std::vector<std::string> path_of(const std::string& name) const {
        auto parts = split(name, '.');
        const auto variable = names.variables.find(parts[0]);
        if (variable == names.variables.end()) return parts;
        std::vector<std::string> path = variable->second;
        path.insert(path.end(), parts.begin() + 1, parts.end());
        return path;
    }

    bool good(const std::string& name, int line) {
        for (const auto& part : split(name, '.')) {
            if (is_name(part)) continue;
            report.error(line, "form_bad_name", {{"name", name}});
            return false;
        }
        return true;
    }

    void variable(const std::string& name, const std::vector<std::string>& list, int line) {
        if (!good(name, line)) return;
        const auto [it, fresh] = names.variables.emplace(name, list);
        if (!fresh && it->second != list) report.error(line, "form_variable_twice", {{"name", name}});
    }

    void leaf(const std::string& name, feel::Type type, int line) {
        if (!good(name, line)) return;
        NameTree& place = names.tree.at(path_of(name));
        if (place.leaf || place.list || !place.fields.empty()) {
            report.error(line, "form_name_twice", {{"name", name}});
            return;
        }
        place.leaf = true;
        place.type = std::move(type);
    }

    void page(const Node& node) {
        if (const Node* add = node.find("add"); add && add->kind == Node::Kind::scalar) {
            const auto [list, entry] = split_for(add->text, "as");
            if (list.empty()) return;  // reported by the reader
            const auto path = path_of(list);
            NameTree& place = names.tree.at(path);
            if (place.leaf || place.list) report.error(add->line, "form_name_twice", {{"name", list}});
            place.list = true;
            variable(entry, path, add->line);
        }
        if (const Node* each = node.find("for"); each && each->kind == Node::Kind::scalar) {
            const auto [entry, list] = split_for(each->text, "in");
            if (!list.empty()) variable(entry, path_of(list), each->line);
        }
        const Node* ask = node.find("ask");
        if (!ask || !ask->is_list()) return;
        for (const auto& question : ask->items) this->question(question);
    }

    void question(const Node& node) {
        const Node* type = node.find("type");
        const feel::Type answer = type ? type_for(question_type(type->text)) : feel::Type{};
        for (const char* kind : {"ask", "derive"})
            if (const Node* name = node.find(kind)) leaf(name->text, answer, name->line);
        const Node* name = node.find("look_up");
        if (!name) return;
        std::map<std::string, feel::Type> gives{{"found", simple_type("boolean")}};
        if (const Node* given = node.find("gives"))
            for (const auto& [key, value] : given->entries) gives[key] = type_for(question_type(value.text));
        leaf(name->text, make_context(std::move(gives)), name->line);
    }
};

}  // namespace

FormNames collect_names(const Node& pages, Report& report) {
    Collector collector{{}, report};
    for (const auto& page : pages.items) collector.page(page);
    return std::move(collector.names);
}

}  // namespace kiepe::catalogue
