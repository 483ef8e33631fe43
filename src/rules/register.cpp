#include "rules/register.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/date.h"
#include "base/text.h"
#include "casework/value_words.h"
#include "catalogue/catalogue_pages.h"
#include "catalogue/norm_link.h"
#include "rules/constants.h"
#include "rules/sql.h"

namespace kiepe::rules {
namespace {

CitedNorm cited(const catalogue::Law& law, const std::string& norm) {
    return {catalogue::norm_text(norm), norm.empty() ? std::string() : catalogue::norm_link(law, norm)};
}

std::string first_part_of(const std::string& name) { return name.substr(0, name.find('.')); }
std::string last_part_of(const std::string& name) { return name.substr(name.rfind('.') + 1); }

/// Addresses that the city's map is asked about: rules see them through what the map says.
std::set<std::string> looked_up_by(const catalogue::Package& package) {
    std::set<std::string> names;
    for (const auto& page : package.form.pages)
        for (const auto& question : page.questions)
            if (!question.look_up_by.empty()) names.insert(question.look_up_by);
    return names;
}

/// The questions whose answers some rule reads, by the page on which they are asked.
std::vector<RegisterGroup> inputs_of(const catalogue::Package& package, const catalogue::Law& law, Day today, std::string_view language) {
    std::vector<RegisterGroup> groups;
    const auto names = package.model->inputs();
    const std::set<std::string> used(names.begin(), names.end()), mapped = looked_up_by(package);
    const auto read = constants_of(package, law, today).words;
    for (const auto& page : package.form.pages) {
        RegisterGroup group{package.say(language, page.title).text, {}};
        for (const auto& question : page.questions) {
            const std::string name = catalogue::global_name(page, question.name);
            const bool asked = question.kind != catalogue::Question::Kind::derive && !question.label.german.empty();
            if (!asked || question.type == catalogue::QuestionType::remark || !used.contains(first_part_of(name))) continue;
            if (!read.contains(last_part_of(name)) && !mapped.contains(name)) continue;
            group.inputs.push_back({name, casework::without_values(package.say(language, question.label).text), question.protected_attribute, cited(law, question.needed_for)});
        }
        if (!group.inputs.empty()) groups.push_back(std::move(group));
    }
    return groups;
}

/// The provision that `allowed_by` names ("parking_order.automation_allowed_by"), as the law has it today.
void put_provision(const catalogue::Automation& automation, const catalogue::Law& law, Day today, RegisterEntry& entry) {
    const auto dot = automation.allowed_by.find('.');
    if (dot == std::string::npos) return;
    for (const auto* act : law.all()) {
        if (catalogue::Law::feel_name(act->code) != automation.allowed_by.substr(0, dot)) continue;
        const auto value = law.on(act->code, today).get(automation.allowed_by.substr(dot + 1));
        if (value.kind() == feel::Kind::string) entry.provision = value.as_string();
        entry.provision_act = {act->name, act->link};
    }
}

void put_outcomes(const catalogue::Package& package, std::string_view language, RegisterEntry& entry) {
    const auto& service = package.service;
    for (const auto& [code, outcome] : service.outcomes) {
        if (outcome.letter.empty()) continue;
        const bool listed = service.automation && entry.mode == "full" &&
                            std::find(service.automation->outcomes.begin(), service.automation->outcomes.end(), code) != service.automation->outcomes.end();
        (listed ? entry.automatic : entry.never).push_back(package.say(language, outcome.title).text);
    }
}

}  // namespace

Share share_of(std::int64_t part, std::int64_t whole) {
    if (whole <= 0) return {};
    constexpr double z = 1.959963984540054;  // two-sided 95 %
    const double n = static_cast<double>(whole), p = static_cast<double>(part) / n;
    const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double reach = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
    const auto tenths = [](double share) { return static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * 1000)); };
    return {tenths(p), tenths(middle - reach), tenths(middle + reach)};
}

std::int64_t errors_of(const casework::DecisionCounts::Side& side) {
    std::int64_t errors = 0;
    for (const auto& [kind, count] : side.corrected)
        if (kind == "error_rule" || kind == "error_input") errors += count;
    return errors;
}

RegisterEntry register_entry(const catalogue::Package& package, const catalogue::Catalogue& catalogue, std::string_view language, Day today) {
    const auto& service = package.service;
    const auto& law = catalogue.law();
    RegisterEntry entry;
    entry.service = service.id;
    entry.name = package.say(language, service.name).text;
    entry.purpose = package.say(language, service.short_text).text;
    entry.data_purpose = package.say(language, {service.data.purpose, "service/purpose/text"}).text;
    entry.mode = "by_hand";
    if (const auto& automation = service.automation) {
        entry.machine = package.say(language, automation->register_text).text;
        entry.automation_norm = cited(law, automation->norm);
        entry.spot_check_percent = automation->spot_check_percent;
        put_provision(*automation, law, today, entry);
        // VwVfG section 35a: without a provision that allows it the machine only prepares.
        entry.mode = automation->allowed_by.empty() || !entry.provision.empty() ? "full" : "prepared";
    }
    put_outcomes(package, language, entry);
    for (const auto& norm : service.norms) entry.norms.push_back(cited(law, norm));
    entry.office = &catalogue.city().office_of(service.office_duty);
    if (package.model) entry.groups = inputs_of(package, law, today, language);
    entry.version = service.version;
    entry.package_hash = package.hash;
    entry.law_hash = law.hash(service.acts);
    entry.remedy_kind = service.remedy.kind;
    entry.remedy_norm = catalogue::norm_text(service.remedy.norm);
    entry.remedy_within = service.remedy.within;
    return entry;
}

std::optional<TestRun> tests_of(store::Session& session, const std::string& package_hash, const std::string& law_hash) {
    const auto rows = session.query(sql::register_tests_of, {package_hash, law_hash});
    if (rows.empty()) return std::nullopt;
    return TestRun{rows[0].number(0), rows[0].number(1), parse_moment(rows[0].text(2)).value_or(Moment{})};
}

}  // namespace kiepe::rules
