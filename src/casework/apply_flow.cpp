#include "casework/apply_flow.h"

#include <algorithm>
#include <optional>

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

/// "persons/3/1" below "persons" without entry 2 is "persons/2/1"; nullopt where it was part of entry 2 itself.
std::optional<std::string> moved_up(const std::string& key, const std::string& before, int number, std::string_view closing) {
    if (!key.starts_with(before)) return key;
    const auto end = key.find_first_not_of("0123456789", before.size());
    const auto digits = key.substr(before.size(), end == std::string::npos ? end : end - before.size());
    if (digits.empty() || digits.size() > 4) return key;
    const int at = std::stoi(digits);
    const auto rest = end == std::string::npos ? std::string() : key.substr(end);
    if (!closing.empty() && !rest.starts_with(closing)) return key;
    if (at == number) return std::nullopt;
    return at < number ? key : before + std::to_string(at - 1) + rest;
}

void move_up(std::vector<std::string>& keys, const std::string& before, int number) {
    std::vector<std::string> kept;
    for (const auto& key : keys)
        if (auto moved = moved_up(key, before, number, "")) kept.push_back(*moved);
    keys = std::move(kept);
}

template <class Value>
void move_up(std::map<std::string, Value>& by_path, const std::string& before, int number) {
    std::map<std::string, Value> kept;
    for (auto& [path, value] : by_path)
        if (auto moved = moved_up(path, before, number, "]")) kept[*moved] = std::move(value);
    by_path = std::move(kept);
}

}  // namespace

std::string list_path(const catalogue::Page& page, const std::vector<int>& indexes) {
    // A list inside a list ("person.incomes") belongs to the entry that the step is about.
    if (page.for_variable.empty() || !page.add_list.starts_with(page.for_variable + ".")) return page.add_list;
    return page.for_list + "[" + std::to_string(indexes.front()) + "]" + page.add_list.substr(page.for_variable.size());
}

std::string entry_path(const catalogue::Page& page, const std::vector<int>& indexes) {
    return list_path(page, indexes) + "[" + std::to_string(indexes.back()) + "]";
}

std::vector<DraftFile> remove_entry(Draft& draft, const catalogue::Form& form, const catalogue::Step& list, int number) {
    const auto path = list_path(*list.page, list.indexes);
    draft.answers = draft.answers.without(path + "[" + std::to_string(number) + "]");
    move_up(draft.sure, path + "[", number);
    move_up(draft.typed, path + "[", number);
    move_up(draft.errors, path + "[", number);
    move_up(draft.seen, list.key + "/", number);
    std::vector<DraftFile> gone;
    if (!list.indexes.empty()) return gone;  // papers and pages are asked for entries of the household's lists only
    for (const auto& page : form.pages)
        if (page.for_list == path) move_up(draft.seen, page.id + "/", number);
    std::vector<DraftFile> kept;
    for (auto file : draft.files) {
        const auto need = std::find_if(form.needs.begin(), form.needs.end(), [&](const auto& n) { return file.need.starts_with(n.name + "/"); });
        auto moved = need == form.needs.end() || need->for_list != path ? file.need : moved_up(file.need, need->name + "/", number, "");
        if (!moved) {
            gone.push_back(std::move(file));
            continue;
        }
        file.need = *moved;
        kept.push_back(std::move(file));
    }
    for (const auto& need : form.needs)
        if (need.for_list == path) move_up(draft.seen, "paper/" + need.name + "/", number);
    draft.files = std::move(kept);
    return gone;
}

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
