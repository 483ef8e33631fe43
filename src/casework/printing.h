#pragma once
// Prints values into sentences by their declared type and the reader's locale (docs/package-format.md, section 5). Only inside this room.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "casework/decider.h"
#include "catalogue/letter_template.h"
#include "documents/documents.h"

namespace kiepe::casework {

class Printer {
public:
    Printer(const catalogue::Package& package, std::string_view language);

    /// A sentence's pieces over `scope`, as runs of plain text: what a person typed is printed as typed.
    documents::Runs print(const std::vector<catalogue::Piece>& pieces, const feel::Value& scope);
    /// A text of the package in the printer's language, its placeholders filled in.
    documents::Runs print(const catalogue::Text& text, const feel::Value& scope, const feel::Names& names);
    std::string value_text(const std::string& path, const feel::Value& value);

    /// Within a loop: `variable` stands for an entry of `list`.
    void enter(const std::string& variable, const std::string& list) { loops_[variable] = list; }
    void leave(const std::string& variable) { loops_.erase(variable); }
    /// In letters an empty placeholder is a mistake; in sentences on pages it may be.
    void refuse_nulls() { nulls_refused_ = true; }

    bool in_german = false;
    std::vector<std::string> problems;

private:
    const catalogue::Question* question_of(const std::string& path) const;
    std::string type_of_decision(const std::string& name) const;
    std::string number_text(const std::string& path, Decimal number);

    const catalogue::Package& package_;
    std::string language_;
    std::map<std::string, std::string> loops_;
    std::map<std::string, std::string> decision_types_;
    bool nulls_refused_ = false;
};

/// Adds what sentences may name besides answers and values: result, valid_from, valid_until, money(), number(), ending().
feel::Value sentence_scope(const catalogue::Package& package, const Preparation& preparation, std::string_view language);
/// First and last day of what is granted, from the package's `award`; null where it grants for no time.
std::pair<feel::Value, feel::Value> award_of(const catalogue::Package& package, const feel::Value& context);

}  // namespace kiepe::casework
