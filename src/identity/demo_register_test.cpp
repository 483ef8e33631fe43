#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/date.h"
#include "base/id.h"
#include "identity/identity.h"

namespace kiepe::identity {
namespace {

const std::string kDemo = std::string(KIEPE_SOURCE_DIR) + "/cities/muenster/demo/persons.yaml";

Error refused(const std::string& text) {
    const auto file = (std::filesystem::temp_directory_path() / ("kiepe-persons-" + random_token())).string();
    std::ofstream(file) << text;
    const auto loaded = DemoRegister::load(file);
    std::filesystem::remove(file);
    if (loaded) return {.code = "not refused"};
    auto error = loaded.error();
    error.where = error.where.substr(error.where.rfind(':') + 1);
    return error;
}

TEST(DemoRegister, knows_the_invented_persons_of_the_city) {
    const auto loaded = DemoRegister::load(kDemo);
    ASSERT_TRUE(loaded) << loaded.error().code << " " << loaded.error().where;
    const auto persons = loaded->invented_persons();
    ASSERT_GE(persons.size(), 3u);
    for (const auto& person : persons) {
        EXPECT_TRUE(person.invented);
        EXPECT_EQ(loaded->person(person.subject)->email, person.email);
        EXPECT_EQ(loaded->attribute(person.subject, "birth_date").kind(), feel::Kind::date);
        EXPECT_EQ(loaded->attribute(person.subject, "household").kind(), feel::Kind::list);
        EXPECT_EQ(loaded->attribute(person.subject, "main_home").kind(), feel::Kind::boolean);
        EXPECT_TRUE(loaded->attribute(person.subject, "permits_held").is_number());
        for (const auto* part : {"street", "number", "postcode", "place", "ags", "district"}) {
            EXPECT_EQ(loaded->attribute(person.subject, "registered_address").get(part).kind(), feel::Kind::string) << part;
        }
        EXPECT_TRUE(loaded->attribute(person.subject, "registered_address").get("x").is_number());
    }
    EXPECT_EQ(loaded->level(), "register");
}

TEST(DemoRegister, gives_null_for_what_it_does_not_know) {
    const auto loaded = DemoRegister::load(kDemo);
    ASSERT_TRUE(loaded);
    EXPECT_TRUE(loaded->attribute("demo:nobody", "first_name").is_null());
    EXPECT_TRUE(loaded->attribute("demo:jana-beispiel", "shoe_size").is_null());
    EXPECT_FALSE(loaded->person("demo:nobody"));
}

TEST(DemoRegister, names_the_line_of_a_mistake) {
    const std::string head = "persons:\n- subject: a\n  email: b\n";
    EXPECT_EQ(refused(head + "  register: {first_name: A, last_name: B, shoe_size: 1}\n").code, "demo_persons_unknown_key");
    EXPECT_EQ(refused(head + "  register: {first_name: A, last_name: B, shoe_size: 1}\n").where, "4");
    EXPECT_EQ(refused(head + "  email: c\n  register: {first_name: A, last_name: B}\n").code, "demo_persons_twice");
    EXPECT_EQ(refused(head).code, "demo_persons_missing");
    EXPECT_EQ(refused(head + "  level: enormous\n  register: {first_name: A, last_name: B}\n").code, "demo_persons_level");
    EXPECT_EQ(refused("persons: 5\n").code, "demo_persons_missing");
    EXPECT_EQ(refused("persons: [\n").code, "demo_persons_syntax");
    EXPECT_EQ(refused("- a\n").code, "demo_persons_shape");
    EXPECT_EQ(DemoRegister::load("/nowhere/persons.yaml").error().code, "demo_persons_unreadable");
}

}  // namespace
}  // namespace kiepe::identity
