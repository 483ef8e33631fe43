#pragma once
// Letters of packages: FEEL placeholders, conditions and house parts, rendered to finished blocks of text (docs/package-format.md, 5).
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "casework/decider.h"
#include "documents/documents.h"

namespace kiepe::casework {

struct WhatIf;

/// What a letter needs besides the application and its preparation.
struct LetterFacts {
    std::string case_number;
    Day date{};
    const catalogue::Office* office = nullptr;
    bool automatic = false;
    std::string request_until, request_sent;           ///< ISO days, for request letters
    std::vector<std::string> missing;                   ///< texts of what is missing, in the letter's language
    std::string signed_by;                              ///< name of the clerk, empty for automatic notices
    std::vector<std::string> recipient;
    const WhatIf* what_if = nullptr;                    ///< searched already; null: searched where the letter speaks of it
};

/// A letter template of the package ("letters/grant.md", "common/letters/request.md") as blocks. `in_german`: some text had no translation.
struct Rendered {
    std::string title;
    std::vector<documents::Block> blocks;
    bool in_german = false;
    std::vector<std::string> problems;                  ///< FEEL errors: the notice is then not sent but goes to a clerk
};
Rendered render_letter(const catalogue::Package& package, const catalogue::City& city, const catalogue::Law& law,
                       std::string_view letter, std::string_view language, const Application& application,
                       const Preparation& preparation, const LetterFacts& facts);
/// One text with placeholders (a reason's sentence, a clause).
std::string render_text(const catalogue::Package& package, const catalogue::Text& text, std::string_view language,
                        const Preparation& preparation);
/// Blocks <-> the plain text that a clerk edits ("# heading", "- item", "**bold**").
std::string to_editable(const std::vector<documents::Block>& blocks);
/// For the typesetter: with head, recipient, number and date.
documents::Letter as_letter(const Rendered& rendered, const catalogue::City& city, std::string_view language, const LetterFacts& facts,
                            const language::Texts& texts);

}  // namespace kiepe::casework
