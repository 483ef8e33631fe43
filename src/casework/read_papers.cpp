#include "casework/read_papers.h"

#include <algorithm>
#include <string>
#include <vector>

namespace kiepe::casework {
namespace {

/// Letters and digits only, ASCII in upper case: OCR and people differ in spaces, hyphens and case.
std::string bare(std::string_view text) {
    std::string out;
    for (unsigned char c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<unsigned char>(c - 'a' + 'A');
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80) out += static_cast<char>(c);
    }
    return out;
}

/// True if the text holds these letters and digits, however they are spaced, and the number at their end does not go on: "MS-AB 12" does
/// not stand in "MS-AB 123".
bool holds(std::string_view text, const std::string& wanted) {
    const std::string all = bare(text);
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    for (auto at = all.find(wanted); at != std::string::npos; at = all.find(wanted, at + 1)) {
        std::size_t seen = 0, place = 0;  // where the match ends in the text itself
        while (place < text.size() && seen < at + wanted.size()) seen += bare(text.substr(place++, 1)).size();
        if (place >= text.size() || !digit(wanted.back()) || !digit(text[place])) return true;
    }
    return false;
}

/// Numbers that stand in a text: digits with at most one point or comma inside.
std::vector<Decimal> numbers_in(std::string_view text) {
    std::vector<Decimal> numbers;
    std::string digits;
    const auto end_of_number = [&] {
        while (!digits.empty() && digits.back() == '.') digits.pop_back();
        if (!digits.empty() && digits.size() <= 12)
            if (auto number = Decimal::parse(digits)) numbers.push_back(*number);
        digits.clear();
    };
    for (char c : text) {
        const bool mark = (c == '.' || c == ',') && !digits.empty() && digits.find('.') == std::string::npos;
        if (c >= '0' && c <= '9') digits += c;
        else if (mark) digits += '.';
        else end_of_number();
    }
    end_of_number();
    return numbers;
}

bool same_number(Decimal read, Decimal said, const catalogue::Question& question) {
    if (compare(read, said) == 0) return true;
    if (question.unit != "metre") return false;
    const auto metres = divide(read, Decimal(1000));
    const auto rounded = metres ? round(*metres, question.digits, Decimal::Rounding::half_up) : std::nullopt;
    return rounded && compare(*rounded, said) == 0;
}

}  // namespace

bool stands_in(std::string_view text, const feel::Value& value, const catalogue::Question& question) {
    if (value.kind() == feel::Kind::string) {
        const auto wanted = bare(value.as_string());
        return !wanted.empty() && holds(text, wanted);
    }
    if (value.kind() != feel::Kind::number) return false;
    const auto numbers = numbers_in(text);
    return std::any_of(numbers.begin(), numbers.end(), [&](Decimal read) { return same_number(read, value.as_number(), question); });
}

bool confirmed_by(const catalogue::Form& form, const catalogue::Paper& paper, std::string_view text, const feel::Value& answers) {
    return std::all_of(paper.reads.begin(), paper.reads.end(), [&](const std::string& path) {
        const auto* question = form.question_at(path);
        return question && stands_in(text, answers.at(path), *question);
    });
}

}  // namespace kiepe::casework
