// Lossless JSON of values: digits of numbers are kept, so the text is read and written by hand.
#include "base/text.h"
#include "feel/calendar.h"
#include "feel/objects.h"

namespace kiepe::feel {

using namespace detail;

namespace {

constexpr int kDepth = 200;
constexpr int kRanges = 2;                   // ranges whose ends are ranges: each level would double the escapes of the one below
constexpr std::size_t kBytes = 64 << 20;     // a value may share its parts many times over; its text must still end

void write_text(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += "\\u00";
                    out += hex[(c >> 4) & 0xf];
                    out += hex[c & 0xf];
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

void write(std::string& out, const Value& value, int depth, int ranges = 0) {
    if (depth > kDepth || ranges > kRanges || out.size() > kBytes) {
        out += "null";
        return;
    }
    switch (value.kind()) {
        case Kind::null: case Kind::function: out += "null"; break;
        case Kind::boolean: out += value.is_true() ? "true" : "false"; break;
        case Kind::number: out += value.number_bits().text(); break;
        case Kind::string: write_text(out, (text(value).starts_with('@') ? "@" : "") + text(value)); break;
        case Kind::list: {
            out += '[';
            bool first = true;
            for (const auto& item : items(value)) {
                if (!first) out += ',';
                write(out, item, depth + 1, ranges);
                first = false;
            }
            out += ']';
            break;
        }
        case Kind::context: {
            out += '{';
            bool first = true;
            for (const auto& [name, item] : entries(value)) {
                if (!first) out += ',';
                write_text(out, name);
                out += ':';
                write(out, item, depth + 1, ranges);
                first = false;
            }
            out += '}';
            break;
        }
        case Kind::range: {
            std::string inner;
            const Range& r = range(value);
            write(inner, Value::list({Value::number(static_cast<std::int64_t>(r.form)), Value::boolean(r.low_included), r.low, r.high,
                                      Value::boolean(r.high_included)}), depth + 1, ranges + 1);
            write_text(out, "@range" + inner);
            break;
        }
        default: write_text(out, "@" + value.text());
    }
}

class Reader {
public:
    explicit Reader(std::string_view text) : in_(text) {}

    bool read_all(Value& value) {
        if (!read(value, 0)) return false;
        blanks();
        return at_ == in_.size() || fail("the text goes on after the value");
    }
    std::size_t at() const { return at_; }
    const std::string& reason() const { return reason_; }

private:
    bool fail(const char* reason) {
        if (reason_.empty()) reason_ = reason;
        return false;
    }
    void blanks() {
        while (at_ < in_.size() && (in_[at_] == ' ' || in_[at_] == '\n' || in_[at_] == '\r' || in_[at_] == '\t')) ++at_;
    }
    bool take(char c) {
        blanks();
        if (at_ >= in_.size() || in_[at_] != c) return false;
        ++at_;
        return true;
    }
    bool take_word(std::string_view word) {
        if (in_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }

    bool read(Value& value, int depth) {
        if (depth > kDepth) return fail("the value is nested too deeply");
        blanks();
        if (at_ >= in_.size()) return fail("a value is missing");
        const char c = in_[at_];
        if (c == '{') return read_context(value, depth);
        if (c == '[') return read_list(value, depth);
        if (c == '"') return read_string(value);
        if (take_word("null")) value = Value{};
        else if (take_word("true")) value = Value::boolean(true);
        else if (take_word("false")) value = Value::boolean(false);
        else return read_number(value);
        return true;
    }

    bool read_number(Value& value) {
        const std::size_t begin = at_;
        while (at_ < in_.size() && std::string_view("+-.0123456789eE").find(in_[at_]) != std::string_view::npos) ++at_;
        const std::string_view digits = in_.substr(begin, at_ - begin);
        const bool starts_well = !digits.empty() && (digits[0] == '-' || (digits[0] >= '0' && digits[0] <= '9'));
        const auto number = starts_well ? Decimal::parse(digits) : std::nullopt;
        if (!number) return fail("this is no value");
        value = Value::number(*number);
        return true;
    }

    bool read_list(Value& value, int depth) {
        ++at_;
        List list;
        if (!take(']')) {
            do {
                list.emplace_back();
                if (!read(list.back(), depth + 1)) return false;
            } while (take(','));
            if (!take(']')) return fail("the list is not closed");
        }
        value = Value::list(std::move(list));
        return true;
    }

    bool read_context(Value& value, int depth) {
        ++at_;
        Context context;
        if (!take('}')) {
            do {
                blanks();
                std::string name;
                if (at_ >= in_.size() || in_[at_] != '"' || !read_text(name)) return fail("a name is missing");
                if (!take(':')) return fail("\":\" is missing");
                Value item;
                if (!read(item, depth + 1)) return false;
                bool known = false;
                for (auto& entry : context) {
                    if (entry.first != name) continue;
                    entry.second = item;
                    known = true;
                    break;
                }
                if (!known) context.emplace_back(std::move(name), std::move(item));
            } while (take(','));
            if (!take('}')) return fail("the object is not closed");
        }
        value = Value::context(std::move(context));
        return true;
    }

    bool read_hex(std::uint32_t& code) {
        if (at_ + 4 > in_.size()) return fail("an escape is not complete");
        code = 0;
        for (int i = 0; i < 4; ++i) {
            const char c = in_[at_++];
            const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
            if (digit < 0) return fail("an escape is wrong");
            code = code * 16 + static_cast<std::uint32_t>(digit);
        }
        return true;
    }

    static void append(std::string& out, std::uint32_t c) {
        const auto byte = [&](std::uint32_t b) { out += static_cast<char>(b); };
        if (c < 0x80) {
            byte(c);
        } else if (c < 0x800) {
            byte(0xc0 | (c >> 6));
            byte(0x80 | (c & 0x3f));
        } else if (c < 0x10000) {
            byte(0xe0 | (c >> 12));
            byte(0x80 | ((c >> 6) & 0x3f));
            byte(0x80 | (c & 0x3f));
        } else {
            byte(0xf0 | (c >> 18));
            byte(0x80 | ((c >> 12) & 0x3f));
            byte(0x80 | ((c >> 6) & 0x3f));
            byte(0x80 | (c & 0x3f));
        }
    }

    bool read_escape(std::string& out) {
        const char c = at_ < in_.size() ? in_[at_++] : '\0';
        switch (c) {
            case '"': case '\\': case '/': out += c; return true;
            case 'b': out += '\b'; return true;
            case 'f': out += '\f'; return true;
            case 'n': out += '\n'; return true;
            case 'r': out += '\r'; return true;
            case 't': out += '\t'; return true;
            case 'u': break;
            default: return fail("an escape is wrong");
        }
        std::uint32_t code = 0;
        if (!read_hex(code)) return false;
        if (code >= 0xd800 && code < 0xdc00) {
            std::uint32_t low = 0;
            if (!take_word("\\u") || !read_hex(low) || low < 0xdc00 || low > 0xdfff) return fail("half a surrogate pair");
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        } else if (code >= 0xdc00 && code < 0xe000) {
            return fail("half a surrogate pair");
        }
        append(out, code);
        return true;
    }

    bool read_text(std::string& out) {
        ++at_;
        while (at_ < in_.size()) {
            const char c = in_[at_++];
            if (c == '"') return true;
            if (static_cast<unsigned char>(c) < 0x20) return fail("a control character in a text");
            if (c != '\\') out += c;
            else if (!read_escape(out)) return false;
        }
        return fail("the text is not closed");
    }

    bool read_string(Value& value) {
        std::string s;
        if (!read_text(s)) return false;
        if (!s.starts_with('@')) value = Value::string(std::move(s));
        else if (s.starts_with("@@")) value = Value::string(s.substr(1));
        else return read_at(s.substr(1), value);
        return true;
    }

    bool read_at(const std::string& literal, Value& value) {
        if (literal.starts_with("range")) return read_range(literal.substr(5), value);
        if (const auto days = parse_date(literal)) {
            value = Value::days(*days);
            return true;
        }
        value = Value::date_time(literal);
        if (value.is_null()) value = Value::time(literal);
        if (value.is_null()) value = Value::duration(literal);
        return !value.is_null() || fail("the at-literal is no date, time or duration");
    }

    bool read_range(const std::string& inner, Value& value) {
        Value parts;
        if (!Reader(inner).read_all(parts) || parts.kind() != Kind::list || items(parts).size() != 5) return fail("the range is wrong");
        const List& list = items(parts);
        const auto form = list[0].is_number() ? list[0].number_bits().to_int() : std::nullopt;
        if (!form || *form < 0 || *form > 6 || list[1].kind() != Kind::boolean || list[4].kind() != Kind::boolean) return fail("the range is wrong");
        value = range_value({static_cast<Range::Form>(*form), list[2], list[3], list[1].is_true(), list[4].is_true()});
        return true;
    }

    std::string_view in_;
    std::size_t at_ = 0;
    std::string reason_;
};

}  // namespace

std::string to_json(const Value& value) {
    std::string out;
    write(out, value, 0);
    return out;
}

Result<Value> from_json(std::string_view json) {
    if (!valid_utf8(json)) return Error{"feel.json", "0", {}, "the JSON is no valid UTF-8"};
    Reader reader(json);
    Value value;
    if (!reader.read_all(value)) return Error{"feel.json", std::to_string(reader.at()), {}, reader.reason()};
    return value;
}

}  // namespace kiepe::feel
