#include "catalogue/catalogue.h"

namespace kiepe::catalogue {

std::string finding_text(const language::Texts& texts, std::string_view language, const Finding& finding) {
    auto arguments = finding.args;
    std::string near;
    for (const auto& [name, value] : finding.args)
        if (name == "hint" && !value.empty()) near = texts.get(language, "finding_near", {{"hint", value}});
    arguments.emplace_back("near", near);
    return texts.get(language, texts.has("de", finding.code) ? finding.code : "finding_" + finding.code, arguments);
}

}  // namespace kiepe::catalogue
