#include "base/text.h"
#include "language/language.h"

namespace kiepe::language {
namespace {

// GNU gettext manual, "The Format of PO Files". Only what catalogues hold: comments, msgctxt, msgid, msgid_plural, msgstr, msgstr[n].
class PoReader {
public:
    PoReader(std::string_view content, const std::string& file) : lines_(split(content, '\n')), file_(file) {}

    Result<std::vector<PoEntry>> read() {
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            line_ = int(i) + 1;
            auto done = take(trim(lines_[i]));
            if (!done) return done.error();
        }
        finish();
        return std::move(entries_);
    }

private:
    Error broken(std::string what) const { return {"po.syntax", file_ + ":" + std::to_string(line_), {}, std::move(what)}; }

    void finish() {
        if (begun_) entries_.push_back(std::move(now_));
        now_ = {};
        begun_ = false;
        target_ = nullptr;
    }

    Result<void> take(std::string_view line) {
        if (line.empty()) {
            finish();
            return {};
        }
        if (line[0] == '#') {
            if (begun_ && !now_.texts.empty()) finish();
            if (line.starts_with("#,") && line.find("fuzzy") != std::string_view::npos) now_.fuzzy = true;
            return {};
        }
        if (line[0] == '"') return target_ ? add(line) : Result<void>(broken("text without a keyword before it"));
        auto space = line.find(' ');
        if (space == std::string_view::npos) return broken("a keyword and a quoted text were expected");
        auto keyword = line.substr(0, space);
        auto quoted = trim(line.substr(space));
        if ((keyword == "msgctxt" || keyword == "msgid") && begun_ && !now_.texts.empty()) finish();
        return start(keyword, quoted);
    }

    Result<void> start(std::string_view keyword, std::string_view quoted) {
        if (!begun_) now_.line = line_;
        begun_ = true;
        if (keyword == "msgctxt") {
            target_ = &now_.context;
        } else if (keyword == "msgid") {
            target_ = &now_.id;
        } else if (keyword == "msgid_plural") {
            target_ = &now_.plural;
        } else if (keyword.starts_with("msgstr")) {
            now_.texts.emplace_back();
            target_ = &now_.texts.back();
        } else {
            return broken("unknown keyword " + std::string(keyword));
        }
        return add(quoted);
    }

    Result<void> add(std::string_view quoted) {
        if (quoted.size() < 2 || quoted.front() != '"' || quoted.back() != '"') return broken("a text must stand in quotes");
        for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
            char c = quoted[i];
            if (c == '"') return broken("a quote inside a text must be written \\\"");
            if (c != '\\') {
                *target_ += c;
                continue;
            }
            char next = quoted[++i];
            if (i + 1 >= quoted.size()) return broken("a backslash at the end of a text");
            *target_ += next == 'n' ? '\n' : next == 't' ? '\t' : next;
        }
        return {};
    }

    std::vector<std::string> lines_;
    std::string file_;
    std::vector<PoEntry> entries_;
    PoEntry now_;
    std::string* target_ = nullptr;
    bool begun_ = false;
    int line_ = 0;
};

}  // namespace

Result<std::vector<PoEntry>> read_po(std::string_view content, const std::string& file) {
    if (!valid_utf8(content)) return Error{"po.encoding", file, {}, "not UTF-8"};
    return PoReader(content, file).read();
}

}  // namespace kiepe::language
