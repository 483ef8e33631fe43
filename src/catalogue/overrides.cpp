#include "catalogue/overrides.h"

#include <algorithm>

#include "base/id.h"
#include "catalogue/yaml.h"

namespace kiepe::catalogue {

std::vector<Override> read_overrides(const std::string& content, Report& report) {
    std::vector<Override> overrides;
    const auto root = parse_yaml(content, report);
    if (!root || root->kind == Node::Kind::null) return overrides;
    if (!root->is_list()) report.error(root->line, "package_not_a_list", {{"key", "overrides"}});
    for (const auto& item : root->items) {
        const Fields fields(item, report, {"file", "over", "why"});
        overrides.push_back({fields.need("file"), fields.need("over"), fields.need("why"), item.line});
    }
    return overrides;
}

namespace {

/// Why an override is not as declared; "" where it is.
std::string wrong_hash(const Override& o, const std::map<std::string, std::string>& package, const std::string& path) {
    const auto shared = package.find(path);
    if (o.over == "nothing") return shared == package.end() ? "" : "override_not_nothing";
    if (shared == package.end()) return "override_without_shared_file";
    const std::string prefix = "sha256:";
    if (o.over.rfind(prefix, 0) != 0 || o.over.size() < prefix.size() + 16) return "override_bad_hash";
    return sha256_hex(shared->second).rfind(o.over.substr(prefix.size()), 0) == 0 ? "" : "override_shared_file_changed";
}

}  // namespace

void apply_overrides(const std::vector<Override>& overrides, const std::map<std::string, std::string>& own, const std::string& folder,
                     std::map<std::string, std::map<std::string, std::string>>& packages, std::map<std::string, std::string>& origins,
                     Report& report) {
    for (const auto& o : overrides) {
        const auto file = own.find(o.file);
        const auto slash = o.file.find('/');
        if (file == own.end() || slash == std::string::npos) {
            report.error(o.line, "override_missing", {{"file", o.file}});
            continue;
        }
        auto& package = packages[o.file.substr(0, slash)];
        const std::string path = o.file.substr(slash + 1);
        if (const std::string code = wrong_hash(o, package, path); !code.empty()) {
            const auto shared = package.find(path);
            report.error(o.line, code, {{"file", o.file}, {"is", shared == package.end() ? "" : "sha256:" + sha256_hex(shared->second).substr(0, 16)}});
        }
        package[path] = file->second;
        origins[o.file] = folder + "/" + o.file;
    }
    for (const auto& [file, content] : own) {
        const bool declared = std::any_of(overrides.begin(), overrides.end(), [&](const Override& o) { return o.file == file; });
        if (!declared && file != "overrides.yaml") report.error(0, "override_not_declared", {{"file", file}});
    }
}

}  // namespace kiepe::catalogue
