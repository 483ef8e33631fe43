#pragma once
// Changed files that somebody hands in to be looked at before they are put in force: where they belong, and whether they hold. Pure.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.h"

namespace kiepe::rules {

/// Files as handed in, by the path that they replace.
struct ProposedFiles {
    std::map<std::string, std::string> package;     ///< path in the package -> content
    std::map<std::string, std::string> law;         ///< path as in Law::files() -> content
    bool empty() const { return package.empty() && law.empty(); }
};

/// Puts a file where it belongs: by its name in the package (service.yaml, form.yaml, reasons.yaml, the model), or by the act that it states
/// in the law. Errors: "proposal_unknown_file", "proposal_unknown_act" {act}, "proposal_which_file" {act, files}; `where` is the name.
Result<void> place(const catalogue::Package& package, const catalogue::Law& law, std::string_view name, std::string_view content, ProposedFiles& files);

/// The city with these files, read and checked as `kiepe package check` does. Findings only of what was handed in; with an error there is no
/// city. Warnings that were there before are left out.
std::shared_ptr<const catalogue::Catalogue> with_proposal(std::shared_ptr<const catalogue::Catalogue> base, const std::string& service,
                                                          const ProposedFiles& files, std::vector<catalogue::Finding>& findings);

}  // namespace kiepe::rules
