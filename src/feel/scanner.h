#pragma once
// Reads FEEL text character by character: names may hold blanks and operators, so that only the known names say where one ends
// (DMN 1.5 section 10.3.1.2, rules 25 to 32). For the room's own use.
#include <cstdint>
#include <string>
#include <string_view>

#include "feel/feel.h"

namespace kiepe::feel {

/// Thrown inside the compiler only; compile() turns it into an Error.
struct SyntaxError {
    std::string message;
    std::size_t position = 0;
    std::string hint = {};
    std::string code = "feel.syntax";
};

Error error_of(const SyntaxError& e, std::string_view text);

class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    std::string_view text() const { return text_; }
    std::size_t at() const { return at_; }
    void go_to(std::size_t place) { at_ = place; }
    bool at_end() const { return at_ >= text_.size(); }
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    bool starts_with(std::string_view token) const { return text_.substr(at_).starts_with(token); }

    /// Skips blanks and comments.
    void skip();
    /// Takes the token if it stands here (after blanks).
    bool take(std::string_view token);
    void expect(std::string_view token);
    /// Takes the keyword if it stands here as a whole word.
    bool take_word(std::string_view word);
    bool peek_word(std::string_view word);

    /// End of the simple name (no blanks, no operators) that begins at `place`; `place` itself where none does.
    std::size_t identifier_end(std::size_t place) const;
    /// End of `name` if it stands here, blanks being free around its operators; 0 where it does not.
    std::size_t match_name(std::string_view name) const;
    /// A name where one is declared (a variable, a parameter, an entry): up to one of the stop characters or, where
    /// asked for, the word `in`.
    std::string declared_name(std::string_view stops, bool until_in = false);
    /// A string literal; the quote stands here.
    std::string string_literal();

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

bool is_name_start(std::string_view text, std::size_t place);
/// True for a name without blanks and operators.
bool is_simple_name(std::string_view name);

Type read_type(Scanner& in, const Names& names);

}  // namespace kiepe::feel
