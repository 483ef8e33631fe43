#pragma once
// What people type, type by type: put right where that is certain, refused with a code where it is not.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/form.h"

namespace kiepe::catalogue {

/// A typed value, or the code of a built-in check. No value and no code: nothing was typed.
struct Typed {
    feel::Value value;
    std::string code = {};
    std::vector<std::pair<std::string, std::string>> args = {};
};

/// The text typed into the one field of a question (all types but dates, addresses, choices of many).
Typed parse_typed(const Question& question, std::string_view text, std::string_view language);
Typed parse_date(std::string_view day, std::string_view month, std::string_view year);
Typed parse_month(std::string_view month, std::string_view year);
/// "24.11.2026" or "2026-11-24", for those who type (or a machine that sends) a date as one text.
Typed parse_whole_date(std::string_view text, bool month);
Typed parse_address(std::string_view street, std::string_view number, std::string_view postcode, std::string_view place);

/// A stored answer as a value of the question's type: ISO text becomes a date, a plate its written form. A value that is none gets
/// a code: it never enters the context of rules.
Typed accept(const Question& question, const feel::Value& stored);

/// German plate "MS-AB 123" (FZV section 9: place, letters, number, E or H); "" where it is none.
std::string normal_plate(std::string_view typed);
/// ISO 13616: letters and digits, check digits modulo 97 (ISO 7064); "" where it is none.
std::string normal_iban(std::string_view typed);
std::string normal_email(std::string_view typed);
std::string normal_phone(std::string_view typed);

}  // namespace kiepe::catalogue
