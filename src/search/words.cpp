#include "search/words.h"

#include <libstemmer.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "search/search.h"

namespace kiepe::search {
namespace {

/// Compatibility decomposition without marks: "é" is "e", "Ł" stays, "ﬁ" is "fi" (Unicode annex 15).
std::string fold(const std::string& word) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* normalizer = icu::Normalizer2::getNFKDInstance(status);
    if (U_FAILURE(status)) return word;
    const icu::UnicodeString parts = normalizer->normalize(icu::UnicodeString::fromUTF8(word), status);
    icu::UnicodeString kept;
    for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
        const UChar32 c = parts.char32At(i);
        if (u_charType(c) != U_NON_SPACING_MARK) kept.append(c);
    }
    std::string result;
    kept.toUTF8String(result);
    return result;
}

std::set<std::string> grams(std::string_view word) {
    std::set<std::string> result;
    const std::string padded = " " + std::string(word) + " ";
    if (padded.size() <= 4) return {padded};
    for (std::size_t i = 0; i + 4 <= padded.size(); ++i) result.insert(padded.substr(i, 4));
    return result;
}

std::string base_language(std::string_view language) { return std::string(language.substr(0, language.find('-'))); }

}  // namespace

struct Stemmer::Impl {
    sb_stemmer* stemmer = nullptr;
    std::string language;
};

Stemmer::Stemmer(std::string_view language) : impl_(std::make_unique<Impl>()) {
    impl_->language = base_language(language);
    impl_->stemmer = sb_stemmer_new(impl_->language.c_str(), "UTF_8");  // null for languages without an algorithm: words stay whole
}

Stemmer::~Stemmer() {
    if (impl_->stemmer) sb_stemmer_delete(impl_->stemmer);
}

std::string Stemmer::stem(const std::string& word) {
    std::string result = word;
    if (impl_->stemmer && word.size() > 2) {
        const auto* stemmed = sb_stemmer_stem(impl_->stemmer, reinterpret_cast<const sb_symbol*>(word.data()), static_cast<int>(word.size()));
        if (stemmed) result.assign(reinterpret_cast<const char*>(stemmed), static_cast<std::size_t>(sb_stemmer_length(impl_->stemmer)));
    }
    result = fold(result);
    if (impl_->language == "de")  // "Muell" is how people write "Müll" on foreign keyboards
        for (const auto& [from, to] : {std::pair{"ae", "a"}, {"oe", "o"}, {"ue", "u"}}) result = replace_all(std::move(result), from, to);
    return result;
}

std::vector<std::string> words_of(std::string_view language, std::string_view text) {
    icu::UnicodeString lower = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    lower.toLower(icu::Locale(base_language(language).c_str()));
    std::vector<std::string> words;
    icu::UnicodeString word;
    const auto finish = [&] {
        if (word.isEmpty()) return;
        std::string utf8;
        word.toUTF8String(utf8);
        words.push_back(replace_all(std::move(utf8), "\xC3\x9F", "ss"));
        word.remove();
    };
    for (std::int32_t i = 0; i < lower.length(); i = lower.moveIndex32(i, 1)) {
        const UChar32 c = lower.char32At(i);
        if (u_isalnum(c) || u_charType(c) == U_NON_SPACING_MARK) word.append(c);
        else finish();
    }
    finish();
    return words;
}

bool is_stop_word(std::string_view language, std::string_view word) {
    static const std::set<std::string, std::less<>> german{
        "aber", "als", "am", "an", "auf", "aus", "bei", "bin", "bis", "brauche", "da", "das", "dass", "dem", "den", "der", "die", "durch",
        "ein", "eine", "einen", "einer", "er", "es", "etwas", "für", "gibt", "habe", "haben", "hat", "ich", "ihr", "ihre", "im", "in",
        "ist", "kann", "keine", "mein", "meine", "meinem", "meinen", "meiner", "mich", "mir", "mit", "möchte", "muss", "nach", "nicht",
        "noch", "nur", "oder", "sein", "sich", "sie", "sind", "so", "um", "und", "uns", "unser", "vom", "von", "vor", "was", "wenn", "wer",
        "wie", "will", "wir", "wird", "wo", "zu", "zum", "zur"};
    static const std::set<std::string, std::less<>> english{
        "a", "about", "an", "and", "any", "are", "as", "at", "be", "but", "by", "can", "do", "for", "from", "get", "have", "how", "i",
        "if", "in", "is", "it", "me", "my", "need", "no", "not", "of", "on", "or", "our", "so", "that", "the", "their", "this", "to",
        "too", "want", "we", "what", "where", "who", "will", "with", "you", "your"};
    return base_language(language) == "en" ? english.count(word) > 0 : german.count(word) > 0;
}

double alike(std::string_view a, std::string_view b) {
    const auto left = grams(a), right = grams(b);
    const auto common = std::count_if(left.begin(), left.end(), [&](const std::string& gram) { return right.count(gram) > 0; });
    return 2.0 * static_cast<double>(common) / static_cast<double>(left.size() + right.size());
}

}  // namespace kiepe::search
