#include "catalogue/folder.h"

#include <filesystem>

#include "base/text.h"

namespace kiepe::catalogue {

namespace fs = std::filesystem;

std::map<std::string, std::string> read_folder(const std::string& folder) {
    std::map<std::string, std::string> files;
    std::error_code error;
    for (auto it = fs::recursive_directory_iterator(folder, error); !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (name.empty() || name[0] == '.') {
            if (it->is_directory()) it.disable_recursion_pending();
            continue;
        }
        if (it->is_symlink() || !it->is_regular_file()) continue;
        files[fs::relative(it->path(), folder).generic_string()] = read_file(it->path().string());
    }
    return files;
}

std::map<std::string, std::map<std::string, std::string>> read_folders(const std::string& folder) {
    std::map<std::string, std::map<std::string, std::string>> folders;
    std::error_code error;
    for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator(); it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (it->is_directory() && name[0] != '.') folders[name] = read_folder(it->path().string());
    }
    return folders;
}

}  // namespace kiepe::catalogue
