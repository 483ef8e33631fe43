#include <algorithm>
#include <set>

#include "base/text.h"
#include "catalogue/areas.h"
#include "catalogue/check.h"

namespace kiepe::catalogue {
namespace {

/// AGG section 1, GDPR article 9: profile attributes that say something about age, sex, disability, belief or origin.
const std::set<std::string>& protected_profile() {
    static const std::set<std::string> attributes{"birth_date", "age", "sex", "gender", "disability", "religion", "nationality", "health"};
    return attributes;
}

/// A name that speaks of such an attribute, or an answer of the category health, without `protected`.
bool sounds_protected(const Question& q) {
    static const std::set<std::string> words{"birth", "birthday", "age", "sex", "gender", "disability", "disabled", "religion", "denomination", "belief",
                                             "nationality", "citizenship", "ethnic", "origin", "orientation", "pregnant", "pregnancy"};
    if (q.category == "health") return true;
    const auto parts = split(q.name.substr(q.name.rfind('.') + 1), '_');
    return std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return words.count(part) > 0; });
}

struct FormCheck {
    Checking& c;
    Report report;
    const Form& form;
    std::vector<std::string> names;

    void question(const Question& q, const Page& page) {
        if (q.kind == Question::Kind::ask) {
            if (q.needed_for.empty() && q.type != QuestionType::remark) report.error(q.line, "form_without_needed_for", {{"name", q.name}});
            if (!q.protected_attribute.empty() && q.needed_for.find("§") == std::string::npos)
                report.error(q.line, "form_protected_without_norm", {{"name", q.name}, {"attribute", q.protected_attribute}});
            if (q.protected_attribute.empty() && protected_profile().count(q.from_profile))
                report.error(q.line, "form_protected_not_declared", {{"name", q.name}, {"attribute", q.from_profile}});
            if (q.protected_attribute.empty() && !protected_profile().count(q.from_profile) && sounds_protected(q))
                report.warn(q.line, "form_protected_looks_like", {{"name", q.name}});
            if (q.category != "ordinary" && !c.package.service.categories.count(q.category))
                report.error(q.line, "form_unknown_category", {{"category", q.category}});
            if (q.type == QuestionType::file) report.error(q.line, "form_file_as_question", {{"name", q.name}});
            unit(q);
        }
        if (q.kind == Question::Kind::look_up) look_up(q);
        for (const auto& check : q.checks) at(check);
        forward(q, page);
    }

    void unit(const Question& q) {
        const std::string key = "unit_" + q.unit;
        if (!q.unit.empty() && c.package.texts && !c.package.texts->has("de", key)) report.warn(q.line, "form_unknown_unit", {{"unit", q.unit}});
    }

    void look_up(const Question& q) {
        const auto& areas = c.catalogue.city().areas;
        if (!areas || !areas->layers.count(q.look_up_in)) report.warn(q.line, "form_city_lacks_area", {{"area", q.look_up_in}});
        if (!form_knows(form, q.look_up_by)) report.error(q.line, "form_unknown_name", {{"name", q.look_up_by}, {"hint", did_you_mean(q.look_up_by, names)}});
    }

    void at(const Check& check) {
        for (const auto& path : check.at)
            if (!form_knows(form, path)) report.error(check.line, "form_unknown_name", {{"name", path}, {"hint", did_you_mean(path, names)}});
    }

    /// package-format section 2: evaluated in file order, so nothing may be used before it is asked.
    void forward(const Question& q, const Page& page) {
        const auto own = std::find(names.begin(), names.end(), global_name(page, q.name));
        for (const auto& expression : {q.show, q.required, q.default_value, q.value}) {
            if (!expression) continue;
            for (const auto& use : expression->uses()) later(use, page, own + 1, q.line);
        }
    }

    void later(const std::string& use, const Page& page, std::vector<std::string>::const_iterator limit, int line) {
        const std::string used = global_name(page, use);
        const auto touches = [&](const std::string& name) {
            const auto& [shorter, longer] = name.size() < used.size() ? std::tie(name, used) : std::tie(used, name);
            return longer.rfind(shorter, 0) == 0 && (longer.size() == shorter.size() || longer[shorter.size()] == '.');
        };
        const auto begin = names.cbegin();
        if (std::any_of(begin, limit, touches) || std::none_of(limit, names.cend(), touches)) return;
        report.error(line, "form_forward_reference", {{"name", use}});
    }

    void page(const Page& page, std::set<std::string>& ids) {
        if (!ids.insert(page.id).second) report.error(page.line, "form_page_twice", {{"page", page.id}});
        for (const auto& q : page.questions) question(q, page);
        for (const auto& check : page.checks) at(check);
        if (page.show && !page.questions.empty()) {
            const auto first = std::find(names.begin(), names.end(), global_name(page, page.add_list.empty() ? page.questions.front().name : page.add_list));
            for (const auto& use : page.show->uses()) later(use, page, first, page.line);
        }
    }

    void papers() {
        std::set<std::string> used, needs;
        std::vector<std::string> known;
        for (const auto& paper : form.papers) known.push_back(paper.name);
        for (const auto& need : form.needs) {
            if (!needs.insert(need.name).second) report.error(need.line, "form_need_twice", {{"name", need.name}});
            for (const auto& name : need.any_of) {
                used.insert(name);
                if (!form.paper(name)) report.error(need.line, "form_unknown_paper", {{"name", name}, {"hint", did_you_mean(name, known)}});
            }
            for (const auto& fact : need.proves)
                if (!form_knows(form, fact)) report.error(need.line, "form_unknown_name", {{"name", fact}, {"hint", did_you_mean(fact, names)}});
            if (need.needed_for.empty()) report.error(need.line, "form_without_needed_for", {{"name", need.name}});
            if (!need.later.empty() && !parse_period(need.later)) report.error(need.line, "package_bad_period", {{"value", need.later}});
        }
        for (const auto& paper : form.papers) {
            if (!used.count(paper.name)) report.warn(paper.line, "form_paper_not_used", {{"name", paper.name}});
            if (paper.category != "ordinary" && !c.package.service.categories.count(paper.category))
                report.error(paper.line, "form_unknown_category", {{"category", paper.category}});
            for (const auto& kind : paper.accept)
                if (kind != "pdf" && kind != "photo") report.error(paper.line, "form_paper_kind", {{"kind", kind}});
            if (!paper.blank.empty() && !c.package.files.count(paper.blank)) report.warn(paper.line, "package_file_missing", {{"file", paper.blank}});
        }
    }
};

}  // namespace

void check_form(Checking& c) {
    const Form& form = c.package.form;
    FormCheck check{c, c.report("form.yaml"), form, form_names_of(form)};
    std::set<std::string> ids;
    for (const auto& page : form.pages) check.page(page, ids);
    for (const auto& id : form.pre_check)
        if (!ids.count(id)) c.error("form.yaml", {"pre_check"}, "form_unknown_page", {{"page", id}, {"hint", did_you_mean(id, {ids.begin(), ids.end()})}});
    check.papers();
    for (const auto& [old, now] : form.renamed)
        if (!form_knows(form, now)) c.error("form.yaml", {"renamed", old}, "form_unknown_name", {{"name", now}, {"hint", did_you_mean(now, check.names)}});
}

}  // namespace kiepe::catalogue
