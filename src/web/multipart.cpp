#include "web/multipart.h"

#include <algorithm>

#include "base/text.h"
#include "web/head.h"

namespace kiepe::web {
namespace {

/// bchars of RFC 2046 section 5.1.1; at most 70, the last one no blank.
bool is_boundary(std::string_view text) {
    if (text.empty() || text.size() > 70 || text.back() == ' ') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
    });
}

void skip_blanks(std::string_view& text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

struct Parameter {
    std::string name, value;
};

/// Takes `; name=value` or `; name="value"` from the front; nullopt: broken. In quotes only \" is an escape: browsers send file names
/// with a plain backslash.
std::optional<Parameter> take_parameter(std::string_view& text) {
    skip_blanks(text);
    if (text.empty() || text.front() != ';') return std::nullopt;
    text.remove_prefix(1);
    skip_blanks(text);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || !is_token(text.substr(0, equals))) return std::nullopt;
    Parameter parameter{lower_ascii(text.substr(0, equals)), {}};
    text.remove_prefix(equals + 1);
    if (text.empty() || text.front() != '"') {
        const std::string_view value = text.substr(0, text.find_first_of("; \t"));
        if (!is_token(value)) return std::nullopt;
        parameter.value = value;
        text.remove_prefix(value.size());
        return parameter;
    }
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '"') {
            parameter.value += text[++i];
        } else if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return parameter;
        } else {
            parameter.value += text[i];
        }
    }
    return std::nullopt;
}

/// HTML Standard, "multipart/form-data encoding algorithm": a quote and line ends in names are written as these three escapes.
std::string decode_name(std::string text) {
    text = replace_all(std::move(text), "%22", "\"");
    text = replace_all(std::move(text), "%0D", "\r");
    return replace_all(std::move(text), "%0A", "\n");
}

/// The last part of what may be a path, without control characters (ASVS 5.3.2: never used as a path).
std::string display_name(std::string_view filename) {
    if (const auto slash = filename.find_last_of("/\\"); slash != std::string_view::npos) filename.remove_prefix(slash + 1);
    std::string out;
    for (const char c : filename)
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
    if (!valid_utf8(out)) return "file";
    while (out.size() > 255 || (!out.empty() && !valid_utf8(out))) out.pop_back();
    return out;
}

bool read_disposition(std::string_view value, Field& field, const MultipartLimits& limits) {
    const auto end = value.find_first_of("; \t");
    if (!equal_ignoring_case(value.substr(0, end), "form-data") || end == std::string_view::npos) return false;
    value.remove_prefix(end);
    bool has_name = false;
    while (!value.empty()) {
        auto parameter = take_parameter(value);
        if (!parameter) return false;
        if (parameter->name == "name") {
            if (has_name) return false;
            has_name = true;
            field.name = decode_name(std::move(parameter->value));
        } else if (parameter->name == "filename") {
            if (field.is_file) return false;
            field.is_file = true;
            field.filename = display_name(decode_name(std::move(parameter->value)));
        }  // RFC 7578 section 4.2: filename* must not be used; others mean nothing
        skip_blanks(value);
    }
    const bool printable = std::none_of(field.name.begin(), field.name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    return has_name && !field.name.empty() && field.name.size() <= limits.name && printable && valid_utf8(field.name);
}

/// `head`: header lines, each with its CRLF.
bool read_part_head(std::string_view head, Field& field, const MultipartLimits& limits) {
    bool disposition = false;
    while (!head.empty()) {
        const auto end = head.find("\r\n");
        const std::string_view line = head.substr(0, end);
        head.remove_prefix(end + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return false;
        if (line.find_first_of(std::string_view("\0\r\n", 3)) != std::string_view::npos) return false;
        const std::string_view name = line.substr(0, colon), value = trim(line.substr(colon + 1));
        if (equal_ignoring_case(name, "content-disposition")) {
            if (disposition || !read_disposition(value, field, limits)) return false;
            disposition = true;
        } else if (equal_ignoring_case(name, "content-type")) {
            field.content_type = value;
        } else if (equal_ignoring_case(name, "content-transfer-encoding")) {
            // RFC 7578 section 4.7: deprecated; an encoding that is not the identity would need decoding.
            if (!equal_ignoring_case(value, "binary") && !equal_ignoring_case(value, "8bit") && !equal_ignoring_case(value, "7bit")) return false;
        }
    }
    return disposition;
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
    const auto end = content_type.find_first_of("; \t");
    if (end == std::string_view::npos || !equal_ignoring_case(content_type.substr(0, end), "multipart/form-data")) return std::nullopt;
    content_type.remove_prefix(end);
    std::optional<std::string> boundary;
    while (!content_type.empty()) {
        auto parameter = take_parameter(content_type);
        if (!parameter) return std::nullopt;
        if (parameter->name == "boundary") {
            if (boundary || !is_boundary(parameter->value)) return std::nullopt;
            boundary = std::move(parameter->value);
        }
        skip_blanks(content_type);
    }
    return boundary;
}

MultipartResult parse_multipart(std::string_view body, std::string_view boundary, const MultipartLimits& limits) {
    constexpr auto kNone = std::string_view::npos;
    const MultipartResult broken{{}, 400}, too_much{{}, 413};
    const std::string delimiter = "\r\n--" + std::string(boundary);
    const std::string_view first = std::string_view(delimiter).substr(2);
    if (body.substr(0, first.size()) != first) return broken;  // a preamble is for readers of mail
    body.remove_prefix(first.size());
    MultipartResult result;
    while (true) {
        if (body.substr(0, 2) == "--") return body == "--" || body == "--\r\n" ? std::move(result) : broken;
        if (body.substr(0, 2) != "\r\n") return broken;
        if (result.fields.size() == limits.parts) return too_much;
        const std::string_view window = body.substr(0, limits.head + 4);
        const auto head_end = window.find("\r\n\r\n");
        if (head_end == kNone) return window.size() == limits.head + 4 ? too_much : broken;
        Field field;
        if (head_end == 0 || !read_part_head(body.substr(2, head_end), field, limits)) return broken;
        body.remove_prefix(head_end + 2);  // the value begins behind the CRLF that may also begin the delimiter
        const auto value_end = body.find(delimiter);
        if (value_end == kNone) return broken;
        const std::string_view value = value_end < 2 ? std::string_view{} : body.substr(2, value_end - 2);
        if (value_end < 2) return broken;
        if (!field.is_file && value.size() > limits.text) return too_much;
        if (!field.is_file && !valid_utf8(value)) return broken;
        field.value = value;
        result.fields.push_back(std::move(field));
        body.remove_prefix(value_end + delimiter.size());
    }
}

}  // namespace kiepe::web
