#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "web/template_source.h"
#include "web/templates.h"

namespace kiepe::web {
namespace {

constexpr char kValue = '\x01';  // stands where a variable stood

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// Reads the tags of one file, in which markers have been made invisible: sections by blanks, variables by kValue.
class Reader {
public:
    Reader(std::string file, std::string text, std::vector<std::string>& found) : file_(std::move(file)), text_(std::move(text)), found_(found) {}

    void read() {
        while ((at_ = text_.find('<', at_)) != std::string::npos) {
            if (text_.compare(at_, 4, "<!--") == 0) {
                at_ = std::min(text_.find("-->", at_), text_.size());
                continue;
            }
            ++at_;
            read_tag();
        }
    }

private:
    void say(std::string what) {
        const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size())), '\n');
        found_.push_back(fmt::format("{}:{}: {}", file_, line, what));
    }
    char now() const { return at_ < text_.size() ? text_[at_] : '>'; }
    void skip_blanks() { while (is_blank(now()) && at_ < text_.size()) ++at_; }
    std::string word() {
        const auto begin = at_;
        while (at_ < text_.size() && !is_blank(text_[at_]) && std::string_view("=>\"'/").find(text_[at_]) == std::string_view::npos) ++at_;
        return lower_ascii(std::string_view(text_).substr(begin, at_ - begin));
    }

    void read_tag() {
        const bool closing = now() == '/';
        if (closing || now() == '!') ++at_;
        const std::string tag = word();
        bool has_source = false;
        while (at_ < text_.size()) {
            skip_blanks();
            if (now() == '>') break;
            if (now() == '/') { ++at_; continue; }
            const std::string name = word();
            if (name.empty()) { ++at_; continue; }
            if (name == "src") has_source = true;
            read_attribute(name);
        }
        if (tag == "style" && !closing) say("style inside the page: it belongs into a file");
        if (tag == "script" && !closing && (!has_source || text_.compare(std::min(at_ + 1, text_.size()), 9, "</script>") != 0))
            say("script inside the page: it belongs into a file");
    }

    void read_attribute(const std::string& name) {
        if (name.find(kValue) != std::string::npos) say("a variable in a tag outside quotes");
        if (name == "style") say("attribute style: the policy forbids it");
        if (name.compare(0, 2, "on") == 0) say("attribute " + name + ": the policy forbids it");
        skip_blanks();
        if (now() != '=') return;
        ++at_;
        skip_blanks();
        const char quote = now();
        if (quote != '"' && quote != '\'') {
            say("value of " + name + " without quotes");
            word();
            return;
        }
        const auto end = text_.find(quote, at_ + 1);
        if (end == std::string::npos) {
            say("value of " + name + " has no end");
            at_ = text_.size();
            return;
        }
        const std::string value = lower_ascii(trim(std::string_view(text_).substr(at_ + 1, end - at_ - 1)));
        if (value.compare(0, 11, "javascript:") == 0) say("javascript: in " + name);
        at_ = end + 1;
    }

    std::string file_, text_;
    std::vector<std::string>& found_;
    std::size_t at_ = 0;
};

std::string mask(std::string text, const std::vector<Marker>& markers) {
    for (const Marker& marker : markers)
        for (std::size_t i = marker.begin; i < marker.end; ++i)
            if (text[i] != '\n') text[i] = marker.kind == 'v' ? kValue : ' ';
    return text;
}

}  // namespace

std::vector<std::string> lint_templates(const std::string& folder, const std::function<bool(std::string_view key)>& has_text) {
    std::vector<std::string> found;
    const Sources sources = read_sources(folder);
    for (const auto& [name, text] : sources) {
        std::vector<Marker> markers;
        try {
            markers = find_markers(text);
            assemble(sources, name);
        } catch (const std::logic_error& e) {
            found.push_back(name + ":1: " + e.what());
            continue;
        }
        for (const Marker& marker : markers) {
            const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(marker.begin), '\n');
            const bool is_text = marker.kind == 'v' && marker.name.compare(0, 2, "T_") == 0;
            if (is_text && !has_text(std::string_view(marker.name).substr(2)))
                found.push_back(fmt::format("{}:{}: no text \"{}\" in the catalogue", name, line, marker.name.substr(2)));
            if (marker.kind == '%' || marker.kind == '^' || (!marker.modifier.empty() && marker.modifier != "none" && marker.modifier != "u"))
                found.push_back(fmt::format("{}:{}: unknown marker {}", name, line, text.substr(marker.begin, marker.end - marker.begin)));
        }
        Reader(name, mask(text, markers), found).read();
    }
    return found;
}

}  // namespace kiepe::web
