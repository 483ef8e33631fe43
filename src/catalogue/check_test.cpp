#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/id.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "catalogue/overrides.h"
#include "catalogue/test_fixture.h"
#include "store/store.h"

namespace kiepe::catalogue {
namespace {

/// The repository's packages, read once.
struct Repository {
    std::vector<Finding> findings;
    std::shared_ptr<const Catalogue> catalogue;
    Repository() {
        const std::string root = KIEPE_SOURCE_DIR;
        auto texts = language::Texts::load(root + "/locales", {"de", "en"});
        auto shared = texts ? std::make_shared<const language::Texts>(std::move(texts).value()) : nullptr;
        auto loaded = Catalogue::load({root + "/packages", root + "/law", root + "/cities/muenster"}, shared, findings);
        if (loaded) catalogue = *loaded;
    }
};

const Repository& repository() {
    static const Repository repo;
    return repo;
}

struct Edit { std::string file, from, to, code; };

/// Changes one place of a real package and says what reading and checking then report.
std::vector<Finding> after(const std::string& service, const Edit& edit, int& line) {
    const Package* package = repository().catalogue->package(service);
    auto files = package->files;
    auto& content = files.at(edit.file);
    const auto at = content.find(edit.from);
    if (at == std::string::npos) throw std::invalid_argument(edit.file + ": " + edit.from);
    line = 1 + static_cast<int>(std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    content.replace(at, edit.from.size(), edit.to);
    std::vector<Finding> findings;
    const auto changed = build_package(files, {}, repository().catalogue->law(), package->texts, findings);
    for (auto& finding : check_package(*changed, *repository().catalogue)) findings.push_back(std::move(finding));
    return findings;
}

TEST(CheckPackage, names_file_and_line_of_what_a_designer_gets_wrong) {
    ASSERT_TRUE(repository().catalogue);
    const std::vector<Edit> edits{
        {"service.yaml", "outcomes: [grant]", "outcomes: [refuse]", "service_automation_not_favourable"},
        {"service.yaml", "discretion: none", "discretion: some", "service_automation_discretion"},
        {"service.yaml", "  allowed_by: parking_order.automation_allowed_by", "", "service_automation_without_provision"},
        {"service.yaml", "letter: letters/grant.md", "letter: letters/grand.md", "package_file_missing"},
        {"service.yaml", "reasons: obstacles", "reasons: obstacle", "model_unknown_decision"},
        {"service.yaml", "home.main: register", "home.mian: register", "form_unknown_name"},
        {"reasons.yaml", "nearest: {change: garage}", "nearest: {change: garag}", "form_unknown_name"},
        {"reasons.yaml", "  too_long:", "  to_long:", "reasons_never_given"},
        {"reasons.yaml", "{{ number(vehicle.length) }}", "{{ number(vehicle.lenght) }}", "package_feel"},
        {"form.yaml", "by: home.address", "by: home.adress", "form_unknown_name"},
        {"form.yaml", "show: garage", "show: garrage", "package_feel"},
        {"form.yaml", "show: garage", "show: garage and remark = null", "form_forward_reference"},
        {"form.yaml", "category: third_party", "category: third_part", "form_unknown_category"},
        {"form.yaml", "any_of: [registration_certificate]", "any_of: [registration_certificat]", "form_unknown_paper"},
        {"letters/grant.md", "{{> payment }}", "{{> paiment }}", "letter_unknown_part"},
        {"letters/grant.md", "{{ start }}", "{{ strat }}", "package_feel"},
        {"letters/grant.md", "{{ start }}", "{{ \"ab \" }}", "letter_literal_text"},
    };
    for (const auto& edit : edits) {
        int line = 0;
        std::vector<Finding> findings;
        try {
            findings = after("resident-parking", edit, line);
        } catch (const std::invalid_argument&) {
            continue;  // the package's wording has moved on: nothing to try here
        }
        const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& f) {
            return f.code == edit.code && f.file == edit.file && f.severity == Finding::Severity::error;
        });
        ASSERT_NE(found, findings.end()) << edit.file << ": " << edit.to << " -> " << edit.code;
        EXPECT_LE(std::abs(found->line - line), 12) << edit.file << ":" << line << " " << edit.to << " said at " << found->file << ":" << found->line;
    }
}

TEST(CheckPackage, lets_no_reason_tell_somebody_to_be_somebody_else) {
    ASSERT_TRUE(repository().catalogue);
    for (const char* name : {"persons.severe_disability", "persons.birth_date", "persons.relation"}) {
        int line = 0;
        const auto findings = after("housing-benefit", {"reasons.yaml", "change: persons.incomes.amount", std::string("change: ") + name, ""}, line);
        const auto found = std::find_if(findings.begin(), findings.end(), [](const Finding& f) { return f.code == "reasons_nearest_protected"; });
        ASSERT_NE(found, findings.end()) << name;
        EXPECT_EQ(found->line, line);
    }
}

TEST(Search, finds_the_services_of_the_city_by_peoples_words) {
    ASSERT_TRUE(repository().catalogue);
    const auto& catalogue = *repository().catalogue;
    const auto first = [&](const char* language, const char* words) {
        const auto hits = catalogue.search().find(language, words, 3);
        return hits.empty() ? std::string() : hits.front().service;
    };
    if (catalogue.package("resident-parking")) {
        EXPECT_EQ(first("de", "Parkausweis"), "resident-parking");
        EXPECT_EQ(first("en", "parking permit"), "resident-parking");
        EXPECT_FALSE(catalogue.search().find("de", "ich ziehe um", 5).empty());
    }
    if (catalogue.package("housing-benefit")) {
        EXPECT_EQ(first("de", "Wohngelt"), "housing-benefit");
        EXPECT_EQ(first("en", "my rent is too high"), "housing-benefit");
        EXPECT_EQ(first("en", "Wohngeld"), "housing-benefit");
    }
    if (catalogue.package("dog-tax")) { EXPECT_EQ(first("de", "hund anmelden"), "dog-tax"); }
}

TEST(Versions, come_back_as_they_were) {
    const auto folder = std::filesystem::temp_directory_path() / ("kiepe-catalogue-" + random_token());
    std::filesystem::create_directory(folder);
    auto database = store::open("sqlite:" + (folder / "kiepe.db").string());
    const Moment now{std::chrono::milliseconds(1'764'000'000'000)};
    database->migrate(migrations(), now);
    test::Dogs dogs;
    keep_version(*database, *dogs.package, dogs.law, now);
    keep_version(*database, *dogs.package, dogs.law, now);
    database->read([&](store::Session& session) {
        const auto files = version(session, dogs.package->hash);
        ASSERT_TRUE(files);
        EXPECT_EQ(*files, dogs.package->files);
        EXPECT_FALSE(version(session, "0123"));
        const auto law = law_version(session, dogs.law.hash({"dog_order"}));
        ASSERT_TRUE(law);
        EXPECT_EQ(law->on("dog_order", Day{std::chrono::year{2026} / 5 / 1}).get("small"), feel::Value::number(120));
        EXPECT_EQ(law->hash({"dog_order"}), dogs.law.hash({"dog_order"}));
    });
    database.reset();
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace kiepe::catalogue
