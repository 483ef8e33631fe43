#include "casework/apply_flow.h"

#include <algorithm>

#include "base/text.h"

namespace kiepe::casework {
namespace {

using catalogue::Asked;
using catalogue::QuestionType;

bool short_text(const Asked& asked) {
    auto type = asked.question->type;
    return type == QuestionType::text || type == QuestionType::email || type == QuestionType::phone;
}

std::string key_part(const Asked& asked) {
    auto name = asked.question->name;
    std::replace(name.begin(), name.end(), '.', '-');
    return name;
}

void add_questions(std::vector<Screen>& out, const catalogue::Step& step, const std::vector<Asked>& asked) {
    std::vector<std::vector<Asked>> groups;
    for (const auto& question : asked) {
        if (!groups.empty() && short_text(question) && short_text(groups.back().back()))
            groups.back().push_back(question);
        else
            groups.push_back({question});
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
        Screen screen;
        screen.key = step.key + "." + key_part(groups[i].front());
        screen.step = step;
        screen.asked = std::move(groups[i]);
        screen.last_of_step = i + 1 == groups.size();
        out.push_back(std::move(screen));
    }
}

}  // namespace

std::string need_name(const catalogue::Need& need, const std::vector<int>& indexes) {
    std::string name = need.name;
    for (int index : indexes) name += "/" + std::to_string(index);
    return name;
}

std::vector<Screen> screens(const catalogue::Form& form, const catalogue::Evaluation& evaluation) {
    std::vector<Screen> out;
    for (const auto& step : evaluation.steps) {
        if (step.kind == catalogue::Step::Kind::questions) {
            add_questions(out, step, form.asked_on(step, evaluation.context));
            continue;
        }
        Screen screen;
        screen.kind = step.kind == catalogue::Step::Kind::entries ? Screen::Kind::entries : Screen::Kind::questions;
        screen.key = step.key;
        screen.step = step;
        if (step.kind == catalogue::Step::Kind::entry) screen.asked = form.asked_on(step, evaluation.context);
        out.push_back(std::move(screen));
    }
    for (const auto& [need, indexes] : evaluation.needs) {
        if (!need->ask_office.empty() && need->instead_of_asking != "applicant") continue;
        Screen screen;
        screen.kind = Screen::Kind::paper;
        screen.need = need;
        screen.indexes = indexes;
        screen.key = "paper/" + need_name(*need, indexes);
        out.push_back(std::move(screen));
    }
    Screen contact;
    contact.kind = Screen::Kind::contact;
    contact.key = "contact";
    out.push_back(std::move(contact));
    return out;
}

const Screen* find_screen(const std::vector<Screen>& screens, std::string_view key) {
    auto found = std::find_if(screens.begin(), screens.end(), [&](const Screen& s) { return s.key == key; });
    return found == screens.end() ? nullptr : &*found;
}

const Screen* screen_of_path(const std::vector<Screen>& screens, std::string_view path) {
    for (const auto& screen : screens)
        for (const auto& asked : screen.asked)
            if (asked.path == path) return &screen;
    for (const auto& screen : screens)  // a list that is too short: its overview
        if (screen.kind == Screen::Kind::entries && screen.step.page && path.starts_with(screen.step.page->add_list)) return &screen;
    return nullptr;
}

std::map<std::string, std::string> papers_of(const Draft& draft) {
    std::map<std::string, std::string> papers;
    for (const auto& file : draft.files) papers[file.need] = file.paper;
    return papers;
}

catalogue::Surroundings surroundings_of(const catalogue::Catalogue& catalogue, const catalogue::Package& package, Day received,
                                        const std::string& channel) {
    feel::Context facts{{"received", feel::Value::date(received)},
                        {"month", feel::Value()},
                        {"renewal", feel::Value::boolean(false)},
                        {"previous", feel::Value()},
                        {"channel", feel::Value::string(channel)}};
    return catalogue.surroundings(package, received, feel::Value::context(std::move(facts)));
}

}  // namespace kiepe::casework
