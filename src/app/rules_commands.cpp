#include "app/rules_commands.h"

#include <filesystem>
#include <fstream>
#include <iostream>

#include <fmt/core.h>

#include "app/package_commands.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "rules/fairness.h"

namespace kiepe::app {
namespace {

namespace fs = std::filesystem;
using rules::FairnessLine;

/// "packages/dog-tax/" -> "packages" and "dog-tax"; a package is read among its neighbours and the common files.
std::pair<std::string, std::string> folder_and_name(const std::string& dir) {
    auto path = fs::absolute(dir).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    return {path.parent_path().string(), path.filename().string()};
}

void print_line(std::ostream& out, const FairnessLine& line) {
    const std::string kind = message("fairness_kind_" + std::string(name_of(line.kind)), {});
    out << fmt::format("  {:<32} {:<28} {:>7} {:>10} {:>10} {:>10}\n", line.attribute, kind, line.tried, line.decisions, line.wordings, line.promises);
    if (line.first && line.must_not_matter())
        out << "    " << message("cli_fairness_first", {{"case", line.first->name}, {"from", line.first->from.empty() ? "-" : line.first->from},
                                                        {"to", line.first->to.empty() ? "-" : line.first->to}, {"difference", line.first->difference}})
            << "\n";
}

void print(std::ostream& out, const rules::FairnessReport& report) {
    out << message("cli_fairness_head", {{"service", report.service}, {"version", report.version}, {"examples", std::to_string(report.examples)},
                                         {"made", std::to_string(report.made)}, {"flips", std::to_string(report.flips())}})
        << "\n"
        << fmt::format("  {:<32} {:<28} {:>7} {:>10} {:>10} {:>10}\n", message("cli_fairness_attribute", {}), message("cli_fairness_kind", {}),
                       message("cli_fairness_cases", {}), message("cli_fairness_decision", {}), message("cli_fairness_wording", {}),
                       message("cli_fairness_promise", {}));
    for (const auto& line : report.lines)
        if (line.must_not_matter()) print_line(out, line);
    out << "  " << message("cli_fairness_cited", {}) << "\n";
    for (const auto& line : report.lines)
        if (!line.must_not_matter()) out << fmt::format("  {:<32} {:>7} {:>10}  {}\n", line.attribute, line.tried, line.decisions, line.norm);
    if (!report.not_asked.empty()) {
        std::vector<std::string> names;
        for (const auto& name : report.not_asked) names.push_back(message("fairness_protected_" + name, {}));
        out << "  " << message("cli_fairness_not_asked", {{"names", join(names, ", ")}}) << "\n";
    }
    out << "\n";
}

struct Counts { int passed = 0, failed = 0; };

/// An attribute that nobody could flip (no case had it) neither passes nor fails.
void count(const rules::FairnessReport& report, Counts& counts) {
    for (const auto& line : report.lines)
        if (line.must_not_matter() && line.tried > 0) ++(line.changed() ? counts.failed : counts.passed);
}

bool write_json(const std::vector<rules::FairnessReport>& reports, const std::string& file, std::ostream& out) {
    std::vector<std::string> texts;
    for (const auto& report : reports) texts.push_back(to_json(report));
    const std::string json = "[\n" + join(texts, ",\n") + "\n]\n";
    if (file == "-") return bool(out << json);
    std::ofstream to(file);
    return bool(to << json);
}

}  // namespace

int check_fairness(const Settings& settings, const FairnessCommand& command, Day today, std::ostream& out) {
    auto loaded = language::Texts::load(settings.locales, settings.languages);
    if (!loaded) return std::cerr << message(loaded.error().code, {}, loaded.error()) << "\n", 2;
    const auto texts = std::make_shared<const language::Texts>(std::move(*loaded));
    std::map<std::string, std::shared_ptr<const catalogue::Catalogue>> catalogues;
    std::vector<rules::FairnessReport> reports;
    Counts counts;
    for (const auto& dir : command.dirs) {
        const auto [parent, name] = folder_and_name(dir);
        if (!fs::is_directory(dir)) return std::cerr << message("cli_no_folder", {{"folder", dir}}) << "\n", 2;
        if (name == "common") continue;
        if (!catalogues.contains(parent)) {
            std::vector<catalogue::Finding> findings;  // `kiepe package check` is the place to read them
            auto read = catalogue::Catalogue::load({parent, settings.law, settings.city, settings.production}, texts, findings);
            if (!read) return std::cerr << message(read.error().code, {}, read.error()) << "\n", 2;
            catalogues[parent] = *read;
        }
        const auto* package = catalogues[parent]->package(name);
        if (!package) return std::cerr << message("cli_no_package", {{"folder", dir}}) << "\n", 2;
        if (package->service.link_only) continue;
        const rules::FairnessOptions options{command.cases, command.seed, rules::fairness_day(*package, catalogues[parent]->law(), today)};
        reports.push_back(rules::fairness_of(*package, *catalogues[parent], options));
        count(reports.back(), counts);
        if (command.json != "-") print(out, reports.back());
    }
    if (!command.json.empty() && !write_json(reports, command.json, out))
        return std::cerr << message("cli_not_written", {{"file", command.json}}) << "\n", 2;
    if (command.json != "-") out << fmt::format("{} passed, {} failed\n", counts.passed, counts.failed);
    return counts.failed == 0 ? 0 : 1;
}

}  // namespace kiepe::app
