#include "feel/scanner.h"

#include <algorithm>

namespace kiepe::feel {

namespace {

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t length = 0;  // 0: end of the text
};

CodePoint code_point(std::string_view text, std::size_t place) {
    if (place >= text.size()) return {};
    const auto lead = static_cast<unsigned char>(text[place]);
    std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    length = std::min(length, text.size() - place);
    std::uint32_t value = length == 1 ? lead : lead & (0x7fu >> length);
    for (std::size_t i = 1; i < length; ++i) value = (value << 6) | (static_cast<unsigned char>(text[place + i]) & 0x3f);
    return {value, length};
}

/// Rules 60 and 61: vertical and Unicode blanks count.
bool is_blank(std::uint32_t c) {
    return c == ' ' || (c >= 0x09 && c <= 0x0d) || c == 0x85 || c == 0xa0 || c == 0x1680 || c == 0x180e || (c >= 0x2000 && c <= 0x200b) ||
           c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

/// Rule 28; combining marks and emoji are taken as well.
bool starts_name(std::uint32_t c) {
    return c == '?' || c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= 0xa1 && !is_blank(c));
}

bool continues_name(std::uint32_t c) { return starts_name(c) || (c >= '0' && c <= '9'); }

bool is_operator_in_name(char c) { return c == '.' || c == '/' || c == '-' || c == '\'' || c == '+' || c == '*'; }

}  // namespace

Error error_of(const SyntaxError& e, std::string_view text) {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i < std::min(e.position, text.size()); ++i) {
        if (text[i] == '\n') {
            ++line;
            column = 1;
        } else if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) {
            ++column;
        }
    }
    Error error{e.code, std::to_string(line) + ":" + std::to_string(column), {}, e.message};
    if (!e.hint.empty()) error.args.emplace_back("hint", e.hint);
    error.args.emplace_back("position", std::to_string(e.position));
    return error;
}

bool is_name_start(std::string_view text, std::size_t place) {
    const CodePoint c = code_point(text, place);
    return c.length != 0 && starts_name(c.value);
}

bool is_simple_name(std::string_view name) {
    Scanner scanner(name);
    return !name.empty() && scanner.identifier_end(0) == name.size();
}

void Scanner::skip() {
    for (;;) {
        const CodePoint c = code_point(text_, at_);
        if (c.length != 0 && is_blank(c.value)) {
            at_ += c.length;
        } else if (starts_with("//")) {
            at_ = std::min(text_.find('\n', at_), text_.size());
        } else if (starts_with("/*")) {
            const auto close = text_.find("*/", at_ + 2);
            if (close == std::string_view::npos) throw SyntaxError{"the comment is not closed", at_, {}};
            at_ = close + 2;
        } else {
            return;
        }
    }
}

bool Scanner::take(std::string_view token) {
    skip();
    if (!starts_with(token)) return false;
    at_ += token.size();
    return true;
}

void Scanner::expect(std::string_view token) {
    if (take(token)) return;
    const std::string found = at_end() ? "the end" : "\"" + std::string(text_.substr(at_, code_point(text_, at_).length)) + "\"";
    throw SyntaxError{"\"" + std::string(token) + "\" is expected here instead of " + found, at_, {}};
}

bool Scanner::peek_word(std::string_view word) {
    skip();
    if (!starts_with(word)) return false;
    const CodePoint next = code_point(text_, at_ + word.size());
    return next.length == 0 || !continues_name(next.value);
}

bool Scanner::take_word(std::string_view word) {
    if (!peek_word(word)) return false;
    at_ += word.size();
    return true;
}

std::size_t Scanner::identifier_end(std::size_t place) const {
    CodePoint c = code_point(text_, place);
    if (c.length == 0 || !starts_name(c.value)) return place;
    while (c.length != 0 && continues_name(c.value)) {
        place += c.length;
        c = code_point(text_, place);
    }
    return place;
}

std::size_t Scanner::match_name(std::string_view name) const {
    std::size_t place = at_;
    const auto skip_blanks = [&] {
        bool any = false;
        for (CodePoint c = code_point(text_, place); c.length != 0 && is_blank(c.value); c = code_point(text_, place)) {
            place += c.length;
            any = true;
        }
        return any;
    };
    bool behind_operator = true;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if (c == ' ') {
            const bool before_operator = i + 1 < name.size() && is_operator_in_name(name[i + 1]);
            if (!skip_blanks() && !behind_operator && !before_operator) return 0;
            behind_operator = true;
            continue;
        }
        if (i != 0 && (is_operator_in_name(c) || (behind_operator && i != 0))) skip_blanks();
        if (place >= text_.size() || text_[place] != c) return 0;
        ++place;
        behind_operator = is_operator_in_name(c);
    }
    if (name.empty()) return 0;
    const CodePoint next = code_point(text_, place);
    if (!behind_operator && next.length != 0 && continues_name(next.value)) return 0;
    return place;
}

std::string Scanner::declared_name(std::string_view stops, bool until_in) {
    std::string name;
    skip();
    bool blank = false;
    while (!at_end() && stops.find(peek()) == std::string_view::npos) {
        if (until_in && !name.empty() && peek_word("in")) break;
        const CodePoint c = code_point(text_, at_);
        const bool is_operator = is_operator_in_name(peek());
        if (!is_operator && !continues_name(c.value)) break;
        if (name.empty() && !starts_name(c.value)) break;
        if (blank) name += ' ';
        if (is_operator) {
            name += text_[at_++];
        } else {
            for (CodePoint part = c; part.length != 0 && continues_name(part.value); part = code_point(text_, at_)) {
                name.append(text_.substr(at_, part.length));
                at_ += part.length;
            }
        }
        const std::size_t before = at_;
        skip();
        blank = at_ != before;
    }
    if (name.empty()) throw SyntaxError{"a name is expected here", at_, {}};
    return name;
}

namespace {

void append_utf8(std::string& out, std::uint32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xc0 | (c >> 6));
        out += static_cast<char>(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xe0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (c & 0x3f));
    } else {
        out += static_cast<char>(0xf0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (c & 0x3f));
    }
}

bool read_hex(std::string_view digits, std::size_t count, std::uint32_t& value) {
    if (digits.size() < count) return false;
    value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const char c = digits[i];
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return false;
        value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    return true;
}

}  // namespace

std::string Scanner::string_literal() {
    const std::size_t begin = at_++;
    std::string value;
    for (;;) {
        if (at_end()) throw SyntaxError{"the text is not closed by a quotation mark", begin, {}};
        const char c = text_[at_++];
        if (c == '"') return value;
        if (c != '\\') {
            value += c;
            continue;
        }
        const char escaped = peek();
        std::uint32_t code = 0;
        // Rule 64: \uXXXX (pairs of surrogates included) and \UXXXXXX
        if (escaped == 'u' && read_hex(text_.substr(at_ + 1), 4, code)) {
            at_ += 5;
            std::uint32_t low = 0;
            if (code >= 0xd800 && code < 0xdc00 && starts_with("\\u") && read_hex(text_.substr(at_ + 2), 4, low) && low >= 0xdc00 && low < 0xe000) {
                at_ += 6;
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            }
            if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
            append_utf8(value, code);
        } else if (escaped == 'U' && read_hex(text_.substr(at_ + 1), 6, code)) {
            at_ += 7;
            append_utf8(value, code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0xfffd : code);
        } else {
            ++at_;
            switch (escaped) {
                case 'n': value += '\n'; break;
                case 'r': value += '\r'; break;
                case 't': value += '\t'; break;
                case '"': case '\\': case '\'': value += escaped; break;
                default:  // kept: regular expressions are written with single backslashes as well
                    value += '\\';
                    if (escaped != '\0') value += escaped;
            }
        }
    }
}

}  // namespace kiepe::feel
