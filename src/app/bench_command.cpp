#include "app/bench_command.h"

#include <unistd.h>

#include <filesystem>

#include "app/package_commands.h"

namespace kiepe::app {

int run_dmn_bench(const std::vector<std::string>& arguments, std::ostream& err) {
    std::error_code ignored;
    const auto program = (std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "kiepe-bench-dmn").string();
    std::vector<char*> words{const_cast<char*>(program.c_str())};
    for (const auto& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    execv(program.c_str(), words.data());
    err << message("cli_no_bench", {{"program", program}}) << "\n";
    return 2;
}

}  // namespace kiepe::app
