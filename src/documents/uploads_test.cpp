#include "documents/uploads.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "documents/child.h"
#include "documents/documents.h"
#include "documents/tools.h"

namespace kiepe::documents {
namespace {

UploadRules rules() { return {.checker = KIEPE_UPLOAD_CHECK}; }

std::string a_pdf(int pages = 1) {
    TypesetterSettings settings;
    settings.worker = KIEPE_SOURCE_DIR "/tools/typst-worker.mjs";
    settings.look = KIEPE_SOURCE_DIR "/packages/common/letters/letter.typ";
    Letter letter{.title = "Bescheinigung", .blocks = {heading("Bescheinigung")}};
    for (int i = 0; i < 34 * pages; ++i) letter.blocks.push_back(paragraph("Diese Zeile bescheinigt etwas ganz Bestimmtes."));
    return make_typesetter(settings)->pdf(letter).value_or("");
}

std::string code_of(std::string_view bytes, const UploadRules& with = rules()) { return check_upload(bytes, "datei.pdf", with).code; }

TEST(Uploads, judges_by_content_and_not_by_name) {
    EXPECT_EQ(code_of(""), "upload.empty");
    EXPECT_EQ(code_of("Nur ein Text"), "upload.wrong_kind");
    EXPECT_EQ(code_of("MZ\x90 this is a program"), "upload.wrong_kind");
    EXPECT_EQ(code_of("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "upload.wrong_kind");
    EXPECT_EQ(code_of("GIF89a\x01\x00\x01\x00"), "upload.wrong_kind");
    auto small = rules();
    small.max_bytes = 10;
    EXPECT_EQ(code_of("elf Zeichen", small), "upload.too_big");
}

TEST(Uploads, takes_a_pdf_as_it_came_and_reads_it) {
    const auto pdf = a_pdf();
    const auto verdict = check_upload(pdf, "C:\\Dokumente\\Lohn\x01 \"März\".exe", rules());
    EXPECT_TRUE(verdict.accepted) << verdict.code;
    EXPECT_EQ(verdict.type, "application/pdf");
    EXPECT_EQ(verdict.bytes, pdf);
    EXPECT_EQ(verdict.name, "Lohn März.pdf");
    EXPECT_NE(verdict.text.find("bescheinigt etwas"), std::string::npos);
    EXPECT_GE(verdict.pages, 1);
}

TEST(Uploads, refuses_pdfs_that_nobody_can_open) {
    EXPECT_EQ(code_of("%PDF-1.7\nnothing behind it"), "upload.broken");
    auto short_ones = rules();
    short_ones.max_pages = 2;
    EXPECT_EQ(code_of(a_pdf(4), short_ones), "upload.too_many_pages");
    auto photos_only = rules();
    photos_only.pdf = false;
    EXPECT_EQ(code_of(a_pdf(), photos_only), "upload.wrong_kind");
    EXPECT_EQ(code_of(read_file(KIEPE_SOURCE_DIR "/tests/uploads/encrypted.pdf")), "upload.encrypted");
}

TEST(Uploads, shows_a_page_as_a_picture) {
    const auto pdf = a_pdf();
    EXPECT_TRUE(page_preview(pdf, 1, 400).starts_with("\x89PNG"));
    EXPECT_EQ(page_preview(pdf, 99, 400), "");
    EXPECT_EQ(page_preview("kaputt", 1, 400), "");
}

UploadRules without_reading() { return {.must_be_readable = false, .checker = KIEPE_UPLOAD_CHECK}; }

class Pictures : public testing::Test {
protected:
    static void SetUpTestSuite() {
        page_ = pdf_page(a_pdf(), 1, 1400);
        jpeg_ = check_upload(page_, "a.png", without_reading()).bytes;
    }
    static inline std::string page_;  // PNG
    static inline std::string jpeg_;
};

TEST_F(Pictures, are_encoded_anew_and_read) {
    const auto verdict = check_upload(page_, "scan.png", rules());
    EXPECT_TRUE(verdict.accepted) << verdict.code;
    EXPECT_EQ(verdict.type, "image/jpeg");
    EXPECT_EQ(verdict.name, "scan.jpg");
    EXPECT_TRUE(verdict.bytes.starts_with("\xff\xd8\xff"));
    EXPECT_EQ(verdict.width, 1400);
    EXPECT_GT(verdict.ocr_confidence, 70);
    EXPECT_NE(verdict.text.find("bescheinigt"), std::string::npos) << verdict.text;
}

TEST(Uploads, take_the_pictures_of_every_telephone) {
    const auto verdict = check_upload(read_file(KIEPE_SOURCE_DIR "/tests/uploads/photo.heic"), "IMG_0001.HEIC", without_reading());
    EXPECT_TRUE(verdict.accepted) << verdict.code;
    EXPECT_EQ(verdict.type, "image/jpeg");
    EXPECT_EQ(verdict.name, "IMG_0001.jpg");
}

TEST_F(Pictures, lose_what_the_camera_wrote_and_what_hangs_behind) {
    auto jpeg = jpeg_;
    ASSERT_GT(jpeg.size(), 100u);
    // APP1 with EXIF (one entry: Orientation 1) and the words of a place, put behind the start marker.
    std::string exif("Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0", 32);
    exif += "GPS 51.96 7.62";
    const auto size = exif.size() + 2;
    jpeg.insert(2, std::string("\xff\xe1") + static_cast<char>(size >> 8) + static_cast<char>(size & 0xff) + exif);
    jpeg += "<?php evil(); ?>";
    const auto verdict = check_upload(jpeg, "a.jpg", without_reading());
    EXPECT_TRUE(verdict.accepted) << verdict.code;
    for (const auto* word : {"Exif", "GPS 51.96", "php"}) EXPECT_EQ(verdict.bytes.find(word), std::string::npos) << word;
}

TEST_F(Pictures, that_are_cut_off_are_broken) {
    EXPECT_EQ(code_of(jpeg_.substr(0, jpeg_.size() / 2)), "upload.broken");
    EXPECT_EQ(code_of(page_.substr(0, page_.size() / 2)), "upload.broken");
}

TEST(Uploads, do_not_unpack_a_picture_larger_than_fifty_megapixels) {
    // The head of a PNG of 60000 x 60000 points.
    const std::string bomb("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0\x8b\xc6\xf4\x9c\0\0\0\0IDAT", 41);
    const auto code = code_of(bomb);
    EXPECT_TRUE(code == "upload.too_many_pixels" || code == "upload.broken") << code;
}

TEST_F(Pictures, survive_a_thousand_wrong_bytes) {
    std::uint64_t state = 7;
    for (int round = 0; round < 8; ++round) {
        auto bad = jpeg_;
        for (int i = 0; i < 125; ++i) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            bad[(state >> 20) % bad.size()] = static_cast<char>(state >> 50);
        }
        EXPECT_NE(code_of(bad, without_reading()), "upload.check_failed");
    }
}

TEST(Uploads, say_that_it_is_our_fault_when_the_checker_is_missing) {
    EXPECT_EQ(code_of("x", {.checker = "/no/such/checker"}), "upload.check_failed");
}

TEST(Uploads, read_the_table_of_words) {
    const auto reading = parse_ocr_table(
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
        "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\tGuten\n5\t1\t1\t1\t1\t2\t0\t0\t9\t9\t80\tTag\n5\t1\t1\t1\t2\t1\t0\t0\t9\t9\t99\t.\n4\t1\t1\t1\t2\t0\t0\t0\t9\t9\t-1\t\n");
    EXPECT_EQ(reading.text, "Guten Tag\n.");
    EXPECT_EQ(reading.words, 2);
    EXPECT_NEAR(reading.confidence, 86.25, 0.01);
}

}  // namespace
}  // namespace kiepe::documents
