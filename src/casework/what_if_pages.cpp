// "Was müsste anders sein?": for a resident after a decision against her, and for a draft against which something stands already. These are
// pages of their own, searched when they are opened and not before: nobody waits for it who only wants to see her case. The desk shows it
// within the case: there the drafted notice has searched already, and what was found is kept beside the preparation.
#include <algorithm>

#include "base/date.h"
#include "casework/apply_support.h"
#include "casework/case_support.h"
#include "casework/what_if_pages.h"

namespace kiepe::casework {
namespace {

using web::Data;
using web::Response;

/// What a page shows of one search: to whom which answer is open, and where it can be changed.
struct Shown {
    const catalogue::Package& package;
    const Preparation& preparation;
    const WhatIf& found;
    std::function<bool(const std::string&)> may_see = [](const std::string&) { return true; };
    std::function<std::string(const std::string&)> change_path = [](const std::string&) { return std::string(); };
};

void put_way(const Pages& pages, const web::Request& request, Data& data, const SaidWay& said, const Way& way, const Shown& shown) {
    auto& entry = data.add("WAYS");
    entry.set("SENTENCE", said.sentence);
    for (std::size_t i = 0; i < said.changes.size(); ++i) {
        const auto& answer = said.changes[i];
        auto& change = entry.add("CHANGES");
        change.set("LABEL", answer.label);
        if (!answer.about.empty()) change.add("ABOUT").set("ABOUT_TEXT", answer.about);
        if (said.changes.size() > 1)
            change.add("PART").set("PART_TEXT", pages.say(request, "what_if_part", {{"condition", answer.condition}, {"now", answer.now}}));
        if (const auto path = shown.change_path(way.changes[i].path); !path.empty()) entry.add("EDITS").set("LABEL", answer.label).set("CHANGE_PATH", path);
    }
}

/// What is not for her role is only counted.
void put_ways(const Pages& pages, const web::Request& request, Data& data, const Shown& shown) {
    std::int64_t hidden = 0, seen = 0;
    for (const auto& way : shown.found.ways) {
        const bool open = may_be_shown(shown.package, way, shown.may_see);
        if (open) put_way(pages, request, data, say_way(shown.package, shown.preparation, way, request.language), way, shown);
        ++(open ? seen : hidden);
    }
    data.show_if(seen > 0, "HAS_WAYS").show_if(seen + hidden == 0, "NO_WAYS").show_if(!shown.found.whole, "NOT_WHOLE");
    if (hidden > 0) data.add("HIDDEN").set("HIDDEN_TEXT", pages.texts.get_n(request.language, "what_if_hidden", hidden));
}

Response show_for_resident(const Pages& pages, const web::Request& request) {
    const auto seen = open_case(pages, request);
    if (!seen) return no_case(pages, request);
    if (!seen->proved) return pages.site.error(request, 403, "notice_needs_sign_in");
    const auto now = decided_against(pages, seen->c) ? pages.cases.what_if(seen->c) : nullptr;
    if (!now) return web::redirect(seen->base);
    auto data = pages.site.frame(request, pages.say(request, "what_if_title"));
    data.set("BACK_PATH", seen->base).set("BACK_TEXT", pages.say(request, "what_if_back"));
    data.set("LEAD", pages.say(request, "what_if_lead")).set("BE_TRUE", pages.say(request, "what_if_be_true"));
    data.set("NOTHING_TEXT", pages.say(request, "what_if_nothing_text"));
    data.add("WRITE").set("WRITE_PATH", seen->base + "#message");
    put_ways(pages, request, data, {*now->package, now->preparation, now->found});
    return pages.site.render(request, "what-if.html", data);
}

Response show_for_draft(const Pages& pages, const web::Request& request) {
    const auto view = open_draft(pages, request);
    if (!view) return pages.site.error(request, 404, "draft_unknown");
    const auto catalogue = pages.catalogue();
    const auto& [law, city] = std::tie(catalogue->law(), catalogue->city());
    const std::string base = draft_path(request, view->token);
    const auto application = with_all_papers(*view->package, law, city, application_of(*view, local_day(pages.clock.now())));
    auto preparation = prepare(*view->package, law, city, application);
    if (preparation.outcome.empty()) preparation = pre_check(*view->package, law, city, application);
    const auto found = what_if(*view->package, law, city, application, preparation);
    auto data = pages.site.frame(request, pages.say(request, "what_if_title"));
    data.set("BACK_PATH", base + "/check").set("BACK_TEXT", pages.say(request, "what_if_back_draft"));
    data.set("LEAD", pages.say(request, "what_if_lead_draft")).set("BE_TRUE", pages.say(request, "what_if_be_true_draft"));
    data.set("NOTHING_TEXT", pages.say(request, "what_if_nothing_draft"));
    const auto change_path = [&](const std::string& path) {
        const auto* screen = screen_of_path(view->screens, path);
        return screen ? base + "/steps/" + screen->key + "?from=check" : std::string();
    };
    put_ways(pages, request, data, {*view->package, preparation, found, [](const std::string&) { return true; }, change_path});
    return pages.site.render(request, "what-if.html", data);
}

}  // namespace

bool refused_by_rules(const catalogue::Package& package, const Preparation& preparation) {
    const auto rule = package.service.outcomes.find(preparation.outcome);
    return rule != package.service.outcomes.end() && rule->second.effect == catalogue::OutcomeRule::Effect::unfavourable;
}

bool decided_against(const Pages& pages, const Case& c) {
    const auto* notice = c.state == State::decided ? c.decision() : nullptr;
    if (!notice) return false;
    const auto package = pages.cases.form_version(c);
    const auto rule = package->service.outcomes.find(notice->outcome);
    const bool against = rule != package->service.outcomes.end() && rule->second.effect == catalogue::OutcomeRule::Effect::unfavourable;
    return against && refused_by_rules(*package, pages.cases.preparation(c));
}

void put_what_if(const Pages& pages, const web::Request& request, Data& data, const Case& c, const Preparation& preparation, const identity::Staff& who) {
    const auto package = pages.cases.form_version(c);
    const auto now = refused_by_rules(*package, preparation) ? pages.cases.what_if(c) : nullptr;
    if (!now) return;
    const auto open_to_her = [&](const std::string& category) { return may_see(now->package->service, category, who); };
    put_ways(pages, request, data.add("WHAT_IF"), {*now->package, now->preparation, now->found, open_to_her});
}

void put_standing(const Pages& pages, const web::Request& request, Data& data, const DraftView& view, const Screen& screen) {
    const auto& early = view.package->form.pre_check;
    const bool within = screen.step.page && std::find(early.begin(), early.end(), screen.step.page->id) != early.end();
    if (early.empty() || within) return;
    const auto catalogue = pages.catalogue();
    const auto standing = pre_check(*view.package, catalogue->law(), catalogue->city(), application_of(view, local_day(pages.clock.now())));
    if (standing.reasons.empty()) return;
    auto& panel = data.add("STANDING");
    panel.set("WHAT_IF_PATH", draft_path(request, view.token) + "/what-if");
    for (const auto& code : standing.reasons)
        if (const auto reason = view.package->reasons.find(code); reason != view.package->reasons.end())
            panel.add("STANDING_REASONS").set("REASON_TEXT", render_text(*view.package, reason->second.say, request.language, standing));
}

std::vector<web::Route> what_if_routes(const Pages& pages) {
    auto with = [pages](auto handler) { return [pages, handler](const web::Request& request) { return handler(pages, request); }; };
    return {{"GET", "/{lang}/cases/{token}/what-if", web::Kind::page, with(show_for_resident)},
            {"GET", "/{lang}/my/{number}/what-if", web::Kind::page, with(show_for_resident)},
            {"GET", "/{lang}/drafts/{token}/what-if", web::Kind::page, for_owner(pages, show_for_draft)}};
}

}  // namespace kiepe::casework
