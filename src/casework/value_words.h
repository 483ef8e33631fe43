#pragma once
// FEEL values and cells of tables in the words of the package, for pages that show rules: "Wohnmobil" and not "camper", "5,25" and not 5.25.
#include <optional>
#include <string>
#include <string_view>

#include "casework/cases.h"
#include "casework/printing.h"

namespace kiepe::casework {

/// A sentence of a package about nobody in particular: "Erlaubt sind höchstens {{ number(limit) }} Meter." has "…" where values of a case stood.
std::string without_values(std::string text);

class ValueWords {
public:
    /// Amounts of the law come as they are on `day`. Package and law outlive this.
    ValueWords(const catalogue::Package& package, const catalogue::Law& law, Day day, std::string_view language);

    /// A value; `path`: the expression or decision that gave it, from which type and words follow where they are known. Codes of outcomes and
    /// reasons come as their sentences.
    std::string text(const std::string& path, const feel::Value& value) const;
    /// A cell: "-" is "beliebig", "> 5.25" is "mehr als 5,25", codes come as people read them. `path`: expression of the column; empty for
    /// an output. What is not one of the simple forms stays FEEL.
    std::string test(const std::string& path, const std::string& feel) const;

private:
    std::string code(const std::string& path, const std::string& code) const;
    std::string one(const std::string& path, std::string_view feel) const;
    std::optional<std::string> amount(std::string_view feel) const;
    std::string say(std::string_view key, const language::Arguments& arguments = {}) const;
    const catalogue::Question* question(const std::string& path) const;

    const catalogue::Package& package_;
    const catalogue::Law& law_;
    Day day_;
    std::string language_;
    mutable Printer printer_;
};

/// Whether her role may see every answer of the case: else its values are not shown with the rules.
bool sees_all(Cases& cases, const Case& c, const catalogue::Package& package, const identity::Staff& who);

}  // namespace kiepe::casework
