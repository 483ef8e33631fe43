#include "feel/regex.h"

#include <unicode/regex.h>
#include <unicode/unistr.h>

#include <memory>

namespace kiepe::feel {

namespace {

constexpr std::int32_t kStepLimit = 1'000;      // ICU's units of about a millisecond
constexpr std::int32_t kStackLimit = 8 << 20;

struct Flags {
    bool dot_all = false, multiline = false, ignore_case = false, spaced = false, literal = false;
};

std::optional<Flags> read_flags(const std::string& text) {
    Flags flags;
    for (const char c : text) {
        switch (c) {
            case 's': flags.dot_all = true; break;
            case 'm': flags.multiline = true; break;
            case 'i': flags.ignore_case = true; break;
            case 'x': flags.spaced = true; break;
            case 'q': flags.literal = true; break;
            default: return std::nullopt;
        }
    }
    return flags;
}

/// Turns the XPath dialect into ICU's.
class Translator {
public:
    Translator(const std::string& pattern, const Flags& flags) : in_(flags.spaced ? without_blanks(pattern) : pattern), flags_(flags) {}

    std::optional<std::string> run() {
        while (at_ < in_.size()) {
            const char c = in_[at_];
            if (c == '\\') {
                if (!escape(false)) return std::nullopt;
            } else if (c == '[') {
                if (!character_class(0)) return std::nullopt;
            } else if (c == '(') {
                // Only plain and non-capturing groups exist in XPath.
                if (in_.compare(at_, 2, "(?") == 0 && in_.compare(at_, 3, "(?:") != 0) return std::nullopt;
                const bool capturing = in_.compare(at_, 2, "(?") != 0;
                out_ += capturing ? "(" : "(?:";
                at_ += capturing ? 1 : 3;
                if (capturing) ++groups_;
            } else if (c == '.') {
                out_ += flags_.dot_all ? "(?s:.)" : "[^\\n\\r]";
                ++at_;
            } else if (c == '$' && !flags_.multiline) {
                out_ += "\\z";
                ++at_;
            } else if (c == '^' && !flags_.multiline) {
                out_ += "\\A";
                ++at_;
            } else if (c == '{' || c == '}' || c == ']') {
                if (c == ']') return std::nullopt;
                out_ += c;
                ++at_;
            } else if ((c == '+' || c == '*' || c == '?' || c == '}') && at_ + 1 < in_.size() && in_[at_ + 1] == '+') {
                return std::nullopt;  // possessive quantifiers are ICU's own
            } else {
                if (c == '#' || c == '&') out_ += '\\';
                out_ += c;
                ++at_;
            }
        }
        return out_;
    }

private:
    /// Flag x: blanks count only inside of character classes.
    static std::string without_blanks(const std::string& pattern) {
        std::string kept;
        int classes = 0;
        for (std::size_t i = 0; i < pattern.size(); ++i) {
            const char c = pattern[i];
            const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
            if (blank && classes == 0) continue;
            kept += c;
            if (c == '\\' && i + 1 < pattern.size()) {
                if (pattern[i + 1] != ' ' || classes != 0) kept += pattern[i + 1];
                ++i;
            } else if (c == '[') {
                ++classes;
            } else if (c == ']' && classes > 0) {
                --classes;
            }
        }
        return kept;
    }

    bool escape(bool in_class) {
        if (at_ + 1 >= in_.size()) return false;
        const char c = in_[at_ + 1];
        at_ += 2;
        switch (c) {
            case 'i': out_ += in_class ? "\\p{L}_:" : "[\\p{L}_:]"; return true;
            case 'I': out_ += "[^\\p{L}_:]"; return true;
            case 'c': out_ += in_class ? "\\p{L}\\p{N}_:.\\-\\p{M}" : "[\\p{L}\\p{N}_:.\\-\\p{M}]"; return true;
            case 'C': out_ += "[^\\p{L}\\p{N}_:.\\-\\p{M}]"; return true;
            case 'd': out_ += "\\p{Nd}"; return true;
            case 'D': out_ += "\\P{Nd}"; return true;
            case 'w': out_ += in_class ? "[^\\p{P}\\p{Z}\\p{C}]" : "[^\\p{P}\\p{Z}\\p{C}]"; return true;
            case 'W': out_ += "[\\p{P}\\p{Z}\\p{C}]"; return true;
            case 's': out_ += in_class ? " \\t\\n\\r" : "[ \\t\\n\\r]"; return true;
            case 'S': out_ += "[^ \\t\\n\\r]"; return true;
            case 'p': case 'P': return property(c);
            default: break;
        }
        if (c >= '1' && c <= '9') {
            if (in_class) return false;
            out_ += '\\';
            out_ += c;
            return c - '0' <= groups_;
        }
        static const std::string allowed = "nrt\\|.?*+(){}-[]^$ /#&";
        if (allowed.find(c) == std::string::npos) return false;
        out_ += '\\';
        out_ += c;
        return true;
    }

    bool property(char c) {
        if (at_ >= in_.size() || in_[at_] != '{') return false;
        const auto close = in_.find('}', at_);
        if (close == std::string::npos) return false;
        std::string name = in_.substr(at_ + 1, close - at_ - 1);
        at_ = close + 1;
        if (name.starts_with("Is")) name = "In" + name.substr(2);  // blocks: XPath says Is, ICU says In
        out_ += std::string("\\") + c + "{" + name + "}";
        return true;
    }

    bool character_class(int depth) {
        if (depth > 20) return false;
        out_ += '[';
        ++at_;
        bool first = true;
        if (at_ < in_.size() && in_[at_] == '^') {
            out_ += '^';
            ++at_;
        }
        while (at_ < in_.size()) {
            const char c = in_[at_];
            if (c == ']') {
                if (first) return false;
                out_ += ']';
                ++at_;
                return true;
            }
            first = false;
            if (c == '\\') {
                if (!escape(true)) return false;
            } else if (c == '-' && at_ + 1 < in_.size() && in_[at_ + 1] == '[') {
                out_ += "--";  // subtraction
                ++at_;
                if (!character_class(depth + 1)) return false;
            } else if (c == '[') {
                return false;
            } else {
                if (c == '&' || c == '#' || c == '$' || c == '{' || c == '}') out_ += '\\';
                if (c == '-' && at_ + 1 < in_.size() && in_[at_ + 1] == ']') out_ += '\\';
                out_ += c;
                ++at_;
            }
        }
        return false;
    }

    std::string in_;
    Flags flags_;
    std::string out_;
    std::size_t at_ = 0;
    int groups_ = 0;
};

struct Compiled {
    icu::UnicodeString input;  // before the matcher: it must live longer
    std::unique_ptr<icu::RegexMatcher> matcher;
};

std::unique_ptr<Compiled> prepare(const std::string& input, const std::string& pattern, const Flags& flags) {
    std::string translated = pattern;
    if (!flags.literal) {
        auto result = Translator(pattern, flags).run();
        if (!result) return nullptr;
        translated = std::move(*result);
    }
    std::uint32_t options = UREGEX_UNIX_LINES;  // XPath: lines end with #x0A only
    if (flags.ignore_case) options |= UREGEX_CASE_INSENSITIVE;
    if (flags.multiline && !flags.literal) options |= UREGEX_MULTILINE;
    if (flags.literal) options |= UREGEX_LITERAL;
    auto compiled = std::make_unique<Compiled>();
    compiled->input = icu::UnicodeString::fromUTF8(input);
    UErrorCode status = U_ZERO_ERROR;
    compiled->matcher = std::make_unique<icu::RegexMatcher>(icu::UnicodeString::fromUTF8(translated), options, status);
    if (U_FAILURE(status) != 0) return nullptr;
    compiled->matcher->setTimeLimit(kStepLimit, status);
    compiled->matcher->setStackLimit(kStackLimit, status);
    compiled->matcher->reset(compiled->input);
    return U_FAILURE(status) != 0 ? nullptr : std::move(compiled);
}

std::string utf8(const icu::UnicodeString& text) {
    std::string out;
    text.toUTF8String(out);
    return out;
}

/// XPath: `$N` and `\$`, `\\` only. Of `$12` the longest number that is a group counts, `$0` is the whole match.
std::optional<icu::UnicodeString> expand(const std::string& replacement, icu::RegexMatcher& matcher, bool literal) {
    if (literal) return icu::UnicodeString::fromUTF8(replacement);
    icu::UnicodeString out;
    std::string plain;
    const auto flush = [&] {
        out.append(icu::UnicodeString::fromUTF8(plain));
        plain.clear();
    };
    for (std::size_t i = 0; i < replacement.size(); ++i) {
        const char c = replacement[i];
        if (c == '\\') {
            if (i + 1 >= replacement.size() || (replacement[i + 1] != '$' && replacement[i + 1] != '\\')) return std::nullopt;
            plain += replacement[++i];
        } else if (c == '$') {
            if (i + 1 >= replacement.size() || replacement[i + 1] < '0' || replacement[i + 1] > '9') return std::nullopt;
            int group = replacement[++i] - '0';
            while (i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9' &&
                   group * 10 + (replacement[i + 1] - '0') <= matcher.groupCount()) {
                group = group * 10 + (replacement[++i] - '0');
            }
            flush();
            UErrorCode status = U_ZERO_ERROR;
            if (group <= matcher.groupCount()) out.append(matcher.group(group, status));
        } else {
            plain += c;
        }
    }
    flush();
    return out;
}

}  // namespace

std::optional<bool> regex_matches(const std::string& input, const std::string& pattern, const std::string& flags) {
    const auto options = read_flags(flags);
    if (!options) return std::nullopt;
    const auto compiled = prepare(input, pattern, *options);
    if (compiled == nullptr) return std::nullopt;
    UErrorCode status = U_ZERO_ERROR;
    const bool found = compiled->matcher->find(status) != 0;
    return U_FAILURE(status) != 0 ? std::nullopt : std::optional{found};
}

std::optional<std::string> regex_replace(const std::string& input, const std::string& pattern, const std::string& replacement,
                                         const std::string& flags) {
    const auto options = read_flags(flags);
    if (!options) return std::nullopt;
    const auto compiled = prepare(input, pattern, *options);
    if (compiled == nullptr) return std::nullopt;
    icu::RegexMatcher& matcher = *compiled->matcher;
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString empty;
    matcher.reset(empty);
    if (matcher.find(status) != 0 || U_FAILURE(status) != 0) return std::nullopt;  // FORX0003: it would match between any two characters
    matcher.reset(compiled->input);
    icu::UnicodeString out;
    std::int32_t last = 0;
    while (matcher.find(status) != 0 && U_SUCCESS(status) != 0) {
        const std::int32_t begin = matcher.start(status);
        const std::int32_t end = matcher.end(status);
        out.append(compiled->input, last, begin - last);
        const auto piece = expand(replacement, matcher, options->literal);
        if (!piece) return std::nullopt;
        out.append(*piece);
        last = end;
        if (out.length() > (64 << 20)) return std::nullopt;
    }
    if (U_FAILURE(status) != 0) return std::nullopt;
    out.append(compiled->input, last, compiled->input.length() - last);
    return utf8(out);
}

std::optional<std::vector<std::string>> regex_split(const std::string& input, const std::string& pattern) {
    const auto compiled = prepare(input, pattern, {});
    if (compiled == nullptr) return std::nullopt;
    UErrorCode status = U_ZERO_ERROR;
    std::vector<std::string> parts;
    std::int32_t last = 0;
    while (compiled->matcher->find(status) != 0 && U_SUCCESS(status) != 0) {
        const std::int32_t begin = compiled->matcher->start(status);
        const std::int32_t end = compiled->matcher->end(status);
        if (begin == end) {
            if (begin == 0 || begin >= compiled->input.length()) continue;
        }
        parts.push_back(utf8(icu::UnicodeString(compiled->input, last, begin - last)));
        last = end;
    }
    if (U_FAILURE(status) != 0) return std::nullopt;
    parts.push_back(utf8(icu::UnicodeString(compiled->input, last, compiled->input.length() - last)));
    return parts;
}

}  // namespace kiepe::feel
