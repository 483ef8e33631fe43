#pragma once
// Templates of letters and of sentences with placeholders (docs/package-format.md, section 5): parsed here, rendered by casework.
// Parsing comes before values: what a person typed is put into the finished tree and is never read as a template.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalogue/catalogue.h"
#include "feel/feel.h"

namespace kiepe::catalogue {

/// A piece of a paragraph: fixed text, or `{{ FEEL }}`.
struct Piece {
    std::string text;                       ///< fixed text, or the source of the expression
    std::optional<feel::Expression> value;  ///< set: a placeholder
    bool bold = false;                      ///< between ** and **
};

/// One node of a letter, in order.
struct LetterNode {
    enum class Kind {
        heading,    ///< `level` 1 or 2
        paragraph,
        bullet,     ///< consecutive ones are one list
        number,     ///< "1. ": the same
        part,       ///< house part `name`: salutation reasons steps clauses missing payment automated remedy
        condition,  ///< `value` decides between `children` and `otherwise`
        loop        ///< `children` once for each entry of the list `value`, known as `name`
    };
    Kind kind = Kind::paragraph;
    int level = 0;
    int line = 0;
    std::string german;                     ///< the paragraph's text without marks of heading or list: msgid of its translations
    std::string place;                      ///< "letters/grant/3": msgctxt; headings, paragraphs and list items are counted from 1
    std::vector<Piece> pieces = {};         ///< of `german`
    std::string name = {};
    std::optional<feel::Expression> value = {};
    std::vector<LetterNode> children = {}, otherwise = {};
};

struct LetterTemplate {
    std::vector<LetterNode> nodes;
};

/// Splits a sentence at its placeholders and compiles them. Errors: "letter_placeholder" and those of feel::compile.
Result<std::vector<Piece>> parse_pieces(std::string_view text, const feel::Names& names);
/// Parses a whole letter. `place`: "letters/grant". The error's `where` is the line.
Result<LetterTemplate> parse_letter(std::string_view content, const std::string& place, const feel::Names& names);
/// The sources between {{ and }} of a text, in order; nullopt where the braces do not match.
std::optional<std::vector<std::string>> placeholders(std::string_view text);

/// What sentences of reasons, steps and clauses may name: the package's names, every decision of the model, valid_until, result,
/// and the functions money(), number(), ending().
feel::Names sentence_names(const Package& package);
/// The same for letters: additionally case.number, request {until, sent}, service {name, refuses_without, missing_norm},
/// office {name, phone, email, street, place}, nearest.
feel::Names letter_names(const Package& package);

}  // namespace kiepe::catalogue
