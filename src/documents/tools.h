#pragma once
// The programs that read uploads for us, each in a confined child process: kiepe-upload-check, poppler, tesseract.
#include <optional>
#include <string>
#include <string_view>

namespace kiepe::documents {

/// What kiepe-upload-check saw. `problem`: "", "broken", "too_many_pixels".
struct Look {
    std::string type = {};
    std::string problem = {};
    std::string jpeg = {};   ///< the picture anew; empty when it is none
    std::string grey = {};   ///< PGM of at most 1600 points a side, for OCR
    int width = 0;
    int height = 0;
    double brightness = 0;   ///< mean
    double paper = 0;        ///< brightness that a tenth of the picture exceeds: the paper, whatever the table is like
    double laplacian = 0;    ///< variance of the Laplacian
    double sharpness = 0;    ///< steepness of edges against contrast
    double noise = 0;        ///< median difference of a point from its surroundings
};
/// Nothing when the checker could not be started (our fault); a checker that died reports "broken".
std::optional<Look> look_at(std::string_view bytes, const std::string& checker);

struct Reading {
    std::string text = {};
    int words = 0;
    double confidence = 0;   ///< 0 .. 100, weighted by the words' lengths
    bool finished = false;   ///< false: took too long; says nothing about the picture
};
Reading read_picture(std::string_view pgm, const std::string& languages);
/// Parses tesseract's table (TSV, level 5 are words).
Reading parse_ocr_table(std::string_view table);

struct PdfFacts {
    bool opened = false;
    bool encrypted = false;  ///< needs a password to be opened
    int pages = 0;
};
std::optional<PdfFacts> pdf_facts(std::string_view pdf);
std::string pdf_text(std::string_view pdf, int pages);
/// PNG; `width` 0: 1600 points on the longer side.
std::string pdf_page(std::string_view pdf, int page, int width);

}  // namespace kiepe::documents
