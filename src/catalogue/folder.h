#pragma once
#include <map>
#include <string>

namespace kiepe::catalogue {

/// All regular files below a folder: path inside it ("letters/grant.md") -> content. Hidden files and links out of the folder are
/// left out; an absent folder is empty.
std::map<std::string, std::string> read_folder(const std::string& folder);
/// Names of the folders directly below, sorted.
std::map<std::string, std::map<std::string, std::string>> read_folders(const std::string& folder);

}  // namespace kiepe::catalogue
