#include "catalogue/check.h"

#include <algorithm>
#include <utility>

#include "base/date.h"
#include "base/text.h"

namespace kiepe::catalogue {

Report Checking::report(const std::string& path) const {
    const auto origin = package.origins.find(path);
    return {findings, origin == package.origins.end() ? path : origin->second};
}

int Checking::line(const std::string& path, const std::vector<std::string>& keys) {
    auto tree = trees.find(path);
    if (tree == trees.end()) {
        std::vector<Finding> ignored;  // reported when the package was read
        Report quiet(ignored, path);
        const auto file = package.files.find(path);
        tree = trees.emplace(path, file == package.files.end() ? std::nullopt : parse_yaml(file->second, quiet)).first;
    }
    if (!tree->second) return 1;
    const Node* node = &*tree->second;
    for (const auto& key : keys) {
        const Node* next = node->find(key);
        if (!next) break;
        node = next;
    }
    return node->line;
}

void Checking::error(const std::string& path, const std::vector<std::string>& keys, std::string code, Args args) {
    const int at = line(path, keys);
    report(path).error(at, std::move(code), std::move(args));
}

void Checking::warn(const std::string& path, const std::vector<std::string>& keys, std::string code, Args args) {
    const int at = line(path, keys);
    report(path).warn(at, std::move(code), std::move(args));
}

int Checking::model_line(const std::string& element) const {
    const auto content = package.files.find(kModel);
    if (content == package.files.end() || element.empty()) return 1;
    for (const char* attribute : {"id=\"", "name=\""}) {
        const auto at = content->second.find(attribute + element + "\"");
        if (at != std::string::npos)
            return 1 + static_cast<int>(std::count(content->second.begin(), content->second.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    }
    return 1;
}

std::vector<std::string> form_names_of(const Form& form) {
    std::vector<std::string> names;
    for (const auto& page : form.pages) {
        if (!page.add_list.empty()) names.push_back(global_name(page, page.add_list));
        for (const auto& question : page.questions) names.push_back(global_name(page, question.name));
    }
    return names;
}

bool touches(std::string_view used, std::string_view name) {
    if (used.size() > name.size()) std::swap(used, name);
    return name.substr(0, used.size()) == used && (name.size() == used.size() || name[used.size()] == '.');
}

std::set<std::string> words_of(std::string_view text) {
    std::set<std::string> words;
    std::string word;
    bool quoted = false;
    for (const char c : std::string(text) + " ") {
        if (c == '"') quoted = !quoted;
        const bool part = !quoted && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
        if (part) word += c;
        else if (!word.empty()) words.insert(std::exchange(word, {}));
    }
    return words;
}

bool cites_law(std::string_view text) {
    return text.find("§") != std::string_view::npos || text.find("Art. ") != std::string_view::npos || text.find("Artikel ") != std::string_view::npos;
}

bool form_knows(const Form& form, std::string_view name) {
    std::string global(name);
    for (const auto& page : form.pages)
        if (const std::string mapped = global_name(page, name); mapped != name) global = mapped;
    const auto names = form_names_of(form);
    return std::any_of(names.begin(), names.end(), [&](const std::string& known) { return touches(known, global) || touches(known, name); });
}

void check_law(Checking& c, Day today) {
    for (const auto& code : c.package.service.acts) {
        const Act* act = c.catalogue.law().act(code);
        if (!act) continue;
        const std::string file = act->files.empty() ? code : act->files.front();
        Report report(c.findings, file);
        if (!act->known_until) {
            report.warn(1, "law_known_until_missing", {{"act", code}});
        } else if (*act->known_until < today + std::chrono::days(60)) {
            const Args args{{"act", code}, {"until", to_iso(*act->known_until)}};
            report.warn(1, *act->known_until < today ? "law_no_longer_known" : "law_soon_unknown", args);
        }
    }
}

std::vector<Finding> check_package(const Package& package, const Catalogue& catalogue, std::optional<Day> today) {
    std::vector<Finding> findings;
    Checking checking{package, catalogue, findings};
    if (package.service.id == "common") {
        check_letters(checking);
        check_texts(checking);
        return findings;
    }
    check_form(checking);
    check_service(checking);
    check_model(checking);
    check_nearest(checking);
    check_tables(checking, today);
    check_needs(checking);
    check_protected(checking);
    check_letters(checking);
    check_texts(checking);
    if (today) check_law(checking, *today);
    return findings;
}

}  // namespace kiepe::catalogue
