#include "rules/fairness_compare.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "base/date.h"
#include "base/text.h"
#include "language/language.h"

namespace kiepe::rules {

using casework::Preparation;
using feel::Value;

namespace {

using Words = std::vector<std::string>;

bool parts_words(unsigned char c) { return c < 0x80 && !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z'); }

/// Words and signs; white space, the no-break space of numbers included, only parts them.
Words words_in(std::string_view text) {
    Words words;
    std::string word;
    const auto end = [&] {
        if (!word.empty()) words.push_back(std::move(word));
        word.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (text.compare(i, 2, "\u00a0") == 0) {
            end();
            ++i;
        } else if (parts_words(c)) {
            end();
            if (c > ' ') words.emplace_back(1, text[i]);
        } else {
            word += text[i];
        }
    }
    end();
    return words;
}

bool stands_at(const Words& text, std::size_t at, const Words& part) {
    return at + part.size() <= text.size() && std::equal(part.begin(), part.end(), text.begin() + static_cast<std::ptrdiff_t>(at));
}

void add(Spellings& spellings, std::string from, std::string to) {
    if (from != to) spellings.emplace_back(std::move(from), std::move(to));
}

std::string text_of(const Value& value) { return value.kind() == feel::Kind::string ? value.as_string() : std::string(); }

std::string end_of(const std::string& text, std::size_t n) { return text.size() <= n ? text : text.substr(text.size() - n); }

/// A date in the formats of letters, an account's last digits, an address in one line and in parts.
Words printed(const catalogue::Question& question, const Value& value, const catalogue::Package& package) {
    using catalogue::QuestionType;
    Words forms{value.is_null() ? "" : catalogue::answer_text(question, value, "de", package), value.is_null() ? "" : text_of(value)};
    if (question.type == QuestionType::date || question.type == QuestionType::month) {
        const bool day = value.kind() == feel::Kind::date;
        forms.push_back(day ? language::format_date_short("de", value.as_date()) : "");
        forms.push_back(day ? language::format_date("de", value.as_date()) : "");
        forms.push_back(day ? to_iso(value.as_date()) : "");
    }
    if (question.type == QuestionType::iban || question.type == QuestionType::plate) {
        const std::string all = text_of(value);
        for (std::size_t n = 2; n <= 6; ++n) forms.push_back(end_of(all, n));
    }
    if (question.type == QuestionType::address) {
        for (const char* part : {"street", "number", "postcode", "place", "district"}) forms.push_back(text_of(value.get(part)));
    }
    return forms;
}

/// A decision may hand on the flipped answer itself, under its own name or in a text; it may not make something else of it.
struct SameValue {
    const Swaps& swaps;
    const Spellings& spellings;

    bool operator()(const std::string& name, const Value& before, const Value& after) const {
        if (before == after) return true;
        for (const auto& swap : swaps)
            if (swap.name == name && before == swap.from && after == swap.to) return true;
        if (before.kind() != after.kind()) return false;
        if (before.kind() == feel::Kind::string) return same_words(before.as_string(), after.as_string(), spellings);
        if (before.kind() == feel::Kind::list) {
            const auto &a = before.as_list(), &b = after.as_list();
            return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const Value& x, const Value& y) { return (*this)(name, x, y); });
        }
        if (before.kind() != feel::Kind::context) return false;
        const auto &a = before.as_context(), &b = after.as_context();
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                          [&](const auto& x, const auto& y) { return x.first == y.first && (*this)(x.first, x.second, y.second); });
    }
};

std::string shortened(const std::string& text) {
    if (length_utf8(text) <= 60) return text;
    std::size_t end = 57;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "...";
}

std::string differs(std::string_view what, const std::string& before, const std::string& after) {
    return before == after ? std::string() : fmt::format("{}: {} -> {}", what, before.empty() ? "-" : before, after.empty() ? "-" : after);
}

std::string values_difference(const std::map<std::string, Value>& before, const std::map<std::string, Value>& after, const Swaps& swaps,
                              const Spellings& spellings) {
    if (before.size() != after.size()) return "values";
    for (auto a = before.begin(), b = after.begin(); a != before.end(); ++a, ++b) {
        if (a->first != b->first) return "values";
        if (!SameValue{swaps, spellings}(a->first, a->second, b->second))
            return fmt::format("{}: {} -> {}", a->first, shortened(a->second.text()), shortened(b->second.text()));
    }
    return {};
}

std::string failed_text(const Preparation& preparation) {
    Words paths;
    for (const auto& failed : preparation.failed) paths.push_back(failed.path + (failed.warn ? " (hint)" : ""));
    return join(paths, ", ");
}

std::string held_text(const Preparation& preparation) {
    Words all;
    for (const auto& held : preparation.held_by) all.push_back(held.text());
    return join(all, ", ");
}

}  // namespace

Spellings spellings_of(const Swaps& swaps, const catalogue::Package& package) {
    Spellings spellings;
    for (const auto& swap : swaps) {
        if (!swap.question) continue;
        const Words from = printed(*swap.question, swap.from, package), to = printed(*swap.question, swap.to, package);
        for (std::size_t i = 0; i < from.size(); ++i) add(spellings, from[i], to[i]);
    }
    return spellings;
}

/// Walks both texts at once and keeps every pair of places that can be reached: by an equal word, or over a spelling and its other one.
bool same_words(const std::string& before, const std::string& after, const Spellings& spellings) {
    if (before == after) return true;
    const Words a = words_in(before), b = words_in(after);
    std::vector<std::pair<Words, Words>> steps;
    for (const auto& [from, to] : spellings) steps.emplace_back(words_in(from), words_in(to));
    std::set<std::pair<std::size_t, std::size_t>> open{{0, 0}};
    while (!open.empty()) {
        const auto [i, j] = *open.begin();
        open.erase(open.begin());
        if (i == a.size() && j == b.size()) return true;
        if (i < a.size() && j < b.size() && a[i] == b[j]) open.insert({i + 1, j + 1});
        for (const auto& [from, to] : steps)
            if (from.size() + to.size() > 0 && stands_at(a, i, from) && stands_at(b, j, to)) open.insert({i + from.size(), j + to.size()});
    }
    return false;
}

std::string decision_difference(const Preparation& before, const Preparation& after, const Swaps& swaps, const Spellings& spellings) {
    if (auto text = differs("outcome", before.outcome, after.outcome); !text.empty()) return text;
    if (auto text = differs("reasons", join(before.reasons, ", "), join(after.reasons, ", ")); !text.empty()) return text;
    if (auto text = differs("looks", join(before.looks, ", "), join(after.looks, ", ")); !text.empty()) return text;
    if (auto text = differs("missing", join(before.missing, ", "), join(after.missing, ", ")); !text.empty()) return text;
    if (auto text = differs("failed", failed_text(before), failed_text(after)); !text.empty()) return text;
    if (auto text = differs("held by", held_text(before), held_text(after)); !text.empty()) return text;
    if (auto text = differs("consulted", join(before.consult, ", "), join(after.consult, ", ")); !text.empty()) return text;
    if (auto text = differs("problem", before.problem, after.problem); !text.empty()) return text;
    if (auto text = differs("law of", to_iso(before.law_day), to_iso(after.law_day)); !text.empty()) return text;
    if (auto text = values_difference(before.values, after.values, swaps, spellings); !text.empty()) return text;
    if (before.periods.size() != after.periods.size()) return fmt::format("periods: {} -> {}", before.periods.size(), after.periods.size());
    for (std::size_t i = 0; i < before.periods.size(); ++i) {
        const auto &a = before.periods[i], &b = after.periods[i];
        if (a.from != b.from || a.to != b.to) return fmt::format("period: {} to {} -> {} to {}", to_iso(a.from), to_iso(a.to), to_iso(b.from), to_iso(b.to));
        if (auto text = values_difference(a.values, b.values, swaps, spellings); !text.empty()) return text;
    }
    return {};
}

std::string promise_difference(const casework::Promise& before, const casework::Promise& after) {
    if (auto text = differs("promise", std::to_string(before.working_days), std::to_string(after.working_days)); !text.empty()) return text;
    if (auto text = differs("promise", before.running ? "running" : "waiting", after.running ? "running" : "waiting"); !text.empty()) return text;
    return differs("promise", to_iso(before.due), to_iso(after.due));
}

std::string wording_difference(const casework::Rendered& before, const casework::Rendered& after, const Spellings& spellings) {
    const std::string a = casework::to_editable(before.blocks), b = casework::to_editable(after.blocks);
    if (before.problems.size() != after.problems.size()) return differs("letter", join(before.problems, ", "), join(after.problems, ", "));
    if (same_words(a, b, spellings)) return {};
    const auto old_lines = split(a, '\n'), new_lines = split(b, '\n');
    for (std::size_t i = 0; i < std::max(old_lines.size(), new_lines.size()); ++i) {
        const std::string x = i < old_lines.size() ? old_lines[i] : "", y = i < new_lines.size() ? new_lines[i] : "";
        if (!same_words(x, y, spellings)) return fmt::format("letter: \"{}\" -> \"{}\"", shortened(x), shortened(y));
    }
    return "letter";
}

std::string structure_difference(const casework::Rendered& before, const casework::Rendered& after) {
    if (before.problems.size() != after.problems.size()) return differs("letter", join(before.problems, ", "), join(after.problems, ", "));
    if (before.blocks.size() != after.blocks.size()) return fmt::format("letter: {} -> {} paragraphs", before.blocks.size(), after.blocks.size());
    for (std::size_t i = 0; i < before.blocks.size(); ++i) {
        const auto &a = before.blocks[i], &b = after.blocks[i];
        if (a.kind != b.kind || a.items.size() != b.items.size()) return fmt::format("letter: paragraph {}", i + 1);
    }
    return {};
}

}  // namespace kiepe::rules
