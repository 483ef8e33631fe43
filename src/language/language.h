#pragma once
// Texts in the languages of the site and the formats of their locales. Read this first.
//
// Texts of the program: gettext catalogues in locales/<language>/*.po (msgid = key, msgstr = text with {name} placeholders; plural
// forms by gettext), read once at start. Texts of packages: PO files beside the package (room catalogue).
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "base/result.h"

namespace kiepe::language {

using Arguments = std::vector<std::pair<std::string, std::string>>;

/// Replaces {name} by the argument of that name; unknown placeholders stay as they are.
std::string fill(std::string_view text, const Arguments& arguments);

/// Reads a PO file (GNU gettext manual, chapter "The Format of PO Files"): msgctxt, msgid, msgstr, plural forms, fuzzy flag.
struct PoEntry {
    std::string context, id, plural;
    std::vector<std::string> texts;
    bool fuzzy = false;
    int line = 0;
};
Result<std::vector<PoEntry>> read_po(std::string_view content, const std::string& file);

/// All texts of the program. Immutable after load, thread-safe.
class Texts {
public:
    /// `folder` holds <language>/*.po. The first language is the one in which everything must exist (de).
    static Result<Texts> load(const std::string& folder, const std::vector<std::string>& languages);

    bool has(std::string_view language, std::string_view key) const;
    /// The text; what a language lacks comes in German, what German lacks comes as the key itself (the lint finds it).
    std::string get(std::string_view language, std::string_view key, const Arguments& arguments = {}) const;
    /// With a plural form chosen by `count` (rules of the catalogue's Plural-Forms header); {count} is filled in.
    std::string get_n(std::string_view language, std::string_view key, std::int64_t count, const Arguments& arguments = {}) const;
    std::vector<std::string> keys() const;
    const std::vector<std::string>& languages() const;

private:
    struct Impl;
    std::shared_ptr<const Impl> impl_;
};

/// Formats by locale (ICU). `language`: BCP 47 tag of the site ("de", "en", "de-simple" formats as "de").
std::string format_date(std::string_view language, Day day);                 ///< "24. November 2026"
std::string format_date_short(std::string_view language, Day day);           ///< "24.11.2026"
std::string format_weekday_date(std::string_view language, Day day);         ///< "Dienstag, 24. November 2026"
std::string format_month(std::string_view language, Day first_of_month);     ///< "November 2026"
std::string format_moment(std::string_view language, Moment moment);         ///< "24. November 2026, 14:41" in Europe/Berlin
std::string format_time(std::string_view language, Moment moment);           ///< "14:41"
std::string format_money(std::string_view language, Decimal euro);           ///< "1.027,35 Euro" / "1,027.35 euros"
/// With as many decimals as the number has, at most `digits`.
std::string format_number(std::string_view language, Decimal number, int digits = 10);
std::string format_size(std::string_view language, std::int64_t bytes);      ///< "2,4 MB"

/// What people type: "1.027,35" in German, "1,027.35" in English; spaces and the euro sign are ignored. Never guesses: "1.234" is
/// one thousand two hundred thirty-four in German.
Result<Decimal> parse_number(std::string_view language, std::string_view typed);
/// Order of words in a list of names by the locale (DIN 5007-1 in German).
void sort_by_locale(std::string_view language, std::vector<std::pair<std::string, std::size_t>>& names);
/// "rtl" for Arabic and Persian, else "ltr".
std::string_view direction(std::string_view language);
/// The language's own name: "Deutsch", "English".
std::string own_name(std::string_view language);

}  // namespace kiepe::language
