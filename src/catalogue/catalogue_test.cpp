#include "catalogue/catalogue.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"
#include "catalogue/city_reader.h"
#include "catalogue/letter_template.h"
#include "catalogue/overrides.h"
#include "catalogue/test_fixture.h"
#include "catalogue/yaml.h"

namespace kiepe::catalogue {
namespace {

using namespace test;
using feel::Value;

const Finding* find(const std::vector<Finding>& findings, std::string_view code) {
    for (const auto& f : findings)
        if (f.code == code) return &f;
    return nullptr;
}

std::string arg(const Finding* finding, std::string_view name) {
    if (finding)
        for (const auto& [key, value] : finding->args)
            if (key == name) return value;
    return "";
}

std::vector<Finding> read_changed(const std::string& file, const std::string& from, const std::string& to) {
    std::vector<Finding> findings;
    const Law law = dog_law(findings);
    auto files = dog_files();
    auto& content = files[file];
    const auto at = content.find(from);
    if (at == std::string::npos) throw std::invalid_argument(from);
    content.replace(at, from.size(), to);
    build_package(files, {}, law, nullptr, findings);
    return findings;
}

TEST(Yaml, refuses_duplicate_and_unknown_keys_with_their_line) {
    auto findings = read_changed("service.yaml", "name: Hundesteuer", "nmae: Hundesteuer");
    const Finding* unknown = find(findings, "package_unknown_key");
    ASSERT_NE(unknown, nullptr);
    EXPECT_EQ(unknown->line, 4);
    EXPECT_EQ(unknown->file, "service.yaml");
    EXPECT_EQ(arg(unknown, "hint"), "name");
    findings = read_changed("service.yaml", "language: de", "name: Anders");
    ASSERT_NE(find(findings, "package_duplicate_key"), nullptr);
    EXPECT_EQ(find(findings, "package_duplicate_key")->line, 4);
    EXPECT_NE(find(read_changed("form.yaml", "form: 1", "form: [1"), "package_yaml"), nullptr);
}

TEST(Yaml, says_which_name_an_expression_may_have_meant) {
    auto findings = read_changed("form.yaml", "show: many,", "show: mony,");
    const Finding* wrong = find(findings, "package_feel");
    ASSERT_NE(wrong, nullptr);
    EXPECT_EQ(wrong->line, 22);
    EXPECT_EQ(find(read_changed("form.yaml", "default: case.received", "default: case.recieved"), "package_feel")->line, 17);
    EXPECT_NE(find(read_changed("form.yaml", "default: case.received", "default: today()"), "package_feel"), nullptr);
    EXPECT_NE(find(read_changed("form.yaml", "dog_order.large", "dog_order.lagre"), "package_feel"), nullptr);
}

TEST(Law, gives_each_parameter_as_it_was_on_the_day) {
    std::vector<Finding> findings;
    const Law law = read_law({{"law/wogv/levels.yaml", R"(act: WoGV
parameters:
  levels:
    norm: "§ 1"
    values:
    - {from: 2023-01-01, source: BGBl., is: [{ags: "05515000", level: 4}], status: to_check}
  tax:
    norm: "§ 2"
    values:
    - {from: 2025-01-01, source: BGBl., is: 0.0004797}
    - {from: 2023-01-01, source: BGBl., is: 0.0004991}
)"}},
                             findings, false);
    EXPECT_EQ(law.on("WoGV", *parse_day("2024-12-31")).get("tax").text(), "0.0004991");
    EXPECT_EQ(law.on("wogv", *parse_day("2025-01-01")).get("tax").text(), "0.0004797");
    EXPECT_TRUE(law.on("wogv", *parse_day("2022-12-31")).get("tax").is_null());
    EXPECT_EQ(law.on("wogv", *parse_day("2024-01-01")).at("levels[1].ags"), text("05515000")) << "quoted digits stay text";
    EXPECT_EQ(law.on("wogv", *parse_day("2024-01-01")).at("levels[1].level"), Value::number(4));
    EXPECT_EQ(law.type_of("WoGV").fields.at("levels")->item->fields.at("ags")->simple, "string");
    ASSERT_NE(find(findings, "law_to_check"), nullptr);
    EXPECT_EQ(find(findings, "law_to_check")->severity, Finding::Severity::note);
    EXPECT_EQ(find(findings, "law_to_check")->line, 6);
}

TEST(Law, blocks_a_production_city_until_its_values_were_compared_with_the_gazette) {
    const std::map<std::string, std::string> files{{"law/a/a.yaml", R"(act: A
parameters:
  fee: {norm: "§ 1", values: [{from: 2023-01-01, source: Stand, is: 4, status: to_check}]}
)"}};
    std::vector<Finding> demonstration, production;
    (void)read_law(files, demonstration, false);
    (void)read_law(files, production, true);
    ASSERT_EQ(demonstration.size(), 1u);
    ASSERT_EQ(production.size(), 1u);
    EXPECT_EQ(demonstration[0].severity, Finding::Severity::note);
    EXPECT_EQ(production[0].severity, Finding::Severity::error);
}

TEST(Law, knows_the_holidays_of_the_state) {
    std::vector<Finding> findings;
    const std::string path = std::string(KIEPE_SOURCE_DIR) + "/law/holidays/NW.yaml";
    const Law law = read_law({{"law/holidays/NW.yaml", read_file(path)}}, findings, true);
    EXPECT_TRUE(findings.empty());
    EXPECT_EQ(law.holidays("NW").size(), 77u);
    EXPECT_TRUE(law.holidays("NW").count(*parse_day("2026-06-04"))) << "Corpus Christi";
    EXPECT_TRUE(law.holidays("NW").count(*parse_day("2027-03-29"))) << "Easter Monday";
    EXPECT_TRUE(law.holidays("BY").empty());
}

TEST(Period, is_read_as_people_write_it) {
    EXPECT_EQ(parse_period("20 working days")->unit, Period::Unit::working_days);
    EXPECT_EQ(parse_period("3 weeks")->count, 3);
    EXPECT_EQ(parse_period("1 month")->unit, Period::Unit::months);
    EXPECT_FALSE(parse_period("soon"));
    EXPECT_FALSE(parse_period("3 moons"));
    EXPECT_EQ(to_iso(add(*parse_day("2026-12-23"), *parse_period("2 working days"), {*parse_day("2026-12-25")})), "2026-12-28");
}

City small_city(std::vector<Finding>& findings) {
    return read_city({{"city.yaml", "city: town\nname: Stadt\nags: \"05515000\"\nstate: NW\n"
                                    "areas: {zones: {file: areas/z.geojson}}\noffices: {general: buero}\n"},
                      {"offices/buero.yaml", "office: buero\nname: Bürgerbüro\nphone: \"1\"\n"},
                      {"areas/z.geojson", R"({"features":[{"properties":{"zone":"A"},"geometry":{"type":"Polygon","coordinates":
                        [[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[6,4],[6,6],[4,6],[4,4]]]}}]})"},
                      {"areas/addresses.csv", "street;number;postcode;place;district;x;y\nHammer Straße;30a;48153;Münster;Mitte;5;1\n"
                                              "Königsweg;1;48153;Münster;Mitte;5;5\n"}},
                     "cities/town", findings);
}

TEST(City, finds_addresses_however_they_are_typed) {
    std::vector<Finding> findings;
    const City city = small_city(findings);
    EXPECT_TRUE(findings.empty());
    for (const char* street : {"Hammer Straße", "hammer str.", "Hammerstraße", "HAMMER STRASSE", "Hammer-Str"}) {
        const auto found = city.find_address(Value::context({{"street", text(street)}, {"number", text("30 A")}, {"postcode", text("48153")}}));
        ASSERT_TRUE(found) << street;
        EXPECT_EQ(found->get("street"), text("Hammer Straße"));
        EXPECT_EQ(found->get("ags"), text("05515000"));
    }
    EXPECT_TRUE(city.find_address(Value::context({{"street", text("Koenigsweg")}, {"number", text("1")}, {"postcode", text("48153")}})));
    EXPECT_FALSE(city.find_address(Value::context({{"street", text("Hammer Straße")}, {"number", text("30a")}, {"postcode", text("10115")}})));
    EXPECT_FALSE(city.find_address(Value::context({{"street", text("Hammer Straße")}, {"number", text("31")}, {"postcode", text("48153")}})));
    EXPECT_EQ(city.office_of("anything").name, "Bürgerbüro");
}

TEST(City, says_in_which_area_an_address_lies) {
    std::vector<Finding> findings;
    const City city = small_city(findings);
    const auto at = [&](const char* x, const char* y) {
        return city.look_up("zones", Value::context({{"x", Value::number(*Decimal::parse(x))}, {"y", text(y)}}));
    };
    EXPECT_EQ(at("5", "1").get("zone"), text("A"));
    EXPECT_TRUE(at("5", "1").get("found").is_true());
    EXPECT_TRUE(at("5", "5").get("found").is_false()) << "in the hole";
    EXPECT_TRUE(at("11", "5").get("found").is_false());
    EXPECT_TRUE(city.look_up("zones", Value::context({{"street", text("x")}})).is_null()) << "not known is not outside";
}

TEST(Overrides, tell_when_the_shared_file_has_changed) {
    const std::string shared = "# alt\n";
    const auto run = [&](const std::string& over, std::map<std::string, std::string> own) {
        std::vector<Finding> findings;
        Report report(findings, "overrides.yaml");
        std::map<std::string, std::map<std::string, std::string>> packages{{"dog-tax", {{"letters/assess.md", shared}}}};
        std::map<std::string, std::string> origins;
        const auto list = read_overrides("- {file: dog-tax/letters/assess.md, over: \"" + over + "\", why: schöner}\n", report);
        apply_overrides(list, own, "cities/town/packages", packages, origins, report);
        if (findings.empty()) { EXPECT_EQ(packages["dog-tax"]["letters/assess.md"], "# neu\n"); }
        return findings;
    };
    const std::map<std::string, std::string> own{{"dog-tax/letters/assess.md", "# neu\n"}};
    EXPECT_TRUE(run("sha256:" + sha256_hex(shared).substr(0, 16), own).empty());
    EXPECT_NE(find(run("sha256:0123456789abcdef", own), "override_shared_file_changed"), nullptr);
    EXPECT_NE(find(run("sha256:" + sha256_hex(shared), {}), "override_missing"), nullptr);
    EXPECT_NE(find(run("sha256:" + sha256_hex(shared), {{"dog-tax/letters/assess.md", "# neu\n"}, {"dog-tax/x.md", ""}}), "override_not_declared"), nullptr);
}

TEST(Package, gives_translations_by_place_and_says_when_it_cannot) {
    std::vector<Finding> findings;
    const Law law = dog_law(findings);
    auto files = dog_files();
    files["texts/en.po"] = "msgid \"\"\nmsgstr \"\"\n\nmsgctxt \"service/name\"\nmsgid \"Hundesteuer\"\nmsgstr \"Dog tax\"\n\n"
                           "#, fuzzy\nmsgctxt \"form/start/label\"\nmsgid \"Ab wann?\"\nmsgstr \"From when?\"\n";
    const auto package = build_package(files, {}, law, nullptr, findings);
    EXPECT_EQ(package->say("en", package->service.name).text, "Dog tax");
    EXPECT_EQ(package->say_at("en", "elsewhere", "Hundesteuer").text, "Dog tax") << "a sentence that moved keeps its translation";
    const auto fuzzy = package->say("en", package->form.question("start")->label);
    EXPECT_EQ(fuzzy.text, "Ab wann?");
    EXPECT_TRUE(fuzzy.in_german);
    EXPECT_FALSE(package->say("de", package->service.name).in_german);
    EXPECT_EQ(package->languages(), (std::vector<std::string>{"de", "en"}));
}

TEST(Package, has_a_hash_of_everything_that_decides) {
    std::vector<Finding> findings;
    const Law law = dog_law(findings);
    const auto one = build_package(dog_files(), {}, law, nullptr, findings);
    auto files = dog_files();
    files["letters/assess.md"] += " ";
    EXPECT_NE(build_package(files, {}, law, nullptr, findings)->hash, one->hash);
    EXPECT_EQ(build_package(dog_files(), {}, law, nullptr, findings)->hash, one->hash);
}

TEST(LetterTemplate, is_parsed_before_any_value_is_known) {
    Dogs dogs;
    const auto letter = parse_letter("# Bescheid\n\n{{> salutation }}\n\nHallo **{{ start }}** und {{ many }}.\n- eins\n- zwei\n\n"
                                     "{{#for d in dogs }}\n- {{ d.name }}\n{{/for}}\n{{#if many }}\nja\n{{else}}\nnein\n{{/if}}\n",
                                     "letters/x", letter_names(*dogs.package));
    ASSERT_TRUE(letter) << letter.error().code << " " << letter.error().where;
    const auto& nodes = letter->nodes;
    ASSERT_EQ(nodes.size(), 7u);
    EXPECT_EQ(nodes[0].kind, LetterNode::Kind::heading);
    EXPECT_EQ(nodes[1].name, "salutation");
    EXPECT_EQ(nodes[2].place, "letters/x/2");
    ASSERT_EQ(nodes[2].pieces.size(), 5u);
    EXPECT_TRUE(nodes[2].pieces[1].bold);
    EXPECT_EQ(nodes[5].name, "d");
    EXPECT_EQ(nodes[5].children[0].place, "letters/x/5");
    EXPECT_EQ(nodes[6].otherwise[0].german, "nein");
}

TEST(LetterTemplate, names_the_line_of_a_mistake) {
    Dogs dogs;
    const auto names = letter_names(*dogs.package);
    EXPECT_EQ(parse_letter("a\n\n{{ stort }}\n", "x", names).error().where, "3");
    EXPECT_EQ(parse_letter("a\n{{#if many}}\nb\n", "x", names).error().code, "letter_not_closed");
    EXPECT_EQ(parse_letter("a {{ start\n", "x", names).error().code, "letter_placeholder");
    EXPECT_EQ(parse_letter("{{#wenn many}}\n", "x", names).error().code, "letter_unknown_tag");
}

std::shared_ptr<const language::Texts> program_texts() {
    auto texts = language::Texts::load(std::string(KIEPE_SOURCE_DIR) + "/locales", {"de", "en"});
    return texts ? std::make_shared<const language::Texts>(std::move(texts).value()) : nullptr;
}

std::string say(const Finding& f) {
    std::string text = f.file + ":" + std::to_string(f.line) + " " + f.code;
    for (const auto& [name, value] : f.args) text += " " + name + "=" + value;
    return text;
}

/// The repository's own content: everything loads, and what check says are warnings only.
TEST(Catalogue, loads_the_packages_of_this_repository) {
    const std::string root = KIEPE_SOURCE_DIR;
    std::vector<Finding> findings;
    auto loaded = Catalogue::load({root + "/packages", root + "/law", root + "/cities/muenster"}, program_texts(), findings);
    ASSERT_TRUE(loaded) << loaded.error().code;
    const Catalogue& catalogue = **loaded;
    for (const Package* package : catalogue.packages()) {
        auto more = check_package(*package, catalogue, parse_day("2026-06-01"));
        findings.insert(findings.end(), more.begin(), more.end());
    }
    auto common = check_package(catalogue.common(), catalogue);
    findings.insert(findings.end(), common.begin(), common.end());
    for (const auto& f : findings) {
        if (f.severity == Finding::Severity::error) ADD_FAILURE() << say(f);
        else if (std::getenv("KIEPE_SHOW_WARNINGS")) std::cerr << say(f) << "\n";
    }
}

}  // namespace
}  // namespace kiepe::catalogue
