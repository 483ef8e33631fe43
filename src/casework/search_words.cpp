#include "casework/search_words.h"

#include "base/text.h"

namespace kiepe::casework {

std::string search_words(std::string_view name) {
    std::string text = lower_ascii(name);
    // DIN 5007-2: umlauts of names are sorted and found as two letters.
    constexpr std::pair<const char*, const char*> kForms[] = {{"Ä", "ae"}, {"ä", "ae"}, {"Ö", "oe"}, {"ö", "oe"}, {"Ü", "ue"},
                                                              {"ü", "ue"}, {"ß", "ss"}, {"İ", "i"},  {"ı", "i"},  {"Ş", "s"},
                                                              {"ş", "s"},  {"Ç", "c"},  {"ç", "c"},  {"Ğ", "g"},  {"ğ", "g"}};
    for (const auto& [from, to] : kForms) text = replace_all(std::move(text), from, to);
    return text;
}

std::string search_pattern(std::string_view words) {
    std::string pattern = "%";
    for (const char c : search_words(trim(words))) {
        if (c == '%' || c == '_' || c == '!') pattern += '!';
        pattern += c == ' ' ? '%' : c;
    }
    return pattern + "%";
}

}  // namespace kiepe::casework
