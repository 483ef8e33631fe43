#include "catalogue/answers.h"

#include <gtest/gtest.h>

#include <random>

#include "base/date.h"
#include "language/language.h"

namespace kiepe::catalogue {
namespace {

using feel::Value;

TEST(Answers, puts_plates_right_where_that_is_certain) {
    for (const char* typed : {"ms-ab 123", "MS AB 123", "ms ab123", " MS-AB123 ", "MS - AB - 123"}) EXPECT_EQ(normal_plate(typed), "MS-AB 123") << typed;
    EXPECT_EQ(normal_plate("kö-xy 9"), "KÖ-XY 9");
    EXPECT_EQ(normal_plate("M A1"), "M-A 1");
    EXPECT_EQ(normal_plate("MA1"), "M-A 1");
    EXPECT_EQ(normal_plate("MS-E 12E"), "MS-E 12E");
    EXPECT_EQ(normal_plate("ms ab 12 h"), "MS-AB 12H");
    for (const char* typed : {"MSAB123", "ms jb 0123", "MS-AB 12345", "MS-ABC 1", "123", "MS-AB", "", "MS-AB 1X", "#panic(\"x\")"})
        EXPECT_EQ(normal_plate(typed), "") << typed;
}

TEST(Answers, checks_the_digits_of_an_iban) {
    EXPECT_EQ(normal_iban("de02 1203 0000 0000 2020 51"), "DE02120300000000202051");
    EXPECT_EQ(normal_iban("GB82 WEST 1234 5698 7654 32"), "GB82WEST12345698765432");
    for (const char* typed : {"DE03120300000000202051", "DE0212030000000020205", "DE02 1203", "hello", ""}) EXPECT_EQ(normal_iban(typed), "") << typed;
}

TEST(Answers, knows_mail_addresses_and_telephone_numbers) {
    EXPECT_EQ(normal_email(" a.b@stadt.example "), "a.b@stadt.example");
    for (const char* typed : {"a@b", "a b@c.de", "@c.de", "a@@c.de", "a@.de", "a@c..de", "a"}) EXPECT_EQ(normal_email(typed), "") << typed;
    EXPECT_EQ(normal_phone("+49 (251)  492-0"), "+49 (251) 492-0");
    for (const char* typed : {"12", "0251 492 x", "1234567890123456"}) EXPECT_EQ(normal_phone(typed), "") << typed;
}

TEST(Answers, accepts_only_days_that_exist) {
    EXPECT_EQ(parse_date("29", "2", "2024").value, Value::date(*parse_day("2024-02-29")));
    EXPECT_EQ(parse_date("29", "2", "2025").code, "field_date_unknown");
    EXPECT_EQ(parse_date("1", "März", "2025").value, Value::date(*parse_day("2025-03-01")));
    EXPECT_EQ(parse_date("1", "1", "50").code, "field_date_year");
    EXPECT_EQ(parse_date("1", "", "2025").code, "field_date");
    EXPECT_TRUE(parse_date("", "", "").code.empty());
    EXPECT_EQ(parse_whole_date("24.11.2026", false).value, Value::date(*parse_day("2026-11-24")));
    EXPECT_EQ(parse_whole_date("2026-11", true).value, Value::date(*parse_day("2026-11-01")));
}

TEST(Answers, holds_numbers_to_their_range_and_digits) {
    Question q;
    q.type = QuestionType::number;
    q.digits = 2;
    q.least = Decimal(1);
    q.most = Decimal(20);
    EXPECT_EQ(parse_typed(q, "4,28", "de").value, Value::number(*Decimal::parse("4.28")));
    EXPECT_EQ(parse_typed(q, "4,283", "de").code, "field_digits");
    EXPECT_EQ(parse_typed(q, "0,5", "de").code, "field_least");
    EXPECT_EQ(parse_typed(q, "21", "de").code, "field_most");
    EXPECT_EQ(parse_typed(q, "vier", "de").code, "field_number");
    EXPECT_EQ(parse_typed(q, "4.28", "en").value, Value::number(*Decimal::parse("4.28")));
    q.digits = 0;
    EXPECT_EQ(parse_typed(q, "2,5", "de").code, "field_whole_number");
}

TEST(Answers, wants_whole_addresses) {
    EXPECT_EQ(parse_address("Weg", "1", "4814", "Münster").code, "field_address_postcode");
    EXPECT_EQ(parse_address("Weg", "", "48147", "Münster").code, "field_address_number");
    EXPECT_EQ(parse_address("Weg", "1 a", "48147", "Münster").value.get("number"), Value::string("1 a"));
    EXPECT_TRUE(parse_address("", " ", "", "").code.empty());
}

class Plain : public Translator {
public:
    Said say(std::string_view, const Text& text) const override { return {text.german}; }
    std::string program_text(std::string_view, std::string_view key) const override { return key == "yes" ? "ja" : key == "no" ? "nein" : std::string(key); }
};

/// Property: what is shown to people, typed in again, is the same answer. Random values, fixed seed.
TEST(Answers, show_and_parse_are_inverse) {
    std::mt19937 random(20261124);
    const Plain plain;
    Question money;
    money.type = QuestionType::money;
    money.digits = 2;
    Question number;
    number.type = QuestionType::number;
    number.digits = 3;
    Question plate;
    plate.type = QuestionType::plate;
    Question yes;
    yes.type = QuestionType::yes_no;
    for (int i = 0; i < 2000; ++i) {
        const std::string cents = std::to_string(random() % 100'000'000);
        const auto amount = divide(*Decimal::parse(cents), Decimal(100));
        for (const char* language : {"de", "en"}) {
            const std::string shown = language::format_number(language, *amount);
            EXPECT_EQ(parse_typed(money, shown, language).value, Value::number(*amount)) << shown << language;
            EXPECT_EQ(parse_typed(number, answer_text(number, Value::number(*amount), language, plain), language).value, Value::number(*amount));
        }
        std::string text;
        for (int c = static_cast<int>(random() % 3) + 1; c > 0; --c) text += static_cast<char>('A' + random() % 26);
        text += "-";
        for (int c = static_cast<int>(random() % 2) + 1; c > 0; --c) text += static_cast<char>('A' + random() % 26);
        text += " " + std::to_string(1 + random() % 9999);
        EXPECT_EQ(answer_text(plate, parse_typed(plate, text, "de").value, "de", plain), text);
        const bool truth = random() % 2 == 0;
        EXPECT_EQ(parse_typed(yes, answer_text(yes, Value::boolean(truth), "de", plain), "de").value, Value::boolean(truth));
    }
}

/// Property: whatever is typed, a value that is accepted is accepted again unchanged, and nothing crashes.
TEST(Answers, what_is_accepted_stays_accepted) {
    std::mt19937 random(7);
    const std::string letters = "0123456789 -.,/@+aAbBeEmMsSzZ\xC3\xA4\xC3\x9F\xFF\n\"{}#";
    for (int i = 0; i < 20'000; ++i) {
        Question q;
        q.type = static_cast<QuestionType>(random() % 14);
        q.digits = static_cast<int>(random() % 3);
        q.options = {{"a", {}}, {"b", {}}};
        if (q.type == QuestionType::choices) continue;
        std::string typed;
        for (std::size_t n = random() % 14; n > 0; --n) typed += letters[random() % letters.size()];
        const Typed first = parse_typed(q, typed, i % 2 == 0 ? "de" : "en");
        EXPECT_TRUE(first.code.empty() || first.value.is_null());
        const Typed again = accept(q, first.value);
        EXPECT_EQ(again.value, first.value) << typed;
        EXPECT_EQ(again.code, "") << typed;
    }
}

}  // namespace
}  // namespace kiepe::catalogue
