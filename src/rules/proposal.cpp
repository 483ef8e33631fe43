#include "rules/proposal.h"

#include <algorithm>

#include "base/text.h"
#include "catalogue/changed.h"

namespace kiepe::rules {
namespace {

using catalogue::Finding;

std::string base_name(std::string_view path) { return std::string(path.substr(path.find_last_of("/\\") + 1)); }

std::string model_path(const catalogue::Package& package) {
    for (const auto& [path, content] : package.files)
        if (path.ends_with(".dmn")) return path;
    return "decision.dmn";
}

/// The act that a law file states. Line by line, so that a file with a mistake further down still finds its place.
std::string act_in(std::string_view content) {
    for (const auto& line : split(content, '\n')) {
        if (!line.starts_with("act:")) continue;
        std::string code{trim(std::string_view(line).substr(4))};
        if (const auto comment = code.find(" #"); comment != std::string::npos) code.resize(comment);
        std::erase_if(code, [](char c) { return c == '"' || c == '\'' || c == '\r'; });
        return std::string(trim(code));
    }
    return {};
}

bool same(const Finding& a, const Finding& b) { return a.code == b.code && a.file == b.file && a.args == b.args; }

}  // namespace

Result<void> place(const catalogue::Package& package, const catalogue::Law& law, std::string_view name, std::string_view content, ProposedFiles& files) {
    const std::string base = base_name(name);
    for (const std::string& path : {std::string("service.yaml"), std::string("form.yaml"), std::string("reasons.yaml")})
        if (base == path) {
            files.package[path] = std::string(content);
            return {};
        }
    if (base.ends_with(".dmn")) {
        files.package[model_path(package)] = std::string(content);
        return {};
    }
    if (!base.ends_with(".yaml") && !base.ends_with(".yml")) return Error{"proposal_unknown_file", base};
    const std::string code = act_in(content);
    const auto known = std::any_of(package.service.acts.begin(), package.service.acts.end(),
                                   [&](const auto& act) { return catalogue::Law::feel_name(act) == catalogue::Law::feel_name(code); });
    const auto* act = known ? law.act(code) : nullptr;
    if (code.empty() || !act) return Error{code.empty() ? "proposal_unknown_file" : "proposal_unknown_act", base, {{"act", code}}};
    std::vector<std::string> candidates = act->files;
    if (candidates.size() > 1) std::erase_if(candidates, [&](const auto& path) { return base_name(path) != base; });
    if (candidates.size() != 1) return Error{"proposal_which_file", base, {{"act", code}, {"files", join(act->files, ", ")}}};
    files.law[candidates.front()] = std::string(content);
    return {};
}

std::shared_ptr<const catalogue::Catalogue> with_proposal(std::shared_ptr<const catalogue::Catalogue> base, const std::string& service,
                                                          const ProposedFiles& files, std::vector<Finding>& findings) {
    const auto* old = base->package(service);
    if (!old) return nullptr;
    std::map<std::string, std::string> origins;
    for (const auto& [path, content] : files.package) origins[path] = path;
    ProposedFiles as_now;
    for (const auto& [path, content] : files.law)
        if (const auto now = base->law().files().find(path); now != base->law().files().end()) as_now.law[path] = now->second;
    std::vector<Finding> before, found;
    if (const auto ignored = catalogue::changed(base, service, {}, as_now.law, false, before); ignored)
        for (auto& finding : catalogue::check_package(*old, *base)) before.push_back(std::move(finding));
    // What the law does not yet know for sure may be tried; putting it in force is another matter.
    auto result = catalogue::changed(base, service, files.package, files.law, false, found, origins);
    auto concerns = [&](const Finding& finding) { return files.package.contains(finding.file) || files.law.contains(finding.file); };
    if (result)
        for (auto& finding : catalogue::check_package(*(*result)->package(service), **result)) found.push_back(std::move(finding));
    auto was_there = [&](Finding finding) {
        if (const auto origin = old->origins.find(finding.file); origin != old->origins.end()) finding.file = origin->second;
        return std::any_of(before.begin(), before.end(), [&](const Finding& each) { return same(each, finding); });
    };
    bool broken = !result;
    for (auto& finding : found) {
        const bool error = finding.severity == Finding::Severity::error, warning = finding.severity == Finding::Severity::warning;
        if (was_there(finding) || (!error && !(warning && concerns(finding)))) continue;
        broken = broken || error;
        findings.push_back(std::move(finding));
    }
    return broken ? nullptr : *result;
}

}  // namespace kiepe::rules
