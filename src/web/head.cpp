#include "web/head.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace kiepe::web {
namespace {

constexpr Refusal kBad{400, "error_bad_request"};
constexpr std::array<std::string_view, 7> kMethods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_tchar(char c) {
    return is_digit(c) || is_alpha(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// RFC 9110 section 5.5: visible characters, blank, tab. obs-text is refused: nothing here needs it.
bool is_value(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c == '\t' || (c >= 0x20 && c < 0x7f); });
}

/// Header values in which a person's browser may put more than ASCII (a referrer, a file name) do not exist in RFC 9110 either,
/// but user agents send UTF-8 there; bytes from 0x80 are let through for names that nobody interprets.
bool is_opaque_value(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return u == '\t' || (u >= 0x20 && u != 0x7f);
    });
}

std::string_view trim_blanks(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::optional<Refusal> check_target(std::string_view method, std::string_view target) {
    if (target.size() > kLongestTarget) return Refusal{414, "error_target_too_long"};
    if (target.empty() || target.front() != '/') return kBad;
    for (const char c : target)
        if (c <= 0x20 || c >= 0x7f || c == '#' || c == '"' || c == '<' || c == '>' || c == '\\' || c == '^' || c == '`' || c == '{' ||
            c == '|' || c == '}')
            return kBad;
    if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) return Refusal{501, "error_not_implemented"};
    return std::nullopt;
}

/// RFC 9112 section 3: method SP request-target SP HTTP-version, one blank each, nothing else.
std::optional<Refusal> parse_request_line(std::string_view line, Head& head) {
    const auto first = line.find(' ');
    const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    if (second == std::string_view::npos) return kBad;
    const std::string_view method = line.substr(0, first), target = line.substr(first + 1, second - first - 1);
    const std::string_view version = line.substr(second + 1);
    if (!is_token(method)) return kBad;
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        const bool well_formed = version.size() == 8 && version.substr(0, 5) == "HTTP/" && is_digit(version[5]) && version[6] == '.' &&
                                 is_digit(version[7]);
        return well_formed ? Refusal{505, "error_http_version"} : kBad;
    }
    if (auto refusal = check_target(method, target)) return refusal;
    head.method = method;
    head.target = target;
    head.minor_version = version.back() - '0';
    return std::nullopt;
}

/// RFC 3986 section 3.2.2 and 3.2.3 without user info: reg-name or IPv4, or an IP literal in brackets, and a port.
bool is_host(std::string_view host) {
    if (host.empty() || host.size() > 255 + 6) return false;
    std::string_view name = host, port;
    if (host.front() == '[') {
        const auto end = host.find(']');
        if (end == std::string_view::npos) return false;
        name = host.substr(1, end - 1);
        port = host.substr(end + 1);
        if (name.empty() || !std::all_of(name.begin(), name.end(), [](char c) { return is_digit(c) || is_alpha(c) || c == ':' || c == '.'; }))
            return false;
    } else {
        const auto colon = host.find(':');
        name = host.substr(0, colon);
        port = colon == std::string_view::npos ? std::string_view{} : host.substr(colon);
        if (name.empty() || !std::all_of(name.begin(), name.end(), [](char c) { return is_digit(c) || is_alpha(c) || c == '-' || c == '.' || c == '_'; }))
            return false;
    }
    if (port.empty()) return true;
    port.remove_prefix(port.front() == ':' ? 1 : 0);
    return !port.empty() && port.size() <= 5 && std::all_of(port.begin(), port.end(), is_digit);
}

std::optional<Refusal> parse_header_line(std::string_view line, Head& head) {
    const auto colon = line.find(':');
    // A blank before the colon or at the start of a line (obs-fold) ends up here, because it is no token (RFC 9112 section 5.1, 5.2).
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return kBad;
    if (head.headers.size() == kMostHeaders) return Refusal{431, "error_header_too_large"};
    const std::string_view value = trim_blanks(line.substr(colon + 1));
    if (!is_opaque_value(value)) return kBad;
    head.headers.emplace_back(lower_ascii(line.substr(0, colon)), std::string(value));
    return std::nullopt;
}

/// What the framing headers say; each may stand there once (RFC 9112 section 3.2, 6.1, 6.2).
struct Framing {
    std::optional<std::string_view> host, length, coding;
    bool close = false, keep_alive = false;
    std::optional<Refusal> refusal;
};

void read_connection(std::string_view value, Framing& f) {
    while (!value.empty()) {
        const auto comma = value.find(',');
        const auto option = trim_blanks(value.substr(0, comma));
        if (equal_ignoring_case(option, "close")) f.close = true;
        if (equal_ignoring_case(option, "keep-alive")) f.keep_alive = true;
        value = comma == std::string_view::npos ? std::string_view{} : value.substr(comma + 1);
    }
}

Framing read_framing(Head& head) {
    Framing f;
    const auto once = [&f](std::optional<std::string_view>& place, std::string_view value) {
        if (place || !is_value(value)) f.refusal = kBad;
        place = value;
    };
    for (const auto& [name, value] : head.headers) {
        if (name == "host") once(f.host, value);
        else if (name == "content-length") once(f.length, value);
        else if (name == "transfer-encoding") once(f.coding, value);
        else if (name == "connection") read_connection(value, f);
        else if (name == "expect") {
            if (!equal_ignoring_case(value, "100-continue")) f.refusal = Refusal{417, "error_expectation"};
            head.expects_continue = true;
        }
    }
    return f;
}

std::optional<Refusal> apply_framing(Head& head, const Framing& f) {
    if (f.refusal) return f.refusal;
    if (f.host ? !is_host(*f.host) : head.minor_version == 1) return kBad;
    if (f.host) head.host = *f.host;
    if (f.coding) {
        if (head.minor_version == 0 || f.length) return kBad;
        if (!equal_ignoring_case(*f.coding, "chunked")) return Refusal{501, "error_not_implemented"};
        head.chunked = true;
    }
    if (f.length) {
        std::uint64_t length = 0;
        const auto [end, error] = std::from_chars(f.length->data(), f.length->data() + f.length->size(), length);
        if (f.length->empty() || !std::all_of(f.length->begin(), f.length->end(), is_digit)) return kBad;
        if (error != std::errc{} || end != f.length->data() + f.length->size()) return kBad;
        head.content_length = length;
    }
    head.keep_alive = !f.close && (head.minor_version == 1 || f.keep_alive);
    head.expects_continue = head.expects_continue && head.minor_version == 1 && head.has_body();
    return std::nullopt;
}

std::optional<Refusal> parse_lines(std::string_view bytes, Head& head) {
    bool first = true;
    while (true) {
        const auto end = bytes.find('\n');
        // Every line ends in CRLF: a bare LF or CR would be a line for one reader and not for another (RFC 9112 section 2.2).
        if (end == std::string_view::npos || end == 0 || bytes[end - 1] != '\r') return kBad;
        const std::string_view line = bytes.substr(0, end - 1);
        bytes.remove_prefix(end + 1);
        if (line.find('\r') != std::string_view::npos || line.find('\0') != std::string_view::npos) return kBad;
        if (line.empty()) return first || !bytes.empty() ? std::optional(kBad) : std::nullopt;
        if (auto refusal = first ? parse_request_line(line, head) : parse_header_line(line, head)) return refusal;
        first = false;
    }
}

}  // namespace

bool is_token(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_tchar); }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return low(x) == low(y); });
}

std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t already_searched) {
    // LF LF and LF CR LF end the head too, so that a message with bare line feeds is refused at once and does not hang.
    std::size_t at = already_searched < 3 ? 0 : already_searched - 3;
    while ((at = bytes.find('\n', at)) != std::string_view::npos) {
        if (at + 1 < bytes.size() && bytes[at + 1] == '\n') return at + 2;
        if (at + 2 < bytes.size() && bytes[at + 1] == '\r' && bytes[at + 2] == '\n') return at + 3;
        ++at;
    }
    return std::nullopt;
}

bool hopeless(std::string_view bytes) {
    const std::string_view line = bytes.substr(0, bytes.find('\r'));
    return std::any_of(line.begin(), line.end(), [](char c) { return c < 0x20 || c >= 0x7f; });
}

HeadResult parse_head(std::string_view bytes) {
    Head head;
    if (auto refusal = parse_lines(bytes, head)) return {std::nullopt, *refusal};
    if (auto refusal = apply_framing(head, read_framing(head))) return {std::nullopt, *refusal};
    return {std::move(head), {}};
}

}  // namespace kiepe::web
