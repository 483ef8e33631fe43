#include "app/compare_command.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/package_commands.h"
#include "base/date.h"
#include "base/text.h"
#include "casework/example_reader.h"
#include "casework/surroundings.h"
#include "catalogue/folder.h"
#include "rules/compare.h"
#include "rules/law_change.h"
#include "rules/made_cases.h"
#include "rules/reform_jobs.h"
#include "rules/reform_view.h"

namespace kiepe::app {
namespace {

namespace fs = std::filesystem;
using rules::Comparison;
using rules::Subject;

fs::path folder_of(const std::string& dir) {
    const auto path = fs::absolute(dir).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

/// Cases without what only deciding needs: nothing is printed or sent while stored decisions are read.
class NoTypesetter final : public documents::Typesetter {
public:
    Result<std::string> pdf(const documents::Letter&) override { return Error{"no_typesetter"}; }
    Result<std::string> form_pdf(const documents::PrintForm&) override { return Error{"no_typesetter"}; }
};
class NoMail final : public mail::Mailer {
public:
    Result<void> send(const mail::Mail&) override { return Error{"no_mail"}; }
};
class Nobody final : public identity::SignIn {
public:
    std::vector<identity::Person> invented_persons() const override { return {}; }
    std::optional<identity::Person> person(std::string_view) const override { return std::nullopt; }
};

/// The decisions of the database; it is only read.
struct Store {
    Store(const Settings& settings, const language::Texts& texts, std::shared_ptr<const catalogue::Catalogue> catalogue)
        : database(store::open(settings.database)),
          identity(*database, clock, std::make_shared<Nobody>()),
          cases({*database, clock, [catalogue] { return catalogue; }, identity, typesetter, mailer, texts, {}}) {}
    SystemClock clock;
    std::unique_ptr<store::Database> database;
    identity::Identity identity;
    NoTypesetter typesetter;
    NoMail mailer;
    casework::Cases cases;
};

class Command {
public:
    Command(const Settings& settings, const CompareRequest& request, std::ostream& out) : settings_(settings), request_(request), out_(out) {}

    int run() {
        if (!read_rules()) return 2;
        if (request_.late) return late();
        if (request_.changed.empty() && request_.law.empty()) return refuse("cli_compare_nothing");
        if (!read_changes()) return status_;
        if (!read_cases()) return 2;
        return compare();
    }

private:
    int refuse(const std::string& key, const language::Arguments& arguments = {}) {
        std::cerr << message(key, arguments) << "\n";
        return 2;
    }

    std::string say(const std::string& key, const language::Arguments& arguments = {}) const { return texts_->get(language_, key, arguments); }

    bool read_rules() {
        auto loaded = language::Texts::load(settings_.locales, settings_.languages);
        if (!loaded) return refuse(loaded.error().code), false;
        texts_ = std::make_shared<const language::Texts>(std::move(*loaded));
        language_ = request_.language.empty() ? message_language() : request_.language;
        if (!fs::is_directory(request_.folder)) return refuse("cli_no_folder", {{"folder", request_.folder}}), false;
        const auto folder = folder_of(request_.folder);
        std::vector<catalogue::Finding> findings;
        auto catalogue = catalogue::Catalogue::load({folder.parent_path().string(), settings_.law, settings_.city, settings_.production}, texts_, findings);
        if (!catalogue) return refuse(catalogue.error().code), false;
        now_ = *catalogue;
        package_ = now_->package(folder.filename().string());
        if (!package_) return refuse("cli_no_package", {{"folder", request_.folder}}), false;
        return true;
    }

    /// Files of the law by the act that they state; a folder stands for all below it.
    bool add_law(const std::string& path, rules::ProposedFiles& files) {
        std::map<std::string, std::string> contents;
        if (fs::is_directory(path)) contents = catalogue::read_folder(path);
        else if (fs::exists(path)) contents[fs::path(path).filename().string()] = read_file(path);
        else return refuse("cli_no_file", {{"file", path}}), false;
        bool any = false;
        for (const auto& [name, content] : contents) {
            if (!name.ends_with(".yaml")) continue;
            rules::ProposedFiles placed;
            const auto done = rules::place(*package_, now_->law(), name, content, placed);
            if (!done && fs::is_directory(path) && done.error().code == "proposal_unknown_act") continue;  // law of other services
            if (!done) {
                language::Arguments arguments{{"file", name}};
                for (const auto& argument : done.error().args) arguments.push_back(argument);
                return refuse("reform_error_" + done.error().code, arguments), false;
            }
            for (const auto& [target, text] : placed.law) files.law[target] = text;
            any = any || !placed.law.empty();
        }
        return any || (refuse("cli_no_file", {{"file", path}}), false);
    }

    bool read_changes() {
        status_ = 2;
        rules::ProposedFiles files;
        if (!request_.changed.empty()) {
            if (!fs::is_directory(request_.changed)) return refuse("cli_no_folder", {{"folder", request_.changed}}), false;
            files.package = catalogue::read_folder(request_.changed);
        }
        for (const auto& path : request_.law)
            if (!add_law(path, files)) return false;
        std::vector<catalogue::Finding> findings;
        then_ = rules::with_proposal(now_, package_->service.id, files, findings);
        for (const auto& finding : findings)
            std::cerr << finding.file << ":" << finding.line << ": "
                      << catalogue::finding_text(*texts_, language_, finding) << "\n";
        if (!then_) {
            refuse("cli_compare_broken");
            status_ = 1;
        }
        return then_ != nullptr;
    }

    bool read_cases() {
        const auto& cases = request_.cases;
        if (cases == "made") {
            for (auto& application : rules::made_cases(*package_, now_->law(), now_->city(), {request_.seed, request_.count, today()}))
                subjects_.push_back({std::to_string(subjects_.size() + 1), std::move(application)});
        } else if (cases == "examples") {
            for (auto& [name, application] : rules::example_cases(*package_, *now_)) subjects_.push_back({name, std::move(application)});
        } else if (cases == "stored") {
            return read_stored();
        } else {
            return read_lines(cases);
        }
        return true;
    }

    bool read_stored() {
        try {
            Store store(settings_, *texts_, now_);
            for (auto& decided : rules::last_decisions(store.cases, package_->service.id, Moment{}))
                subjects_.push_back({decided.number, std::move(decided.application)});
            return true;
        } catch (const store::Failure&) {
            return refuse("cli_compare_no_database", {{"where", settings_.database}}), false;
        }
    }

    bool read_lines(const std::string& file) {
        std::ifstream in(file);
        if (!in) return refuse("cli_compare_bad_cases", {{"value", file}}), false;
        int number = 0;
        for (std::string line; std::getline(in, line);) {
            ++number;
            if (trim(line).empty()) continue;
            auto application = casework::read_case_line(*package_, line);
            if (!application)
                return refuse("cli_compare_bad_line", {{"file", file}, {"line", std::to_string(number)}, {"code", application.error().code}}), false;
            subjects_.push_back({std::to_string(number), casework::completed(*package_, now_->law(), now_->city(), *application)});
        }
        return true;
    }

    int compare() {
        auto law_now = now_->law(), law_then = then_->law();
        std::optional<Day> day;
        if (request_.in_force.empty()) day = rules::day_of_change(law_now, law_then, package_->service.acts, today());
        else if (request_.in_force != "no" && !(day = parse_day(request_.in_force))) return refuse("cli_compare_bad_day", {{"value", request_.in_force}});
        if (day) {
            law_now = rules::law_as_on(law_now, *day);
            law_then = rules::law_as_on(law_then, *day);
        }
        rules::CompareOptions options;
        options.languages = {language_};
        options.tell_each = request_.list || !request_.json.empty();
        options.facts = request_.cases != "stored";
        const auto begin = std::chrono::steady_clock::now();
        auto result = rules::compare({*package_, law_now, now_->city()}, {*then_->package(package_->service.id), law_then, then_->city()}, subjects_, options);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        if (request_.cases == "stored" && !options.tell_each) rules::protect(result);
        if (!request_.json.empty()) {
            std::ofstream file(request_.json);
            if (!(file << rules::to_json(result) << "\n")) return refuse("cli_no_file", {{"file", request_.json}});
        }
        print(result, day, took.count());
        return 0;
    }

    void print(const Comparison& result, std::optional<Day> day, double seconds) const {
        const auto number = [&](std::int64_t n) { return language::format_number(language_, Decimal(n)); };
        const std::string kind = request_.cases == "made" || request_.cases == "examples" || request_.cases == "stored" ? request_.cases : "file";
        out_ << say("cli_compare_kind_" + kind, {{"count", number(result.compared)}}) << "\n";
        if (day) out_ << say("cli_compare_same_law", {{"day", language::format_date(language_, *day)}}) << "\n";
        out_ << rules::headline(*texts_, language_, result) << "\n";
        if (!result.total_before.is_zero() || !result.total_after.is_zero())
            out_ << say("cli_compare_money", {{"label", result.labels.at(result.amount)},
                                              {"before", language::format_money(language_, result.total_before)},
                                              {"after", language::format_money(language_, result.total_after)}})
                 << "\n";
        if (result.failing > 0) out_ << texts_->get_n(language_, "reform_failing", result.failing) << "\n";
        for (const auto& band : result.bands)
            out_ << "  " << rules::band_text(*texts_, language_, result, band) << ": " << number(band.count) << "\n";
        for (std::size_t i = 0; i < result.groups.size(); ++i) print(result, i);
        if (seconds > 0.2) out_ << "\n" << say("cli_compare_speed", {{"count", number(std::int64_t(double(result.compared) / seconds))}}) << "\n";
    }

    void print(const Comparison& result, std::size_t index) const {
        const auto& group = result.groups[index];
        const auto& [before, after] = group.titles.at(language_);
        out_ << "\n" << index + 1 << ". " << texts_->get_n(language_, "reform_group_" + std::string(rules::name_of(group.effect)), group.count) << "\n";
        out_ << "   " << rules::outcome_text(*texts_, language_, before) << " -> " << rules::outcome_text(*texts_, language_, after) << "\n";
        print_reasons(result, group.before, "reform_reason_gone");
        print_reasons(result, group.after, "reform_reason_new");
        if (group.before.automatic != group.after.automatic) out_ << "   " << say("reform_hand") << ": " << say(group.after.automatic ? "reform_by_machine" : "reform_by_hand") << "\n";
        if (!group.sum_before.is_zero() || !group.sum_after.is_zero())
            out_ << "   " << say("reform_sums") << ": " << language::format_money(language_, group.sum_before) << " -> "
                 << language::format_money(language_, group.sum_after) << "\n";
        if (!request_.list) {
            print(group.example, group.told, group.example_before, group.example_after);
            return;
        }
        for (const auto& change : result.changes)
            if (change.group == index) print(change.name, change.told, change.before.amount, change.after.amount);
    }

    void print_reasons(const Comparison& result, const rules::Side& side, const std::string& key) const {
        for (const auto* codes : {&side.reasons, &side.looks})
            for (const auto& code : *codes) out_ << "   " << say(key) << ": " << result.reason_texts.at(language_).at(code) << "\n";
    }

    void print(const std::string& name, const std::map<std::string, rules::Told>& told, const std::optional<Decimal>& before,
               const std::optional<Decimal>& after) const {
        if (!name.empty()) out_ << "   " << say("cli_compare_example", {{"name", name}}) << "\n";
        const auto found = told.find(language_);
        auto side = [&](const std::string& key, const std::optional<Decimal>& amount, const std::vector<rules::Line>& lines) {
            std::string text = before != after ? (amount ? language::format_money(language_, *amount) : say("reform_no_amount")) : "";
            for (const auto& line : lines) {
                text += (text.empty() ? "" : " | ") + line.text;
                if (!line.value.empty() && line.text.find(line.value) == std::string::npos) text += " " + line.value;
            }
            if (!text.empty()) out_ << "     " << say(key) << ": " << text << "\n";
        };
        side("reform_before", before, found == told.end() ? std::vector<rules::Line>{} : found->second.before);
        side("reform_after", after, found == told.end() ? std::vector<rules::Line>{} : found->second.after);
    }

    int late() {
        try {
            Store store(settings_, *texts_, now_);
            const auto late = rules::late_law_of(store.cases, *store.database, *now_, *package_);
            if (late.gone > 0) out_ << texts_->get_n(language_, "late_gone", late.gone) << "\n";
            if (late.changes.empty()) out_ << say("late_empty_text") << "\n";
            for (const auto& change : late.changes) print(change);
            return 0;
        } catch (const store::Failure&) {
            return refuse("cli_compare_no_database", {{"where", settings_.database}});
        }
    }

    void print(const rules::LateChange& change) const {
        const auto& parameter = change.parameter;
        std::int64_t counts[3] = {0, 0, 0};
        for (const auto& each : change.cases) ++counts[int(each.effect)];
        out_ << parameter.act << "." << parameter.parameter << " (" << parameter.norm << ")\n  " << rules::value_text(*texts_, language_, parameter.before)
             << " -> " << rules::value_text(*texts_, language_, parameter.after) << ", " << say("late_from") << " " << to_iso(parameter.from) << ", "
             << parameter.source << "\n  " << say("late_used_by") << ": " << texts_->get_n(language_, "late_used", change.used) << "\n  "
             << (change.cases.empty() ? say("late_headline_none")
                                      : texts_->get_n(language_, "late_headline", std::int64_t(change.cases.size()),
                                                      {{"gain", std::to_string(counts[0])}, {"lose", std::to_string(counts[1])}, {"differ", std::to_string(counts[2])}}))
             << "\n";
        for (const auto& each : change.cases) out_ << "    " << each.number << "  " << say("reform_effect_" + std::string(rules::name_of(each.effect))) << "\n";
    }

    Day today() const { return local_day(SystemClock().now()); }

    const Settings& settings_;
    const CompareRequest& request_;
    std::ostream& out_;
    std::shared_ptr<const language::Texts> texts_;
    std::string language_;
    std::shared_ptr<const catalogue::Catalogue> now_, then_;
    const catalogue::Package* package_ = nullptr;
    std::vector<Subject> subjects_;
    int status_ = 2;
};

}  // namespace

int compare_packages(const Settings& settings, const CompareRequest& request, std::ostream& out) { return Command(settings, request, out).run(); }

}  // namespace kiepe::app
