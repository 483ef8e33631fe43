#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace kiepe {

std::string_view trim(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string lower_ascii(std::string_view text);
std::string replace_all(std::string text, std::string_view from, std::string_view to);
/// True for well-formed UTF-8 (RFC 3629: no surrogates, nothing over-long) without NUL.
bool valid_utf8(std::string_view text);
/// Code points, not bytes.
std::size_t length_utf8(std::string_view text);
/// Reads a whole file; throws std::runtime_error with the path when it cannot be read.
std::string read_file(const std::string& path);
/// Edit distance with swaps, for "did you mean".
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace kiepe
