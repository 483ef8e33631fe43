#include <unicode/plurrule.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "language/language.h"

namespace kiepe::language {
namespace {

struct Entry {
    std::vector<std::string> texts;
};
using Catalogue = std::map<std::string, Entry, std::less<>>;

// Catalogues number their plural forms in CLDR's order (zero, one, two, few, many, other), leaving out what the language lacks:
// the same order as gettext's own Plural-Forms of the six languages of the site.
std::vector<std::string> plural_keywords(const icu::PluralRules& rules) {
    static const char* const kOrder[] = {"zero", "one", "two", "few", "many", "other"};
    std::vector<std::string> keywords;
    for (const char* keyword : kOrder)
        if (rules.isKeyword(icu::UnicodeString(keyword))) keywords.emplace_back(keyword);
    return keywords;
}

}  // namespace

std::string fill(std::string_view text, const Arguments& arguments) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        auto end = text[i] == '{' ? text.find('}', i) : std::string_view::npos;
        auto found = end == std::string_view::npos
                         ? arguments.end()
                         : std::find_if(arguments.begin(), arguments.end(), [&](auto& a) { return a.first == text.substr(i + 1, end - i - 1); });
        if (found == arguments.end()) {
            out += text[i++];
        } else {
            out += found->second;
            i = end + 1;
        }
    }
    return out;
}

struct Texts::Impl {
    std::vector<std::string> languages;
    std::map<std::string, Catalogue, std::less<>> catalogues;
    std::map<std::string, std::shared_ptr<icu::PluralRules>, std::less<>> plurals;

    const Entry* find(std::string_view language, std::string_view key) const {
        auto catalogue = catalogues.find(language);
        if (catalogue == catalogues.end()) return nullptr;
        auto entry = catalogue->second.find(key);
        return entry == catalogue->second.end() || entry->second.texts.empty() || entry->second.texts[0].empty() ? nullptr : &entry->second;
    }
    const Entry* find_or_german(std::string_view language, std::string_view key) const {
        if (auto* entry = find(language, key)) return entry;
        return find(languages.front(), key);
    }
};

Result<Texts> Texts::load(const std::string& folder, const std::vector<std::string>& languages) {
    auto impl = std::make_shared<Impl>();
    impl->languages = languages;
    for (const auto& language : languages) {
        auto& catalogue = impl->catalogues[language];
        UErrorCode status = U_ZERO_ERROR;
        impl->plurals[language].reset(icu::PluralRules::forLocale(icu::Locale(language == "de-simple" ? "de" : language.c_str()), status));
        if (!std::filesystem::is_directory(folder + "/" + language)) return Error{"texts.folder", folder + "/" + language};
        std::vector<std::string> files;
        for (const auto& file : std::filesystem::directory_iterator(folder + "/" + language))
            if (file.path().extension() == ".po") files.push_back(file.path().string());
        std::sort(files.begin(), files.end());
        for (const auto& file : files) {
            auto entries = read_po(read_file(file), file);
            if (!entries) return entries.error();
            for (auto& entry : *entries) {
                if (entry.id.empty() || entry.fuzzy) continue;
                if (!catalogue.emplace(entry.id, Entry{entry.texts}).second)
                    return Error{"texts.twice", file + ":" + std::to_string(entry.line), {{"key", entry.id}}};
            }
        }
    }
    Texts texts;
    texts.impl_ = std::move(impl);
    return texts;
}

bool Texts::has(std::string_view language, std::string_view key) const { return impl_->find(language, key) != nullptr; }

std::string Texts::get(std::string_view language, std::string_view key, const Arguments& arguments) const {
    auto* entry = impl_->find_or_german(language, key);
    return entry ? fill(entry->texts[0], arguments) : std::string(key);
}

std::string Texts::get_n(std::string_view language, std::string_view key, std::int64_t count, const Arguments& arguments) const {
    auto* entry = impl_->find(language, key);
    auto used = entry ? language : std::string_view(impl_->languages.front());
    if (!entry) entry = impl_->find(used, key);
    if (!entry) return std::string(key);
    const auto& rules = *impl_->plurals.find(used)->second;
    std::string keyword;
    rules.select(double(count)).toUTF8String(keyword);
    auto keywords = plural_keywords(rules);
    auto form = std::size_t(std::find(keywords.begin(), keywords.end(), keyword) - keywords.begin());
    auto all = arguments;
    all.emplace_back("count", format_number(used, Decimal(count)));
    return fill(entry->texts[std::min(form, entry->texts.size() - 1)], all);
}

std::vector<std::string> Texts::keys() const {
    std::vector<std::string> keys;
    for (const auto& [key, entry] : impl_->catalogues.at(impl_->languages.front())) keys.push_back(key);
    return keys;
}

const std::vector<std::string>& Texts::languages() const { return impl_->languages; }

}  // namespace kiepe::language
