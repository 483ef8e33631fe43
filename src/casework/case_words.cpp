// What letters and lists say about a case in the words of its package.
#include <algorithm>

#include "base/text.h"
#include "casework/cases_impl.h"
#include "casework/json.h"

namespace kiepe::casework {
namespace {

using feel::Value;

/// "Inge Muster" for the second entry of persons: what the package calls an entry; "" where it does not say.
std::string entry_name(const Preparation& preparation, const std::string& list, int index) {
    for (const auto& step : preparation.evaluation.steps)
        if (step.page && step.page->add_list == list && step.kind == catalogue::Step::Kind::entry && !step.indexes.empty() &&
            step.indexes.front() == index)
            return step.title_suffix;
    return "";
}

std::string with_entry(std::string text, const std::string& entry) { return entry.empty() ? text : text + ": " + entry; }

/// "persons[2].pays_health" -> ("persons", 2)
std::pair<std::string, int> first_entry(const std::string& path) {
    const auto open = path.find('[');
    if (open == std::string::npos) return {"", 0};
    return {path.substr(0, open), std::atoi(path.c_str() + open + 1)};
}

std::string question_text(const catalogue::Package& package, std::string_view language, const Preparation& preparation,
                          const std::string& path) {
    const auto [list, index] = first_entry(path);
    const auto* question = package.form.question_at(path);
    std::string text = path;
    if (question) {
        text = render_text(package, question->label, language, preparation);
    } else {
        for (const auto& page : package.form.pages)
            if (page.add_list == path) text = package.say(language, page.title).text;
    }
    return index > 0 ? with_entry(text, entry_name(preparation, list, index)) : text;
}

std::string paper_text(const catalogue::Package& package, std::string_view language, const Preparation& preparation,
                       const std::string& name) {
    const auto* need = need_of(package.form, name);
    if (!need) return name;
    std::vector<std::string> labels;
    for (const auto& paper : need->any_of)
        if (const auto* known = package.form.paper(paper)) labels.push_back(package.say(language, known->label).text);
    const std::string text = join(labels, " " + package.program_text(language, "letter_or") + " ");
    const auto slash = name.find('/');
    if (slash == std::string::npos) return text;
    return with_entry(text, entry_name(preparation, need->for_list, std::atoi(name.c_str() + slash + 1)));
}

}  // namespace

std::vector<std::string> missing_texts(const catalogue::Package& package, std::string_view language, const Preparation& preparation,
                                       const std::vector<std::string>& answers, const std::vector<std::string>& papers) {
    std::vector<std::string> lines;
    for (const auto& path : answers) lines.push_back(question_text(package, language, preparation, path));
    for (const auto& name : papers) lines.push_back(paper_text(package, language, preparation, name));
    return lines;
}

Value answer_from_profile(const Preparation& preparation, const std::string& attribute) {
    for (const auto& asked : preparation.evaluation.visible)
        if (asked.question->from_profile == attribute) {
            const Value value = preparation.context.at(asked.path);
            if (!value.is_null()) return value;
        }
    return {};
}

std::vector<std::string> recipient_of(const Case& c, const catalogue::Package& package) {
    std::vector<std::string> lines = {c.person_name};
    for (const auto& page : package.form.pages)
        for (const auto& question : page.questions) {
            if (question.type != catalogue::QuestionType::address || !page.add_list.empty() || !page.for_list.empty()) continue;
            const Value address = c.application.answers.at(question.name);
            if (address.is_null()) continue;
            lines.emplace_back(trim(text_in(address, "street") + " " + text_in(address, "number")));
            lines.emplace_back(trim(text_in(address, "postcode") + " " + text_in(address, "place")));
            return lines;
        }
    return lines;
}

bool may_see(const catalogue::Service& service, const std::string& category, const identity::Staff& who) {
    const auto roles = service.categories.find(category);
    if (roles == service.categories.end() || roles->second.empty()) return true;
    return std::any_of(roles->second.begin(), roles->second.end(), [&](const auto& role) { return who.roles.contains(role); });
}

}  // namespace kiepe::casework
