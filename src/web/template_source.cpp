#include "web/template_source.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "base/text.h"

namespace kiepe::web {
namespace {

constexpr int kDeepest = 20;  // an include that includes itself never gets further

const std::string& source_of(const Sources& sources, const std::string& name, const std::string& asked_by) {
    const auto it = sources.find(name);
    if (it == sources.end()) throw std::logic_error("template " + asked_by + ": there is no template " + name);
    return it->second;
}

std::string include_parts(const Sources& sources, const std::string& text, const std::string& name, int depth) {
    if (depth > kDeepest) throw std::logic_error("template " + name + ": includes itself");
    std::string out;
    std::size_t at = 0;
    for (const Marker& marker : find_markers(text)) {
        if (marker.kind != '>') continue;
        out.append(text, at, marker.begin - at);
        std::string part = include_parts(sources, source_of(sources, marker.name, name), marker.name, depth + 1);
        if (!part.empty() && part.back() == '\n') part.pop_back();
        out += part;
        at = marker.end;
    }
    return out.append(text, at);
}

/// Takes `{{!layout base.html}}` off the first line; empty: none.
std::string take_layout(std::string& text) {
    constexpr std::string_view kBegin = "{{!layout ";
    if (text.compare(0, kBegin.size(), kBegin) != 0) return {};
    const auto end = text.find("}}");
    if (end == std::string::npos) return {};
    std::string layout(trim(std::string_view(text).substr(kBegin.size(), end - kBegin.size())));
    text.erase(0, end + 2);
    if (!text.empty() && text.front() == '\n') text.erase(0, 1);
    return layout;
}

bool is_placeholder(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::string upper_ascii(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return out;
}

/// A catalogue text as template source.
std::string as_source(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto open = text.find('{');
        out += escape_html(text.substr(0, open));
        if (open == std::string_view::npos) break;
        text.remove_prefix(open + 1);
        const auto close = text.find('}');
        if (close != std::string_view::npos && is_placeholder(text.substr(0, close))) {
            out += "{{" + upper_ascii(text.substr(0, close)) + "}}";
            text.remove_prefix(close + 1);
        } else {
            out += "&#123;";  // a brace of the text must not begin a marker
        }
    }
    return out;
}

}  // namespace

Sources read_sources(const std::string& folder) {
    Sources sources;
    if (!std::filesystem::is_directory(folder)) throw std::runtime_error("no folder of templates: " + folder);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && entry.path().extension() == ".html")
            sources[std::filesystem::relative(entry.path(), folder).generic_string()] = read_file(entry.path().string());
    return sources;
}

std::string assemble(const Sources& sources, const std::string& name) {
    std::string text = source_of(sources, name, name);
    std::string inside = name;
    for (int depth = 0;; ++depth) {
        const std::string layout = take_layout(text);
        if (layout.empty()) break;
        if (depth > kDeepest) throw std::logic_error("template " + name + ": its layout needs itself");
        std::string around = source_of(sources, layout, inside);
        if (around.find("{{!content}}") == std::string::npos) throw std::logic_error("layout " + layout + ": has no {{!content}}");
        text = replace_all(std::move(around), "{{!content}}", text);
        inside = layout;
    }
    return include_parts(sources, text, name, 0);
}

std::string put_texts(std::string_view source, const std::function<std::string(std::string_view key)>& text_of) {
    std::string out;
    std::size_t at = 0;
    for (const Marker& marker : find_markers(source)) {
        if (marker.kind != 'v' || marker.name.compare(0, 2, "T_") != 0) continue;
        out += source.substr(at, marker.begin - at);
        out += as_source(text_of(std::string_view(marker.name).substr(2)));
        at = marker.end;
    }
    out += source.substr(at);
    return out;
}

std::vector<Marker> find_markers(std::string_view source) {
    std::vector<Marker> markers;
    std::size_t at = 0;
    while ((at = source.find("{{", at)) != std::string_view::npos) {
        const auto close = source.find("}}", at);
        if (close == std::string_view::npos) throw std::logic_error("template: {{ without }}");
        std::string_view inside = source.substr(at + 2, close - at - 2);
        Marker marker{at, close + 2, 'v', {}, {}};
        if (!inside.empty() && std::string_view("#/!>%^").find(inside.front()) != std::string_view::npos) {
            marker.kind = inside.front();
            inside.remove_prefix(1);
        }
        const auto colon = marker.kind == 'v' ? inside.find(':') : std::string_view::npos;
        marker.name = trim(inside.substr(0, colon));
        if (colon != std::string_view::npos) marker.modifier = inside.substr(colon + 1);
        markers.push_back(std::move(marker));
        at = close + 2;
    }
    return markers;
}

std::string escape_html(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

}  // namespace kiepe::web
