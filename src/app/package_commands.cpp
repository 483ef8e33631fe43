#include "app/package_commands.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/text.h"
#include "casework/examples.h"
#include "catalogue/catalogue.h"

namespace kiepe::app {
namespace {

namespace fs = std::filesystem;

std::string cli_language() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const char* value = std::getenv(name); value && *value) return std::string_view(value).starts_with("de") ? "de" : "en";
    return "en";
}

const language::Texts* texts_of(const std::string& folder) {
    static const auto read = language::Texts::load(folder, {"de", "en"});
    return read ? &*read : nullptr;
}

void print(std::ostream& out, const language::Texts& texts, const catalogue::Finding& finding) {
    const bool error = finding.severity == catalogue::Finding::Severity::error;
    const auto language = cli_language();
    out << finding.file << ":" << finding.line << ": " << texts.get(language, error ? "cli_error" : "cli_warning") << ": "
        << catalogue::finding_text(texts, language, finding) << "\n";
}

/// Packages of one folder's parent: a package is checked among its neighbours and the common files.
std::string parent_of(const std::string& dir) {
    auto path = fs::absolute(dir).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    return path.parent_path().string();
}

std::string name_of(const std::string& dir) {
    auto path = fs::absolute(dir).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    return path.filename().string();
}

}  // namespace

std::string message(const std::string& key, const language::Arguments& arguments) { return message(key, arguments, Error{key}); }

std::string message(const std::string& key, const language::Arguments& arguments, const Error& fallback) {
    const auto* texts = texts_of("locales");
    if (texts && texts->has("de", key)) return texts->get(cli_language(), key, arguments);
    return fallback.where.empty() ? fallback.code + " " + fallback.detail : fallback.where + ": " + fallback.code + " " + fallback.detail;
}

int check_packages(const Settings& settings, const std::vector<std::string>& dirs, std::ostream& out) {
    auto loaded = language::Texts::load(settings.locales, settings.languages);
    if (!loaded) return std::cerr << message(loaded.error().code, {}, loaded.error()) << "\n", 2;
    auto texts = std::make_shared<const language::Texts>(std::move(*loaded));
    int errors = 0, warnings = 0, passed = 0, failed = 0, packages = 0;
    std::map<std::string, std::shared_ptr<const catalogue::Catalogue>> catalogues;
    std::map<std::string, std::vector<catalogue::Finding>> found_in;
    auto count = [&](const catalogue::Finding& finding) {
        print(out, *texts, finding);
        (finding.severity == catalogue::Finding::Severity::error ? errors : warnings)++;
    };
    for (const auto& dir : dirs) {
        if (!fs::is_directory(dir)) {
            out << message("cli_no_folder", {{"folder", dir}}) << "\n";
            return 2;
        }
        const auto parent = parent_of(dir);
        if (!catalogues.contains(parent)) {
            auto catalogue = catalogue::Catalogue::load({parent, settings.law, settings.city, settings.production}, texts, found_in[parent]);
            for (const auto& finding : found_in[parent]) count(finding);
            if (!catalogue) return out << message(catalogue.error().code, {}, catalogue.error()) << "\n", 2;
            catalogues[parent] = *catalogue;
        }
        if (name_of(dir) == "common") continue;  // its letters and texts are checked with each package that uses them
        const auto* package = catalogues[parent]->package(name_of(dir));
        if (!package) {
            out << message("cli_no_package", {{"folder", dir}}) << "\n";
            ++errors;
            continue;
        }
        ++packages;
        for (const auto& finding : catalogue::check_package(*package, *catalogues[parent])) count(finding);
        auto examples = casework::run_examples(*package, *catalogues[parent]);
        for (const auto& finding : examples.findings) count(finding);
        passed += examples.passed;
        failed += examples.failed;
    }
    out << message("cli_checked", {{"packages", std::to_string(packages)},
                                   {"errors", std::to_string(errors)},
                                   {"warnings", std::to_string(warnings)},
                                   {"passed", std::to_string(passed)},
                                   {"failed", std::to_string(failed)}})
        << "\n";
    return errors + failed > 0 ? 1 : 0;
}

int decide_cases(const Settings& settings, const std::string& dir, const std::string& file, std::ostream& out) {
    auto loaded = language::Texts::load(settings.locales, settings.languages);
    if (!loaded) return std::cerr << message(loaded.error().code, {}, loaded.error()) << "\n", 2;
    std::vector<catalogue::Finding> findings;
    auto catalogue = catalogue::Catalogue::load({parent_of(dir), settings.law, settings.city, settings.production},
                                                std::make_shared<const language::Texts>(std::move(*loaded)), findings);
    if (!catalogue) return std::cerr << message(catalogue.error().code, {}, catalogue.error()) << "\n", 2;
    const auto* package = (*catalogue)->package(name_of(dir));
    if (!package) return std::cerr << message("cli_no_package", {{"folder", dir}}) << "\n", 2;
    if (file == "-") return casework::decide_lines(*package, **catalogue, std::cin, out);
    std::ifstream in(file);
    if (!in) return std::cerr << message("cli_no_file", {{"file", file}}) << "\n", 2;
    return casework::decide_lines(*package, **catalogue, in, out);
}

}  // namespace kiepe::app
