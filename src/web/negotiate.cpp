#include "web/negotiate.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "web/head.h"

namespace kiepe::web {
namespace {

/// qvalue of RFC 9110 section 12.4.2 in thousandths; nullopt: none.
std::optional<int> parse_weight(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.')) return std::nullopt;
    int weight = (text[0] - '0') * 1000, place = 100;
    for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (c < '0' || c > '9') return std::nullopt;
        weight += (c - '0') * place;
        place /= 10;
    }
    return weight <= 1000 ? std::optional(weight) : std::nullopt;
}

using Preferences = std::vector<std::pair<std::string, int>>;

Preferences parse_preferences(std::string_view text) {
    constexpr std::size_t kMost = 30;
    Preferences found;
    while (!text.empty() && found.size() < kMost) {
        const auto comma = text.find(',');
        const std::string_view item = trim(text.substr(0, comma));
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
        const auto semicolon = item.find(';');
        const std::string_view name = trim(item.substr(0, semicolon));
        if (name.empty()) continue;
        int weight = 1000;
        if (semicolon != std::string_view::npos) {
            const std::string_view parameter = trim(item.substr(semicolon + 1));
            if (parameter.substr(0, 2) != "q=" && parameter.substr(0, 2) != "Q=") continue;
            const auto q = parse_weight(parameter.substr(2));
            if (!q) continue;
            weight = *q;
        }
        found.emplace_back(lower_ascii(name), weight);
    }
    return found;
}

}  // namespace

Coding best_coding(std::string_view accept_encoding) {
    if (accept_encoding.empty()) return Coding::identity;
    std::optional<int> gzip, brotli, any;
    for (const auto& [name, weight] : parse_preferences(accept_encoding)) {
        if (name == "gzip" || name == "x-gzip") gzip = weight;
        else if (name == "br") brotli = weight;
        else if (name == "*") any = weight;
    }
    const int g = gzip.value_or(any.value_or(0)), b = brotli.value_or(any.value_or(0));
    if (b > 0 && b >= g) return Coding::brotli;
    return g > 0 ? Coding::gzip : Coding::identity;
}

std::string best_language(std::string_view accept_language, const std::vector<std::string>& languages, const std::string& otherwise) {
    auto wishes = parse_preferences(accept_language);
    std::stable_sort(wishes.begin(), wishes.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    for (const auto& [wish, weight] : wishes) {
        if (weight == 0) continue;
        std::string_view tag = wish;
        while (!tag.empty()) {
            for (const auto& language : languages)
                if (equal_ignoring_case(language, tag)) return language;
            const auto dash = tag.rfind('-');
            tag = dash == std::string_view::npos ? std::string_view{} : tag.substr(0, dash);
        }
    }
    return otherwise;
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
    const auto strong = [](std::string_view tag) { return tag.substr(0, 2) == "W/" ? tag.substr(2) : tag; };
    while (!if_none_match.empty()) {
        const auto comma = if_none_match.find(',');
        const std::string_view tag = trim(if_none_match.substr(0, comma));
        if (tag == "*" || (!tag.empty() && strong(tag) == strong(etag))) return true;
        if_none_match = comma == std::string_view::npos ? std::string_view{} : if_none_match.substr(comma + 1);
    }
    return false;
}

}  // namespace kiepe::web
