#pragma once
// What people send us: judged by its content, never by its name, in child processes that can do nothing but compute.
#include <cstddef>
#include <string>
#include <string_view>

namespace kiepe::documents {

struct UploadRules {
    bool pdf = true;
    bool photo = true;
    std::size_t max_bytes = std::size_t{10} << 20;
    int max_pages = 30;
    bool must_be_readable = true;     ///< false: a picture (of a pothole, say) is not judged as a page of text
    std::string checker = {};         ///< path of kiepe-upload-check; empty: beside the running program
    std::string ocr_languages = "deu";
};

/// `code` is the key of the sentence for people: "ok", "upload.empty", "upload.too_big", "upload.wrong_kind", "upload.broken",
/// "upload.encrypted", "upload.too_many_pages", "upload.too_many_pixels", "upload.unreadable.dark", "upload.unreadable.small",
/// "upload.unreadable.blurred", "upload.unreadable.text" (nothing on it can be read), "upload.check_failed" (our fault).
struct Verdict {
    bool accepted = false;
    std::string code = "upload.check_failed";
    std::string type = {};            ///< "application/pdf" or "image/jpeg": of `bytes`
    std::string bytes = {};           ///< what to store: a picture encoded anew without EXIF (place, camera), a PDF as it came
    std::string name = {};            ///< cleaned file name with the ending of `type`
    int pages = 0;
    int width = 0;                    ///< of the stored picture
    int height = 0;
    double sharpness = 0;             ///< see docs/uploads.md for scales and thresholds
    double brightness = 0;            ///< 0 black .. 255 white
    double ocr_confidence = 0;        ///< 0 .. 100, mean over words weighted by length
    std::string text = {};            ///< what pdftotext or OCR read
};

/// Thread-safe; takes up to 2 s for a photo of 12 megapixels.
Verdict check_upload(std::string_view bytes, std::string_view claimed_name, const UploadRules& rules);

/// A page of a checked PDF as PNG of `width` pixels, for the viewer in a page; empty when there is none. `page` counts from 1.
std::string page_preview(std::string_view pdf, int page, int width);

}  // namespace kiepe::documents
