#include "web/url.h"

#include <algorithm>

#include "base/text.h"

namespace kiepe::web {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool has_dot_segment(std::string_view path) {
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const auto segment = path.substr(0, path.find('/'));
        if (segment == "." || segment == "..") return true;
        path.remove_prefix(segment.size());
    }
    return false;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

std::string percent_encode(std::string_view text, std::string_view keep) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c) || keep.find(c) != std::string_view::npos) {
            out += c;
        } else {
            const auto u = static_cast<unsigned char>(c);
            out += {'%', kDigits[u >> 4], kDigits[u & 15]};
        }
    }
    return out;
}

std::optional<Target> parse_target(std::string_view target) {
    const auto question = target.find('?');
    const std::string_view raw = target.substr(0, question);
    if (raw.empty() || raw.front() != '/') return std::nullopt;
    auto path = percent_decode(raw);
    if (!path || !valid_utf8(*path) || path->find('\\') != std::string::npos) return std::nullopt;
    if (std::any_of(path->begin(), path->end(), is_control)) return std::nullopt;
    if (std::count(path->begin(), path->end(), '/') != std::count(raw.begin(), raw.end(), '/')) return std::nullopt;
    if (has_dot_segment(*path)) return std::nullopt;
    return Target{std::move(*path), question == std::string_view::npos ? "" : std::string(target.substr(question + 1))};
}

std::optional<Pairs> parse_urlencoded(std::string_view text, std::size_t most) {
    Pairs pairs;
    while (!text.empty()) {
        const auto end = text.find('&');
        const std::string_view pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (pair.empty()) continue;
        if (pairs.size() == most) return std::nullopt;
        const auto equals = pair.find('=');
        auto name = percent_decode(pair.substr(0, equals), true);
        auto value = percent_decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
        if (!name || !value || !valid_utf8(*name) || !valid_utf8(*value)) return std::nullopt;
        pairs.emplace_back(std::move(*name), std::move(*value));
    }
    return pairs;
}

bool is_local_path(std::string_view path) {
    if (path.empty() || path.front() != '/' || (path.size() > 1 && path[1] == '/')) return false;
    return std::none_of(path.begin(), path.end(), [](char c) { return is_control(c) || c == '\\' || static_cast<unsigned char>(c) >= 0x80 || c == ' '; });
}

}  // namespace kiepe::web
