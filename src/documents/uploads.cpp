#include "documents/uploads.h"

#include <algorithm>

#include "base/text.h"
#include "documents/tools.h"

namespace kiepe::documents {
namespace {

// Found on 40 photos and checked on 40 others (docs/uploads.md). A picture is refused only when two witnesses agree: OCR cannot
// read it, and one of the measures says why. Handwriting, stamps and pictures without a word therefore pass.
constexpr double kReadableConfidence = 60;
constexpr int kReadableWords = 5;
constexpr double kDarkPaper = 45;
constexpr int kSmallSide = 560;
constexpr double kBlurred = 0.12;
constexpr double kNoisy = 25;

Verdict refused(Verdict verdict, std::string code) {
    verdict.accepted = false;
    verdict.code = std::move(code);
    verdict.bytes.clear();
    return verdict;
}

Verdict accepted(Verdict verdict) {
    verdict.accepted = true;
    verdict.code = "ok";
    return verdict;
}

/// A name that is harmless in a header, on a disk and in a list: no folders, no controls, no marks that turn the reading direction.
std::string clean_name(std::string_view claimed, std::string_view ending) {
    std::string name(claimed.substr(claimed.find_last_of("/\\") == claimed.npos ? 0 : claimed.find_last_of("/\\") + 1));
    if (!valid_utf8(name)) name.clear();
    for (const auto* mark : {"\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9", "\xe2\x80\x8e", "\xe2\x80\x8f"}) {
        name = replace_all(std::move(name), mark, "");
    }
    std::erase_if(name, [](unsigned char c) { return c < 0x20 || c == 0x7f || std::string_view("\"<>|*?:;").find(static_cast<char>(c)) != std::string_view::npos; });
    if (const auto dot = name.rfind('.'); dot != name.npos) name.resize(dot);
    std::size_t end = std::min<std::size_t>(name.size(), 80);
    while (end < name.size() && end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
    name.resize(end);
    name = std::string(trim(name));
    while (name.starts_with('.')) name.erase(0, 1);
    return (name.empty() ? "datei" : name) + std::string(ending);
}

/// Why a person could not read this, or "" when nothing speaks against it.
std::string unreadable_because(const Look& look) {
    if (look.paper < kDarkPaper) return "upload.unreadable.dark";
    if (std::max(look.width, look.height) < kSmallSide) return "upload.unreadable.small";
    if (look.sharpness < kBlurred) return "upload.unreadable.blurred";
    if (look.noise > kNoisy) return "upload.unreadable.text";
    return {};
}

void judge_reading(Verdict& verdict, const Look& look, const UploadRules& rules, std::string& why) {
    verdict.sharpness = look.sharpness;
    verdict.brightness = look.brightness;
    const auto reading = read_picture(look.grey, rules.ocr_languages);
    verdict.ocr_confidence = reading.confidence;
    verdict.text = reading.text;
    const bool can_be_read = reading.words >= kReadableWords && reading.confidence >= kReadableConfidence;
    if (!can_be_read && reading.finished) why = unreadable_because(look);
}

Verdict judge_picture(Verdict verdict, Look look, std::string_view name, const UploadRules& rules) {
    if (!look.problem.empty()) return refused(std::move(verdict), "upload." + look.problem);
    verdict.type = "image/jpeg";
    verdict.bytes = std::move(look.jpeg);
    verdict.name = clean_name(name, ".jpg");
    verdict.pages = 1;
    verdict.width = look.width;
    verdict.height = look.height;
    std::string why;
    if (rules.must_be_readable) {
        judge_reading(verdict, look, rules, why);
    } else {
        verdict.sharpness = look.sharpness;
        verdict.brightness = look.brightness;
    }
    return why.empty() ? accepted(std::move(verdict)) : refused(std::move(verdict), why);
}

/// A scan: pages that are pictures. The first one is looked at like a photo.
std::string judge_scan(Verdict& verdict, std::string_view pdf, const UploadRules& rules) {
    const auto page = pdf_page(pdf, 1, 0);
    const auto look = page.empty() ? std::nullopt : look_at(page, rules.checker);
    std::string why;
    if (!look || !look->problem.empty()) return why;
    judge_reading(verdict, *look, rules, why);
    return why;
}

Verdict judge_pdf(Verdict verdict, std::string_view bytes, std::string_view name, const UploadRules& rules) {
    verdict.type = "application/pdf";
    verdict.name = clean_name(name, ".pdf");
    const auto facts = pdf_facts(bytes);
    if (!facts) return refused(std::move(verdict), "upload.check_failed");
    if (facts->encrypted) return refused(std::move(verdict), "upload.encrypted");
    verdict.pages = facts->pages;
    if (!facts->opened || facts->pages < 1) return refused(std::move(verdict), "upload.broken");
    if (facts->pages > rules.max_pages) return refused(std::move(verdict), "upload.too_many_pages");
    verdict.text = pdf_text(bytes, 20);
    std::string why;
    if (rules.must_be_readable && trim(verdict.text).size() < 20) why = judge_scan(verdict, bytes, rules);
    if (!why.empty()) return refused(std::move(verdict), why);
    verdict.bytes = std::string(bytes);
    return accepted(std::move(verdict));
}

}  // namespace

Verdict check_upload(std::string_view bytes, std::string_view claimed_name, const UploadRules& rules) {
    Verdict verdict;
    if (bytes.empty()) return refused(std::move(verdict), "upload.empty");
    if (bytes.size() > rules.max_bytes) return refused(std::move(verdict), "upload.too_big");
    auto look = look_at(bytes, rules.checker);
    if (!look) return refused(std::move(verdict), "upload.check_failed");
    verdict.type = look->type;
    if (look->type == "application/pdf" && rules.pdf) return judge_pdf(std::move(verdict), bytes, claimed_name, rules);
    const bool picture = look->type == "image/jpeg" || look->type == "image/png" || look->type == "image/webp" ||
                         look->type == "image/heic" || look->type == "image/heif" || look->type == "image/avif";
    if (!picture || !rules.photo) return refused(std::move(verdict), "upload.wrong_kind");
    return judge_picture(std::move(verdict), std::move(*look), claimed_name, rules);
}

std::string page_preview(std::string_view pdf, int page, int width) {
    return page < 1 || width < 1 || width > 4000 ? std::string() : pdf_page(pdf, page, width);
}

}  // namespace kiepe::documents
