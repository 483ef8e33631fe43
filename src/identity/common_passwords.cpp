#include "identity/common_passwords.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "base/text.h"

namespace kiepe::identity {
namespace {

std::uint64_t mark(std::string_view word) { return std::hash<std::string_view>{}(word); }

bool is_letter(unsigned char c) { return (c >= 'a' && c <= 'z') || c >= 0x80; }

/// "p4$$w0rd" -> "password".
std::string undisguised(std::string word) {
    constexpr std::string_view figures = "013457@$!", letters = "oieastasi";
    for (auto& c : word)
        if (const auto at = figures.find(c); at != std::string_view::npos) c = letters[at];
    return word;
}

/// Without digits and signs before and behind: "2026sommer!!" -> "sommer".
std::string core_of(std::string_view word) {
    const auto first = std::find_if(word.begin(), word.end(), is_letter);
    const auto last = std::find_if(word.rbegin(), word.rend(), is_letter).base();
    return first < last ? std::string(first, last) : std::string();
}

/// "aaaaaaaa", "abcabcabc".
bool repeats(std::string_view word) {
    for (std::size_t length = 1; length <= 4 && 2 * length <= word.size(); ++length)
        if (word.substr(length) == word.substr(0, word.size() - length)) return true;
    return false;
}

/// Along the alphabet, the digits or a row of keys, also backwards.
bool runs_along(const std::string& word) {
    for (const std::string row : {"abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertzuiopasdfghjkl", "qwertyuiopasdfghjkl", "1234567890qwertzuiop", "1234567890qwertyuiop"})
        if (row.find(word) != std::string::npos || std::string(row.rbegin(), row.rend()).find(word) != std::string::npos) return true;
    return false;
}

}  // namespace

CommonPasswords::CommonPasswords(const std::vector<std::string>& files) {
    for (const auto& file : files) {
        std::ifstream in(file);
        for (std::string line; std::getline(in, line);) {
            const auto word = lower_ascii(trim(line));
            if (word.size() < 4 || word.starts_with('#')) continue;
            words_.push_back(mark(word));
        }
    }
    std::sort(words_.begin(), words_.end());
    words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
    words_.shrink_to_fit();
}

std::vector<std::string> CommonPasswords::debian_lists() {
    return {"/usr/share/john/password.lst", "/usr/share/dict/american-english", "/usr/share/dict/ngerman"};
}

bool CommonPasswords::has(const std::string& word) const { return std::binary_search(words_.begin(), words_.end(), mark(word)); }

bool CommonPasswords::contains(std::string_view password, const std::vector<std::string>& own) const {
    const auto plain = lower_ascii(password);
    if (repeats(plain) || runs_along(plain)) return true;
    const auto core = core_of(plain);
    const std::vector<std::string> variants{plain, core, undisguised(plain), core_of(undisguised(plain)), undisguised(core)};
    for (const auto& variant : variants) {
        if (variant.empty()) continue;
        // A short core in a long password is no disguise: "ab 9471 2260 x" stays.
        if (variant.size() * 2 >= plain.size() && has(variant)) return true;
        for (const auto& word : own)
            if (word.size() >= 4 && variant == lower_ascii(word)) return true;
    }
    return plain.find_first_not_of("0123456789") == std::string::npos && plain.size() < 12;
}

}  // namespace kiepe::identity
