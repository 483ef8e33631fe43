#include <algorithm>
#include <set>

#include "base/id.h"
#include "base/text.h"
#include "catalogue/form_reader.h"
#include "catalogue/letter_template.h"
#include "catalogue/package_reader.h"
#include "catalogue/service_reader.h"

namespace kiepe::catalogue {
namespace {

constexpr char kSeparator = '\x04';  // as msgctxt and msgid stand in gettext's .mo files

bool starts_with(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }
bool ends_with(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// "texts/en.po" and "common/texts/en.po" -> "en"
std::string language_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return std::string(path.substr(slash + 1, path.size() - slash - 4));
}

struct Builder {
    const std::map<std::string, std::string>& files;
    const std::map<std::string, std::string>& origins;
    std::vector<Finding>& findings;
    std::shared_ptr<Package> package = std::make_shared<Package>();

    std::string origin(const std::string& path) const {
        const auto found = origins.find(path);
        return found == origins.end() ? path : found->second;
    }
    Report report(const std::string& path) { return {findings, origin(path)}; }

    std::optional<Node> yaml(const std::string& path) {
        const auto file = files.find(path);
        if (file == files.end()) return std::nullopt;
        Report r = report(path);
        return parse_yaml(file->second, r);
    }

    void translations(bool common) {
        for (const auto& [path, content] : files) {
            if (!ends_with(path, ".po") || starts_with(path, "common/") != common) continue;
            if (!starts_with(path, "texts/") && !starts_with(path, "common/texts/")) continue;
            auto entries = language::read_po(content, origin(path));
            if (!entries) {
                Report r = report(path);
                r.error(0, "package_po", {{"message", entries.error().detail.empty() ? entries.error().code : entries.error().detail},
                                          {"where", entries.error().where}});
                continue;
            }
            auto& known = package->translations[language_of(path)];
            for (const auto& entry : *entries) {
                if (entry.id.empty()) continue;
                known[entry.context + kSeparator + entry.id] = entry;
                if (!entry.fuzzy && !entry.texts.empty() && !entry.texts.front().empty()) known.emplace(kSeparator + entry.id, entry);
            }
        }
    }

    void letters() {
        for (const auto& [path, content] : files) {
            const bool letter = starts_with(path, "letters/") || starts_with(path, "common/letters/");
            if (letter && ends_with(path, ".md")) package->letters[path] = content;
        }
    }

    void hash() {
        std::string listing;
        for (const auto& [path, content] : files) listing += path + "\n" + sha256_hex(content) + "\n";
        package->hash = sha256_hex(listing);
    }

    void model(const std::string& path) {
        const auto file = files.find(path);
        if (file == files.end()) return;
        Report r = report(path);
        auto model = dmn::Model::load(file->second);
        if (!model) {
            r.error(0, "model_broken", {{"message", model.error().detail.empty() ? model.error().code : model.error().detail}});
            return;
        }
        package->model = std::make_shared<const dmn::Model>(std::move(model).value());
    }

    feel::Names outside(const std::vector<std::string>& acts, const Law& law, const Node& service) {
        feel::Names names;
        names.names["case"] = case_type();
        names.names["city"] = city_type();
        for (const auto& code : acts) {
            if (law.act(code)) {
                names.names[Law::feel_name(code)] = law.type_of(code);
                continue;
            }
            std::vector<std::string> known;
            for (const Act* act : law.all()) known.push_back(act->code);
            Report r = report("service.yaml");
            const Node* list = service.find("law");
            r.error(list ? list->line : 1, "law_unknown_act", {{"act", code}, {"hint", did_you_mean(code, known)}});
        }
        return names;
    }

    void read(const Law& law) {
        const auto service = yaml("service.yaml");
        if (!service) {
            if (!files.count("service.yaml")) report("service.yaml").error(0, "package_file_missing", {{"file", "service.yaml"}});
            return;
        }
        feel::Names names = outside(acts_of(*service), law, *service);
        if (const auto root = yaml("form.yaml")) {
            Report r = report("form.yaml");
            package->form = read_form(*root, r, names);
        } else if (!service->find("link") && !files.count("form.yaml")) {
            report("form.yaml").error(0, "package_file_missing", {{"file", "form.yaml"}});
        }
        for (const auto& [name, type] : package->form.types) names.names[name] = type;
        package->names = names;
        std::string path = "decision.dmn";
        if (const Node* decision = service->find("decision"))
            if (const Node* named = decision->find("model")) path = named->text;
        model(path);
        Report r = report("service.yaml");
        package->service = read_service(*service, r, names, sentence_names(*package));
        if (const auto root = yaml("reasons.yaml")) {
            Report reasons = report("reasons.yaml");
            read_reasons(*root, reasons, package->reasons, package->step_texts);
        }
    }
};

}  // namespace

bool has_errors(const std::vector<Finding>& findings, std::size_t from) {
    return std::any_of(findings.begin() + static_cast<std::ptrdiff_t>(from), findings.end(),
                       [](const Finding& f) { return f.severity == Finding::Severity::error; });
}

std::shared_ptr<Package> build_package(const std::map<std::string, std::string>& files, const std::map<std::string, std::string>& origins,
                                       const Law& law, std::shared_ptr<const language::Texts> texts, std::vector<Finding>& findings) {
    Builder builder{files, origins, findings};
    builder.package->files = files;
    builder.package->origins = origins;
    builder.package->texts = std::move(texts);
    builder.translations(false);
    builder.translations(true);
    builder.letters();
    builder.hash();
    builder.read(law);
    return builder.package;
}

std::shared_ptr<Package> build_common(const std::map<std::string, std::string>& files, const std::map<std::string, std::string>& origins,
                                      std::shared_ptr<const language::Texts> texts, std::vector<Finding>& findings) {
    Builder builder{files, origins, findings};
    builder.package->files = files;
    builder.package->origins = origins;
    builder.package->texts = std::move(texts);
    builder.package->service.id = "common";
    builder.translations(true);
    builder.letters();
    builder.hash();
    builder.package->names.names["case"] = case_type();
    builder.package->names.names["city"] = city_type();
    return builder.package;
}

Result<std::shared_ptr<const Package>> read_package(const std::map<std::string, std::string>& files, const Law& law, const City&,
                                                    std::shared_ptr<const language::Texts> texts, std::vector<Finding>& findings) {
    const std::size_t before = findings.size();
    auto package = build_package(files, {}, law, std::move(texts), findings);
    if (has_errors(findings, before)) {
        const auto first = std::find_if(findings.begin() + static_cast<std::ptrdiff_t>(before), findings.end(),
                                        [](const Finding& f) { return f.severity == Finding::Severity::error; });
        return Error{first->code, first->file + ":" + std::to_string(first->line), first->args};
    }
    return std::shared_ptr<const Package>(std::move(package));
}

Translator::Said Package::say(std::string_view language, const Text& text) const {
    if (language == "de" || text.german.empty()) return {text.german};
    const auto known = translations.find(std::string(language));
    if (known == translations.end()) return {text.german, true};
    for (const auto& key : {text.place + kSeparator + text.german, kSeparator + text.german}) {
        const auto entry = known->second.find(key);
        if (entry == known->second.end() || entry->second.fuzzy || entry->second.texts.empty()) continue;
        if (const auto& translated = entry->second.texts.front(); !translated.empty()) return {translated};
    }
    return {text.german, true};
}

std::string Package::program_text(std::string_view language, std::string_view key) const {
    return texts ? texts->get(language, key) : std::string(key);
}

Translator::Said Package::say_at(std::string_view language, std::string_view place, std::string_view german) const {
    return say(language, Text{std::string(german), std::string(place)});
}

std::vector<std::string> Package::languages() const {
    std::vector<std::string> result{"de"};
    for (const auto& [language, entries] : translations)
        if (files.count("texts/" + language + ".po")) result.push_back(language);
    return result;
}

}  // namespace kiepe::catalogue
