#pragma once
// Template files before they are compiled: layouts and parts put together, texts of a language put in.
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kiepe::web {

using Sources = std::map<std::string, std::string>;  ///< name relative to the folder ("parts/header.html") -> text

/// All *.html below a folder.
Sources read_sources(const std::string& folder);

/// Resolves `{{!layout base.html}}` (first line) and `{{>part.html}}`. Throws std::logic_error for a file that is not there or that
/// includes itself.
std::string assemble(const Sources& sources, const std::string& name);

/// Replaces {{T_key}} by the escaped text; `{date}` in a text becomes {{DATE}}.
std::string put_texts(std::string_view source, const std::function<std::string(std::string_view key)>& text_of);

struct Marker {
    std::size_t begin = 0, end = 0;    ///< from the first brace to behind the last one
    char kind = 'v';                   ///< '#', '/', '!', '>', '%', '^', or 'v' for a value
    std::string name;
    std::string modifier;              ///< "none" of {{NAME:none}}
};
/// Every {{...}} in order.
std::vector<Marker> find_markers(std::string_view source);

std::string escape_html(std::string_view text);

}  // namespace kiepe::web
