#pragma once
// `kiepe package ...` and the messages of the command line.
#include <iosfwd>
#include <string>
#include <vector>

#include "app/settings.h"
#include "language/language.h"

namespace kiepe::app {

struct CheckOutput {
    bool all = false;    ///< notes one by one, too, not only their number
    bool json = false;
};
/// Checks packages and runs their examples; prints file:line, what is wrong and what to do. 0: no errors; 1: errors; 2: unreadable.
int check_packages(const Settings& settings, const std::vector<std::string>& dirs, const CheckOutput& how, std::ostream& out);
/// One JSON line a case in, one out (docs/package-format.md, "Deciding many cases").
int decide_cases(const Settings& settings, const std::string& dir, const std::string& file, std::ostream& out);

/// The language of the environment: "de" or "en".
std::string message_language();
/// A sentence of locales/*/cli.po in the language of the environment (LC_ALL, LC_MESSAGES, LANG: de or en). Without such a text: the
/// error's code and place.
std::string message(const std::string& key, const language::Arguments& arguments);
std::string message(const std::string& key, const language::Arguments& arguments, const Error& fallback);

}  // namespace kiepe::app
