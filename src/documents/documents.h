#pragma once
// Letters to accessible PDF, printable forms, and the check of what people upload. Read this first.
//
// A letter arrives here as a finished tree of text: `casework` has parsed its template and put the values in as plain text before,
// so that nothing a person typed is ever read as markup. Typst (a helper process) gets the same tree as JSON, never as code.
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace kiepe::documents {

/// A piece of text as it is printed.
struct Run {
    std::string text = {};
    bool bold = false;
    bool operator==(const Run&) const = default;
};
using Runs = std::vector<Run>;

/// What a person fills in by hand on a printed form.
struct FormField {
    enum class Kind { line, lines, boxes, choices };
    Kind kind = Kind::line;
    int count = 1;                           ///< lines: how many; boxes: one for each character (dates: 8)
    std::vector<std::string> choices = {};   ///< choices: one empty square each
    std::string help = {};
    bool operator==(const FormField&) const = default;
};

struct Block {
    enum class Kind { h1, h2, paragraph, bullets, numbers, table, pairs, form_field };
    Kind kind = Kind::paragraph;
    Runs runs = {};                               ///< h1, h2, paragraph; form_field: the label
    std::vector<Runs> items = {};                 ///< bullets, numbers
    std::vector<std::vector<Runs>> rows = {};     ///< table: the first row is the header; pairs: two cells a row (question, answer)
    FormField field = {};
    bool operator==(const Block&) const = default;
};

Block heading(std::string text, int level = 1);
Block paragraph(std::string text);
Block bullets(std::vector<std::string> items);
/// One row of `pairs` per question and answer, for "everything as PDF".
Block pairs(const std::vector<std::pair<std::string, std::string>>& rows);

/// Words on the sheet that are not the letter's own, translated by the caller.
struct LetterLabels {
    std::string number = "Nummer";
    std::string date = "Datum";
    std::string page = "Seite";
    std::string draft = "Entwurf";
};

struct Office {
    std::string name = {};
    std::string street = {};
    std::string place = {};    ///< "48143 Münster"
    std::string phone = {};
    std::string mail = {};
};

struct Letter {
    std::string title = {};            ///< the document's title; also its h1 when `blocks` has none (PDF/UA wants one)
    std::string language = "de";       ///< BCP 47: "de", "en", "ar", "de-simple"
    Office office = {};
    std::vector<std::string> recipient = {};
    std::string number = {};           ///< the case's number; empty: no such line
    std::string date = {};             ///< as people of this language read it
    LetterLabels labels = {};
    std::vector<Block> blocks = {};
    bool draft = false;                ///< "Entwurf" across each page and in the head
};

/// A blank form for people without a device, or a letter that leads back to the service by QR code.
struct PrintForm {
    Letter letter = {};
    std::string link = {};         ///< printed as QR code and in plain; empty: none
    std::string link_label = {};   ///< what is found there; also the QR code's alternative text
};

/// The small subset of Markdown in which people write: `#`, `##`, one paragraph a line, `- ` and `1. ` lists, `**bold**`.
/// Errors: "markdown.bold_open" (a `**` without its end) with "line N" as place.
Result<std::vector<Block>> parse_markdown(std::string_view text);
/// Bold of one line. A `**` without its partner stays as it is.
Runs parse_runs(std::string_view line);
std::string to_text(const Runs& runs);
/// The letter's body as plain text, for mails and for search: one block a paragraph, lists with "- " and "1. ".
std::string to_text(const std::vector<Block>& blocks);

/// SVG without a size of its own unit (one module = one unit, quiet zone of 4 as in ISO/IEC 18004 section 7.3.8), error correction M.
/// Empty when the text does not fit (2331 bytes).
std::string qr_svg(std::string_view text);

struct TypesetterSettings {
    std::string node = "node";
    std::string worker = "tools/typst-worker.mjs";
    std::string look = "packages/common/letters/letter.typ";   ///< a city may give its own
    std::vector<std::string> fonts = {"/usr/share/fonts/truetype/lato", "/usr/share/fonts/truetype/noto"};
    std::chrono::milliseconds timeout{10'000};                  ///< for one document; the first one starts the helper
    std::size_t memory_limit = std::size_t{512} << 20;          ///< bytes resident of the helper
};

/// Thread-safe; callers wait in line (a letter takes some milliseconds once the helper is warm).
/// Errors: "letter.failed" (detail: Typst's message), "letter.timeout", "letter.memory", "letter.unavailable". The helper is started
/// again for the next letter after each of the last three.
class Typesetter {
public:
    virtual ~Typesetter() = default;
    /// A PDF/UA-1 (ISO 14289-1) document; same letter, same bytes.
    virtual Result<std::string> pdf(const Letter& letter) = 0;
    virtual Result<std::string> form_pdf(const PrintForm& form) = 0;
};
/// Starts nothing before the first letter.
std::unique_ptr<Typesetter> make_typesetter(TypesetterSettings settings);

}  // namespace kiepe::documents
