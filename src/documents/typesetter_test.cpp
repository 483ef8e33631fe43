#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "documents/child.h"
#include "documents/documents.h"

namespace kiepe::documents {
namespace {

TypesetterSettings settings() {
    TypesetterSettings s;
    s.worker = KIEPE_SOURCE_DIR "/tools/typst-worker.mjs";
    s.look = KIEPE_SOURCE_DIR "/packages/common/letters/letter.typ";
    return s;
}

Letter a_letter(std::vector<Block> blocks) {
    Letter letter;
    letter.title = "Ihr Bewohnerparkausweis";
    letter.office = {"Bürgerbüro Kiepstadt", "Am Markt 1", "48143 Kiepstadt", "0251 123 45", "buergerbuero@kiepe.example"};
    letter.recipient = {"Erika Mustermann", "Gasse 3", "48143 Kiepstadt"};
    letter.number = "K-2026-0001";
    letter.date = "24. November 2026";
    letter.blocks = std::move(blocks);
    return letter;
}

std::string text_of(const std::string& pdf) {
    return run_child({find_program("pdftotext"), "-layout", "/dev/stdin", "-"}, pdf, {}).out;
}

class Letters : public testing::Test {
protected:
    static void SetUpTestSuite() { typesetter_ = make_typesetter(settings()); }
    static void TearDownTestSuite() { typesetter_.reset(); }
    static std::string pdf(const Letter& letter) {
        auto result = typesetter_->pdf(letter);
        EXPECT_TRUE(result.ok()) << result.error().code << ' ' << result.error().detail;
        return result.value_or("");
    }
    static inline std::unique_ptr<Typesetter> typesetter_;
};

TEST_F(Letters, print_what_people_typed_and_never_run_it) {
    const std::string plate = "#panic(\"x\") **fett** $a$ <b> @ref \\ `c` [d] //e";
    const auto text = text_of(pdf(a_letter({heading("Bescheid"), paragraph("Kennzeichen: " + plate), bullets({plate}), pairs({{plate, plate}})})));
    std::size_t found = 0;
    for (auto at = text.find(plate); at != text.npos; at = text.find(plate, at + 1)) ++found;
    EXPECT_EQ(found, 4u) << text;
}

TEST_F(Letters, have_the_same_bytes_for_the_same_content) {
    const auto letter = a_letter({heading("Bescheid"), paragraph("Guten Tag")});
    const auto first = pdf(letter);
    EXPECT_EQ(first, pdf(letter));
    auto other = make_typesetter(settings());
    EXPECT_EQ(first, other->pdf(letter).value_or(""));
}

TEST_F(Letters, are_marked_as_accessible_with_title_and_language) {
    const auto bytes = pdf(a_letter({heading("Bescheid"), paragraph("Guten Tag")}));
    EXPECT_NE(bytes.find("<pdfuaid:part>1</pdfuaid:part>"), bytes.npos);
    EXPECT_NE(bytes.find("/Lang (de)"), bytes.npos);
    EXPECT_NE(bytes.find("/MarkInfo"), bytes.npos);
}

TEST_F(Letters, get_their_title_as_heading_when_they_begin_without_one) {
    EXPECT_NE(text_of(pdf(a_letter({{.kind = Block::Kind::h2, .runs = {{"Warum"}}}}))).find("Ihr Bewohnerparkausweis"), std::string::npos);
}

TEST_F(Letters, print_every_kind_of_block) {
    std::vector<Block> blocks = *parse_markdown("# Titel\n\n1. Erstens\n2. **Zweitens**\n\n## Rechnung\n");
    blocks.push_back({.kind = Block::Kind::table, .rows = {{{{"Posten"}}, {{"Betrag"}}}, {{{"Gebühr"}}, {{"30,00 €"}}}, {{{"ohne"}}}}});
    const auto text = text_of(pdf(a_letter(blocks)));
    for (const auto* words : {"1. Erstens", "2. Zweitens", "Posten", "30,00 €", "Erika Mustermann", "K-2026-0001", "1 / 1"}) {
        EXPECT_NE(text.find(words), text.npos) << words << "\n" << text;
    }
}

TEST_F(Letters, say_on_each_page_that_they_are_drafts) {
    auto letter = a_letter({heading("Bescheid")});
    EXPECT_EQ(text_of(pdf(letter)).find("Entwurf"), std::string::npos);
    letter.draft = true;
    for (int i = 0; i < 60; ++i) letter.blocks.push_back(paragraph("Absatz"));
    const auto text = text_of(pdf(letter));  // poppler leaves the slanted word out
    std::size_t pages = 0;
    for (auto at = text.find("Entwurf"); at != text.npos; at = text.find("Entwurf", at + 1)) ++pages;
    EXPECT_GE(pages, 4u);  // head of the first page and foot of each of three
}

TEST_F(Letters, in_arabic_run_from_right_to_left) {
    auto letter = a_letter({heading("رسالة من المدينة"), paragraph("مرحبا، رقم القضية 123 وصل.")});
    letter.language = "ar";
    const auto text = text_of(pdf(letter));
    EXPECT_NE(text.find("رسالة من المدينة"), text.npos) << text;
    EXPECT_NE(text.find("48143 Kiepstadt"), text.npos) << text;
}

TEST_F(Letters, survive_signs_that_no_font_has_and_bytes_that_are_no_text) {
    const auto text = text_of(pdf(a_letter({heading("Titel"), paragraph("a😀b 漢 \xff\xfe \x01 c\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA ไทย")})));
    EXPECT_NE(text.find("a□b"), text.npos) << text;
    EXPECT_NE(text.find("ไทย"), text.npos) << text;
}

TEST_F(Letters, keep_the_lines_of_a_long_answer) {
    const auto text = text_of(pdf(a_letter({heading("Titel"), pairs({{"Bemerkung", "erste Zeile\nzweite Zeile"}})})));
    EXPECT_EQ(text.find("erste Zeile zweite"), text.npos) << text;
}

TEST_F(Letters, plain_german_is_german_for_a_screen_reader) {
    auto letter = a_letter({heading("Titel")});
    letter.language = "de-simple";
    EXPECT_NE(pdf(letter).find("/Lang (de)"), std::string::npos);
}

TEST_F(Letters, can_be_forms_to_fill_in_by_hand) {
    PrintForm form{.letter = a_letter({}), .link = "https://kiepe.example/s/resident-parking", .link_label = "Online beantragen"};
    form.letter.recipient.clear();
    form.letter.blocks = {heading("Bewohnerparkausweis"),
                          {.kind = Block::Kind::form_field, .runs = {{"Name"}}, .field = {.kind = FormField::Kind::line}},
                          {.kind = Block::Kind::form_field, .runs = {{"Geburtsdatum"}}, .field = {.kind = FormField::Kind::boxes, .count = 8}},
                          {.kind = Block::Kind::form_field, .runs = {{"Firmenwagen?"}},
                           .field = {.kind = FormField::Kind::choices, .choices = {"Ja", "Nein"}}}};
    const auto result = typesetter_->form_pdf(form);
    ASSERT_TRUE(result.ok()) << result.error().detail;
    const auto text = text_of(*result);
    for (const auto* words : {"Name", "Geburtsdatum", "Nein", "https://kiepe.example/s/resident-parking"}) {
        EXPECT_NE(text.find(words), text.npos) << words << text;
    }
}

TEST_F(Letters, come_from_many_threads_at_once) {
    std::vector<std::thread> threads;
    std::atomic<int> good = 0;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&good, t] {
            for (int i = 0; i < 10; ++i) {
                const auto mark = "Nummer " + std::to_string(100 * t + i) + " Ende";
                good += text_of(pdf(a_letter({heading("Titel"), paragraph(mark)}))).find(mark) != std::string::npos ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(good, 40);
}

/// A folder with a look of its own, as a city would have it.
std::string a_look(const std::string& code) {
    const auto folder = std::filesystem::temp_directory_path() / ("kiepe-look-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "letter.typ") << code;
    return (folder / "letter.typ").string();
}

TEST(Typesetter, stops_a_helper_that_never_answers_and_starts_a_new_one) {
    auto s = settings();
    s.timeout = std::chrono::milliseconds(1500);
    s.look = a_look("#let letter(data) = { set document(title: data.title); if data.number == \"x\" { for a in range(100000) { for b in range(100000) { } } }; [= a] }");
    auto typesetter = make_typesetter(s);
    auto letter = a_letter({heading("x")});
    EXPECT_TRUE(typesetter->pdf(letter).ok());
    letter.number = "x";
    const auto begin = std::chrono::steady_clock::now();
    const auto result = typesetter->pdf(letter);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, "letter.timeout") << result.error().detail;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
    letter.number = "y";
    EXPECT_TRUE(typesetter->pdf(letter).ok());
}

TEST(Typesetter, stops_a_helper_that_grows) {
    auto s = settings();
    s.look = a_look("#let letter(data) = { let a = (1,) * 1000; while a.len() < 4000000000 { a = a + a + a }; [= a] }");
    const auto result = make_typesetter(s)->pdf(a_letter({heading("x")}));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, "letter.memory") << result.error().detail;
}

TEST(Typesetter, says_so_when_the_helper_is_missing) {
    auto s = settings();
    s.node = "no-such-program";
    const auto result = make_typesetter(s)->pdf(a_letter({heading("x")}));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, "letter.unavailable");
    s = settings();
    s.worker = "/nowhere.mjs";
    EXPECT_EQ(make_typesetter(s)->pdf(a_letter({heading("x")})).error().code, "letter.unavailable");
}

TEST(Typesetter, tells_the_designer_what_is_wrong_with_a_look) {
    auto s = settings();
    s.look = a_look("#let letter(data) = data.nothing");
    const auto result = make_typesetter(s)->pdf(a_letter({heading("x")}));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, "letter.failed");
    EXPECT_NE(result.error().detail.find("nothing"), std::string::npos) << result.error().detail;
}

TEST(Child, reaches_neither_network_nor_files_to_write) {
    const auto python = find_program("python3");
    if (python.empty()) GTEST_SKIP() << "no python3";
    const auto tries = run_child({python, "-c",
                                  "import socket\n"
                                  "def t(f):\n"
                                  "  try: f(); print('did')\n"
                                  "  except OSError as e: print(e.errno)\n"
                                  "t(lambda: socket.socket())\n"
                                  "t(lambda: open('kiepe-should-not-exist','w'))\n"
                                  "t(lambda: open('/dev/null').close())\n"}, "", {});
    EXPECT_TRUE(tries.finished);
    EXPECT_EQ(tries.out, "1\n1\ndid\n");
}

TEST(Child, ends_in_time_and_within_its_output) {
    const auto slow = run_child({"/bin/sleep", "5"}, "", {.wall = std::chrono::milliseconds(100)});
    EXPECT_TRUE(slow.started);
    EXPECT_FALSE(slow.finished);
    const auto chatty = run_child({"/usr/bin/yes"}, "", {.output = 1000});
    EXPECT_FALSE(chatty.finished);
    EXPECT_FALSE(run_child({"/no/such/program"}, "", {}).started);
}

}  // namespace
}  // namespace kiepe::documents
