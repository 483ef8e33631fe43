#pragma once
// Names as they are searched: small letters, umlauts in one form. Only inside this room.
#include <string>
#include <string_view>

namespace kiepe::casework {

std::string search_words(std::string_view name);
/// A pattern for LIKE ... ESCAPE '!' that finds the words anywhere.
std::string search_pattern(std::string_view words);

}  // namespace kiepe::casework
