#pragma once
// Inside the room: passwords that attackers try first (OWASP ASVS 5.0, 6.2.4 and 6.2.12), looked up without asking anybody.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kiepe::identity {

/// Immutable after construction; thread-safe. Keeps eight bytes of a hash for each word: some 4 MB.
class CommonPasswords {
public:
    CommonPasswords() = default;
    /// Word lists, one word a line ("#" begins a comment); a missing file is left out, `size()` tells.
    explicit CommonPasswords(const std::vector<std::string>& files);
    /// The lists of Debian's john-data, wamerican and wngerman.
    static std::vector<std::string> debian_lists();
    /// Exactly such a word, or one in simple disguise: capital letters, figures for letters, digits and signs before and behind, one
    /// character or a short group again and again; or what belongs to her (`own`: e-mail, names, the city), written alone so.
    bool contains(std::string_view password, const std::vector<std::string>& own = {}) const;
    std::size_t size() const { return words_.size(); }

private:
    bool has(const std::string& word) const;
    std::vector<std::uint64_t> words_;
};

}  // namespace kiepe::identity
