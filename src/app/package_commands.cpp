#include "app/package_commands.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <nlohmann/json.hpp>

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

const char* name_of(catalogue::Finding::Severity severity) {
    using Severity = catalogue::Finding::Severity;
    return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

/// Findings as they come: printed as lines, or kept for one JSON document at the end.
class CheckReport {
public:
    CheckReport(const language::Texts& texts, const CheckOutput& how, std::ostream& out) : texts_(texts), how_(how), out_(out) {}

    void add(const catalogue::Finding& finding) {
        ++counts_[static_cast<std::size_t>(finding.severity)];
        const bool note = finding.severity == catalogue::Finding::Severity::note;
        to_compare_ += note && finding.code == "law_to_check";
        const auto language = cli_language();
        const std::string sentence = texts_.get(language, texts_.has("de", finding.code) ? finding.code : "finding_" + finding.code, finding.args);
        if (how_.json) {
            nlohmann::json args = nlohmann::json::object();
            for (const auto& [name, value] : finding.args) args[name] = value;
            findings_.push_back({{"severity", name_of(finding.severity)}, {"code", finding.code}, {"file", finding.file}, {"line", finding.line},
                                 {"text", sentence}, {"args", std::move(args)}});
        } else if (!note || how_.all) {
            out_ << finding.file << ":" << finding.line << ": " << texts_.get(language, std::string("cli_") + name_of(finding.severity)) << ": " << sentence << "\n";
        }
    }

    int errors() const { return counts_[0]; }

    /// The closing line ends with the numbers of passed and failed examples: script/test reads them.
    void close(int packages, int passed, int failed) {
        const int notes = counts_[2];
        if (how_.json) {
            const nlohmann::json whole{{"findings", findings_}, {"packages", packages}, {"errors", counts_[0]}, {"warnings", counts_[1]}, {"notes", notes},
                                       {"to_compare", to_compare_}, {"passed", passed}, {"failed", failed}};
            out_ << whole.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
            return;
        }
        if (to_compare_ > 0 && !how_.all) out_ << message("cli_to_compare", {{"count", std::to_string(to_compare_)}}) << "\n";
        if (notes > to_compare_ && !how_.all) out_ << message("cli_more_notes", {{"count", std::to_string(notes - to_compare_)}}) << "\n";
        out_ << message("cli_checked", {{"packages", std::to_string(packages)}, {"errors", std::to_string(counts_[0])},
                                        {"warnings", std::to_string(counts_[1])}, {"notes", std::to_string(notes)},
                                        {"passed", std::to_string(passed)}, {"failed", std::to_string(failed)}})
             << "\n";
    }

private:
    const language::Texts& texts_;
    const CheckOutput& how_;
    std::ostream& out_;
    std::array<int, 3> counts_ = {};
    int to_compare_ = 0;
    nlohmann::json findings_ = nlohmann::json::array();
};

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

std::string message_language() { return cli_language(); }

std::string message(const std::string& key, const language::Arguments& arguments) { return message(key, arguments, Error{key}); }

std::string message(const std::string& key, const language::Arguments& arguments, const Error& fallback) {
    const auto* texts = texts_of("locales");
    if (texts && texts->has("de", key)) return texts->get(cli_language(), key, arguments);
    return fallback.where.empty() ? fallback.code + " " + fallback.detail : fallback.where + ": " + fallback.code + " " + fallback.detail;
}

int check_packages(const Settings& settings, const std::vector<std::string>& dirs, const CheckOutput& how, std::ostream& out) {
    auto loaded = language::Texts::load(settings.locales, settings.languages);
    if (!loaded) return std::cerr << message(loaded.error().code, {}, loaded.error()) << "\n", 2;
    auto texts = std::make_shared<const language::Texts>(std::move(*loaded));
    CheckReport report(*texts, how, out);
    int passed = 0, failed = 0, packages = 0, unreadable = 0;
    std::map<std::string, std::shared_ptr<const catalogue::Catalogue>> catalogues;
    for (const auto& dir : dirs) {
        if (!fs::is_directory(dir)) return std::cerr << message("cli_no_folder", {{"folder", dir}}) << "\n", 2;
        const auto parent = parent_of(dir);
        if (!catalogues.contains(parent)) {
            std::vector<catalogue::Finding> found;
            auto catalogue = catalogue::Catalogue::load({parent, settings.law, settings.city, settings.production}, texts, found);
            for (const auto& finding : found) report.add(finding);
            if (!catalogue) return std::cerr << message(catalogue.error().code, {}, catalogue.error()) << "\n", 2;
            catalogues[parent] = *catalogue;
        }
        if (name_of(dir) == "common") continue;  // its letters and texts are checked with each package that uses them
        const auto* package = catalogues[parent]->package(name_of(dir));
        if (!package) {
            std::cerr << message("cli_no_package", {{"folder", dir}}) << "\n";
            ++unreadable;
            continue;
        }
        ++packages;
        for (const auto& finding : catalogue::check_package(*package, *catalogues[parent])) report.add(finding);
        auto examples = casework::run_examples(*package, *catalogues[parent]);
        for (const auto& finding : examples.findings) report.add(finding);
        passed += examples.passed;
        failed += examples.failed;
    }
    report.close(packages, passed, failed);
    return report.errors() + failed + unreadable > 0 ? 1 : 0;
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
