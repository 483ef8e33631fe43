// `nearest` of reasons: which answer people are told could be different, and until when.
#include "catalogue/check.h"
#include "catalogue/form_reader.h"
#include "catalogue/letter_template.h"

namespace kiepe::catalogue {
namespace {

const Question* asked(const Form& form, const std::string& name) {
    for (const auto& page : form.pages)
        for (const auto& question : page.questions)
            if (question.kind == Question::Kind::ask && global_name(page, question.name) == name) return &question;
    return nullptr;
}

}  // namespace

void check_nearest(Checking& c) {
    const auto names = sentence_names(c.package);
    for (const auto& [code, reason] : c.package.reasons) {
        const std::string& change = reason.nearest_change;
        if (change.empty()) continue;
        const std::vector<std::string> place{"reasons", code, "nearest"};
        const auto* question = asked(c.package.form, change);
        if (!question)
            c.error("reasons.yaml", place, "form_unknown_name", {{"name", change}, {"hint", did_you_mean(change, form_names_of(c.package.form))}});
        else if (question->fixed || !question->protected_attribute.empty())  // AGG section 1: nobody is told to be somebody else
            c.error("reasons.yaml", place, "reasons_nearest_protected", {{"code", code}, {"name", change}});
        Report report = c.report("reasons.yaml");
        if (!reason.nearest_until.empty()) compile_text(reason.nearest_until, c.line("reasons.yaml", place), names, report);
    }
}

}  // namespace kiepe::catalogue
