#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kiepe::search {

/// Snowball stems of one language. Not thread-safe: one for each use.
class Stemmer {
public:
    explicit Stemmer(std::string_view language);
    ~Stemmer();
    Stemmer(const Stemmer&) = delete;
    Stemmer& operator=(const Stemmer&) = delete;
    std::string stem(const std::string& word);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Words that say nothing about what somebody looks for.
bool is_stop_word(std::string_view language, std::string_view word);
/// Share of common character 4-grams (Dice), 0 to 1.
double alike(std::string_view a, std::string_view b);

}  // namespace kiepe::search
