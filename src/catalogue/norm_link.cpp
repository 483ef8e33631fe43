#include "catalogue/norm_link.h"

#include <cctype>

#include "base/text.h"

namespace kiepe::catalogue {
namespace {

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || (static_cast<unsigned char>(c) & 0x80) != 0; }

/// Where `name` stands as a whole word; npos where it does not. "StVO" is not in "VwV-StVO", and the federal "VwVfG" is not meant by
/// "VwVfG NRW", which is the state's act of the same name.
std::size_t place_of(std::string_view norm, std::string_view name) {
    for (auto at = norm.find(name); at != std::string_view::npos; at = norm.find(name, at + 1)) {
        const auto end = at + name.size();
        const bool begins = at == 0 || !in_word(norm[at - 1]);
        const bool ends = end == norm.size() || !in_word(norm[end]);
        if (begins && ends && !norm.substr(end).starts_with(" NRW")) return at;
    }
    return std::string_view::npos;
}

struct Meant {
    const Act* act = nullptr;
    std::size_t at = std::string_view::npos;
    std::size_t length = 0;
};

/// The act that the norm names first; of two names at one place the longer.
Meant act_in(const Law& law, std::string_view norm) {
    Meant best;
    for (const Act* act : law.all()) {
        auto names = act->cited;
        names.push_back(act->code);
        for (const auto& name : names) {
            const auto at = place_of(norm, name);
            if (at < best.at || (at == best.at && at != std::string_view::npos && name.size() > best.length)) best = {act, at, name.size()};
        }
    }
    return best;
}

/// "9a" of "§ 9a Satz 1", "5" of "§§ 5 bis 7".
std::string section_after(std::string_view text) {
    constexpr std::string_view sign = "§";
    auto at = text.find(sign);
    if (at == std::string_view::npos) return "";
    while (text.substr(at).starts_with(sign)) at += sign.size();
    while (at < text.size() && (text[at] == ' ' || text.substr(at).starts_with("\u00a0"))) at += text[at] == ' ' ? 1 : 2;
    std::string number;
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]))) number += text[at++];
    if (!number.empty() && at < text.size() && text[at] >= 'a' && text[at] <= 'z' && (at + 1 == text.size() || !in_word(text[at + 1])))
        number += text[at];
    return number;
}

bool is_front_page(std::string_view link) {
    const auto host = link.find("://");
    const auto path = host == std::string_view::npos ? std::string_view::npos : link.find('/', host + 3);
    return path == std::string_view::npos || path + 1 == link.size();
}

}  // namespace

std::string norm_link(const Law& law, std::string_view norm, std::string_view act) {
    Meant meant = act_in(law, norm);
    if (!meant.act && norm.starts_with("§") && !act.empty()) meant = {law.act(act), 0, 0};
    if (!meant.act) return "";
    // "§ 14 Abs. 1 WoGG, § 9a EStG": the section may stand before the act's name.
    std::string section = section_after(norm.substr(0, meant.at));
    if (section.empty()) section = section_after(norm.substr(meant.at));
    if (!meant.act->section_link.empty() && !section.empty()) return replace_all(meant.act->section_link, "{}", section);
    return is_front_page(meant.act->link) ? "" : meant.act->link;
}

}  // namespace kiepe::catalogue
