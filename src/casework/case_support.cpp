#include "casework/case_support.h"

#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "casework/what_if_pages.h"

namespace kiepe::casework {
namespace {

using documents::Block;
using web::Data;

void put_runs(Data& section, const char* list, const documents::Runs& runs) {
    for (const auto& run : runs) section.add(list).set("RUN", run.text).show_if(run.bold, "RUN_BOLD").show_if(!run.bold, "RUN_PLAIN");
}

void put_items(Data& section, const std::vector<documents::Runs>& items) {
    for (const auto& item : items) put_runs(section.add("ITEMS"), "ITEM_RUNS", item);
}

std::string_view icon_of(std::string_view code) {
    if (code.starts_with("decided") || code == "objection_refused") return "paper";
    if (code.find("request") != std::string_view::npos || code.find("deadline") != std::string_view::npos) return "warning";
    if (code.find("message") != std::string_view::npos) return "chat";
    if (code == "submitted" || code == "complete") return "tick";
    if (code.find("file") != std::string_view::npos || code.find("paper") != std::string_view::npos) return "paper";
    return "info";
}

void put_track(const Pages& pages, const web::Request& request, Data& data, const Case& c) {
    const int now = c.state == State::decided || c.withdrawn ? 3 : c.state == State::waiting_for_applicant ? 1 : 2;
    const char* const stations[] = {"track_received", "track_waiting", "track_review", "track_decided"};
    for (int i = 0; i < 4; ++i) {
        if (i == 1 && now != 1) continue;  // nobody waits for her: no such station
        auto& entry = data.add("TRACK");
        entry.set("TRACK_TEXT", pages.say(request, i == 3 && c.withdrawn ? "track_withdrawn" : stations[i]));
        entry.show_if(i < now || (i == 3 && now == 3), "TRACK_DONE").show_if(i == now && now != 3, "TRACK_NOW");
    }
}

void put_timeline(const Pages& pages, const web::Request& request, Data& data, const Case& c) {
    for (auto entry = c.timeline.rbegin(); entry != c.timeline.rend(); ++entry) {
        language::Arguments arguments;
        for (const auto& [name, value] : entry->args) {
            auto day = parse_day(value);
            arguments.emplace_back(name, day ? language::format_date(request.language, *day) : value);
        }
        auto& row = data.add("TIMELINE");
        row.set("EVENT_ICON", std::string(icon_of(entry->code))).set("EVENT_TITLE", pages.say(request, "event_" + entry->code, arguments));
        row.add("EVENT_TIME").set("EVENT_MOMENT", language::format_moment(request.language, entry->at)).set("EVENT_ISO", to_iso(entry->at));
        const std::string more = "event_" + entry->code + "_text";
        if (pages.texts.has("de", more)) row.add("EVENT_BODY").set("EVENT_TEXT", pages.say(request, more, arguments));
        row.show_if(entry == c.timeline.rbegin() && c.state != State::decided, "EVENT_NOW");
    }
}

void put_messages(const Pages& pages, const web::Request& request, Data& data, const Case& c) {
    for (const auto& message : c.messages) {
        auto& entry = data.add("MESSAGES");
        const bool mine = message.role == "applicant";
        entry.set("MESSAGE_FROM", mine ? pages.say(request, "message_you") : message.author.empty() ? pages.say(request, "message_program") : message.author);
        entry.set("MESSAGE_MOMENT", language::format_moment(request.language, message.at)).show(mine ? "MESSAGE_MINE" : "MESSAGE_CITY");
        for (const auto& line : split(message.text, '\n')) entry.add("MESSAGE_LINES").set("MESSAGE_LINE", line);
    }
    data.show_if(!c.messages.empty(), "HAS_MESSAGES");
}

void put_requests(const Pages& pages, const web::Request& request, Data& data, const Case& c, const catalogue::Package& package,
                  const Preparation& prepared, const std::string& base) {
    for (const casework::Request& asked : c.requests) {
        if (asked.answered || c.state != State::waiting_for_applicant) continue;
        auto& card = data.add("REQUEST");
        std::chrono::year_month_day ymd{asked.until};
        auto month = language::format_month(request.language, asked.until);
        card.set("DUE_MONTH", month.substr(0, month.size() > 4 ? 3 : month.size())).set("DUE_DAY", std::to_string(unsigned(ymd.day())));
        card.set("DUE_TITLE", pages.say(request, "case_waits_for_you"));
        card.set("DUE_TEXT", pages.say(request, "case_until", {{"date", language::format_weekday_date(request.language, asked.until)}}));
        if (!asked.text.empty()) card.add("DUE_MORE").set("DUE_REASON", asked.text);
        for (const auto& need : asked.papers)
            card.add("ASKED").set("ASKED_TEXT", need_label(package, prepared.evaluation, need, request.language, pages.say(request, "apply_or")));
        for (const auto& path : asked.answers) card.add("ASKED").set("ASKED_TEXT", answer_label(package, prepared, path, request.language));
        card.add("DUE_ACTION").set("DUE_PATH", base + "/supply").set("DUE_ACTION_TEXT", pages.say(request, "case_supply"));
        card.add("DUE_LONGER").set("LONGER_PATH", base + "/more-time");
    }
}

/// What became of a notice since, and whether something can be said against it.
void put_standing(const Pages& pages, const web::Request& request, Data& entry, const Case& c, const Notice& notice, const std::string& base) {
    for (const auto& later : c.notices)
        if (later.number == notice.replaced_by)
            entry.add("NOTICE_REPLACED").set("REPLACED_TEXT", pages.say(request, "notice_replaced", {{"date", language::format_date(request.language, local_day(later.at))}}));
    if (notice.under_review) entry.add("NOTICE_REPLACED").set("REPLACED_TEXT", pages.say(request, "notice_under_review"));
    if (may_contest(c, notice)) entry.add("NOTICE_CONTEST").set("CONTEST_PATH", base + "/contest");
}

void put_objections(const Pages& pages, const web::Request& request, Data& data, const Case& c, const catalogue::Package& package, const std::string& base) {
    for (const auto& objection : c.objections) {
        auto& entry = data.add("OBJECTIONS");
        entry.set("OBJECTION_TITLE", pages.say(request, "objection_received_on", {{"when", language::format_moment(request.language, objection.received)}}))
            .set("OBJECTION_STATE", pages.say(request, "objection_" + (objection.answer.empty() ? "open" : objection.answer)));
        const Notice* holds = c.decision();
        if (package.service.remedy.kind == "objection" && objection.answer.empty() && holds && holds->number == objection.notice)
            entry.add("OBJECTION_PRINT").set("OBJECTION_LETTER", base + "/contest/letter");
        if (objection.late && objection.until)
            entry.add("OBJECTION_LATE").set("LATE_TEXT", pages.say(request, "objection_late", {{"date", language::format_date(request.language, *objection.until)}}));
        for (const auto& line : split(objection.text, '\n')) entry.add("OBJECTION_LINES").set("OBJECTION_LINE", line);
    }
    data.show_if(!c.objections.empty(), "HAS_OBJECTIONS");
}

void put_notices(const Pages& pages, const web::Request& request, Data& data, const Case& c, const std::string& base, bool proved) {
    for (const auto& notice : c.notices) {
        auto& entry = data.add("NOTICES");
        entry.set("NOTICE_DATE", language::format_date(request.language, local_day(notice.at)));
        put_standing(pages, request, entry, c, notice, base);
        if (!proved) {  // who holds the link has not proved who she is
            entry.add("NOTICE_AWAY").set("AWAY_TEXT", pages.say(request, "notice_by_" + notice.delivery));
            continue;
        }
        auto& shown = entry.add("NOTICE_HERE");
        shown.set("NOTICE_TITLE", notice.title).set("NOTICE_PDF", base + "/notices/" + std::to_string(notice.number) + ".pdf");
        if (notice.automatic && may_contest(c, notice)) {  // offers a person: nothing to offer where one looks already
            auto& automatic = shown.add("NOTICE_AUTOMATIC");
            if (const auto path = register_path(pages, request, c.service); !path.empty()) automatic.add("NOTICE_REGISTER").set("NOTICE_REGISTER_PATH", path);
        }
        if (c.decision() == &notice && decided_against(pages, c)) shown.add("NOTICE_WHAT_IF").set("WHAT_IF_PATH", base + "/what-if");
        put_blocks(shown, notice.blocks);
    }
    data.show_if(!c.notices.empty(), "HAS_NOTICES");
}

void put_answers(const Pages& pages, const web::Request& request, Data& data, const Case& c, const catalogue::Package& package,
                 const Preparation& prepared) {
    for (const auto& fact : pages.cases.facts(c)) {
        if (!fact.question || fact.value.is_null()) continue;
        auto& row = data.add("FACTS");
        row.set("FACT_LABEL", answer_label(package, prepared, fact.path, request.language));
        row.set("FACT_TEXT", catalogue::answer_text(*fact.question, fact.value, request.language, package));
        const bool reg = fact.level == Level::registered, paper = fact.level == Level::document || fact.level == Level::checked;
        row.add("FACT_SOURCE")
            .set("SOURCE_ICON", reg ? "lock" : paper ? "paper" : "pen")
            .set("SOURCE_TEXT", pages.say(request, reg ? pages.facts_register.source_key() : "level_" + std::string(name_of(fact.level))));
    }
}

void put_accesses(const Pages& pages, const web::Request& request, Data& data, const Case& c) {
    auto accesses = pages.identity.accesses(c.id);
    for (const auto& access : accesses) {
        data.add("ACCESSES")
            .set("ACCESS_WHEN", language::format_moment(request.language, access.at))
            .set("ACCESS_WHO", access.staff_name)
            .set("ACCESS_WHY", pages.say(request, access.reason));
    }
    data.show_if(!accesses.empty(), "HAS_ACCESSES").show_if(accesses.empty(), "NO_ACCESSES");
}

}  // namespace

std::string initials(std::string_view name) {
    std::string out;
    int letters = 0;
    for (const auto& word : split(name, ' ')) {
        const bool small = !word.empty() && word[0] >= 'a' && word[0] <= 'z';  // "Amt für Bürger- und Ratsservice" is AB
        if (word.empty() || small || ++letters > 2) continue;
        std::size_t length = 1;
        while (length < word.size() && (static_cast<unsigned char>(word[length]) & 0xC0) == 0x80) ++length;
        out += word.substr(0, length);
    }
    return out;
}

std::string outcome_title(const Pages& pages, std::string_view language, const Case& c, const std::string& outcome) {
    auto package = pages.cases.form_version(c);
    auto rule = package->service.outcomes.find(outcome);
    return rule == package->service.outcomes.end() || rule->second.title.empty() ? "" : package->say(language, rule->second.title).text;
}

std::string promise_text(const Pages& pages, std::string_view language, const Case& c) {
    const auto& promise = c.promise;
    const auto date = language::format_weekday_date(language, promise.due);
    if (c.withdrawn) return pages.texts.get(language, "promise_withdrawn");
    if (c.contested()) return pages.texts.get(language, promise.overdue ? "promise_contested_overdue" : "promise_contested", {{"date", date}});
    if (c.state == State::decided) return pages.texts.get(language, promise.kept ? "promise_kept" : "promise_late");
    if (!promise.running)
        return pages.texts.get(language, "promise_paused", {{"left", std::to_string(std::max(0, promise.working_days - promise.used))}});
    return pages.texts.get(language, promise.overdue ? "promise_overdue" : "promise_until", {{"date", date}});
}

std::string version_text(const Pages& pages, std::string_view language, const RulesVersion& rules) {
    return pages.texts.get(language, rules.package_version.empty() ? "notice_version_short" : "notice_version",
                           {{"version", rules.package_version},
                            {"since", language::format_date(language, rules.since)},
                            {"hash", rules.package_hash.substr(0, 12)},
                            {"law_day", language::format_date(language, rules.law_day)}});
}

std::string register_path(const Pages& pages, const web::Request& request, const std::string& service) {
    const auto catalogue = pages.catalogue();
    const auto* package = catalogue->package(service);
    return package && package->model ? "/" + request.language + "/algorithms/" + service : std::string();
}

std::string need_label(const catalogue::Package& package, const catalogue::Evaluation& evaluation, std::string_view need_name,
                       std::string_view language, std::string_view or_word) {
    const auto slash = need_name.find('/');
    const auto plain = need_name.substr(0, slash);
    for (const auto& need : package.form.needs) {
        if (need.name != plain) continue;
        std::vector<std::string> labels;
        for (const auto& code : need.any_of)
            if (const auto* paper = package.form.paper(code)) labels.push_back(package.say(language, paper->label).text);
        std::string label = join(labels, or_word);
        if (slash == std::string_view::npos) return label;
        for (const auto& step : evaluation.steps)
            if (step.kind == catalogue::Step::Kind::entry && step.page->add_list == need.for_list && step.indexes.size() == 1 &&
                std::to_string(step.indexes.front()) == need_name.substr(slash + 1) && !step.title_suffix.empty())
                return label + " (" + step.title_suffix + ")";
        return label;
    }
    return std::string(need_name);
}

bool may_contest(const Case& c, const Notice& notice) {
    const bool said = std::any_of(c.objections.begin(), c.objections.end(), [&](const auto& objection) { return objection.notice == notice.number; });
    return c.state == State::decided && c.decision() == &notice && !said;
}

namespace {

/// What an office calls several answers at once, as "persons.incomes": the title of the page that asks for them.
std::string label_of_part(const catalogue::Package& package, const Preparation& preparation, std::string_view path, std::string_view language) {
    for (const auto& page : package.form.pages)
        for (const auto& question : page.questions)
            if (question.path.starts_with(std::string(path) + ".")) return render_text(package, page.title, language, preparation);
    return std::string(path);
}

}  // namespace

std::string answer_label(const catalogue::Package& package, const Preparation& preparation, std::string_view path, std::string_view language) {
    const auto* question = package.form.question_at(path);
    if (!question) return label_of_part(package, preparation, path, language);
    auto label = render_text(package, question->label, language, preparation);
    const auto open = path.find('[');
    if (open == std::string_view::npos) return label;
    const auto index = path.substr(open + 1, path.find(']') - open - 1);
    for (const auto& step : preparation.evaluation.steps)
        if (step.kind == catalogue::Step::Kind::entry && step.page->add_list == path.substr(0, open) && step.indexes.size() == 1 &&
            std::to_string(step.indexes.front()) == index && !step.title_suffix.empty())
            return label + " (" + step.title_suffix + ")";
    return label;
}

void put_blocks(Data& data, const std::vector<Block>& blocks) {
    for (const auto& block : blocks) {
        auto& entry = data.add("BLOCKS");
        switch (block.kind) {
            case Block::Kind::h1: put_runs(entry.add("IS_H1"), "RUNS", block.runs); break;
            case Block::Kind::h2: put_runs(entry.add("IS_H2"), "RUNS", block.runs); break;
            case Block::Kind::bullets: put_items(entry.add("IS_BULLETS"), block.items); break;
            case Block::Kind::numbers: put_items(entry.add("IS_NUMBERS"), block.items); break;
            case Block::Kind::table:
            case Block::Kind::pairs: {
                auto& table = entry.add("IS_TABLE");
                for (const auto& row : block.rows) {
                    auto& line = table.add("ROWS");
                    for (const auto& cell : row) put_runs(line.add("CELLS"), "CELL_RUNS", cell);
                }
                break;
            }
            default: put_runs(entry.add("IS_PARAGRAPH"), "RUNS", block.runs); break;
        }
    }
}

web::Response notice_pdf(const Pages& pages, const web::Request& request, const Case& c, std::int64_t number) {
    for (const auto& notice : c.notices)
        if (notice.number == number && notice.attachment != 0)
            if (auto bytes = pages.cases.file_bytes(c.id, notice.attachment))
                return web::bytes(*bytes, "application/pdf", pages.say(request, "notice_file") + "-" + c.number + ".pdf");
    return pages.site.error(request, 404, "notice_unknown");
}

void put_case(const Pages& pages, const web::Request& request, Data& data, const Case& c, const std::string& base, bool proved) {
    auto package = pages.cases.form_version(c);
    const auto prepared = pages.cases.preparation(c);
    auto catalogue = pages.catalogue();
    const auto& city = catalogue->city();
    auto office = city.offices.find(c.office);
    auto clerk = c.assigned.empty() ? std::nullopt : pages.identity.staff(c.assigned);
    const std::string team = office == city.offices.end() ? city.name : office->second.name;
    data.set("SERVICE_NAME", package->say(request.language, package->service.name).text)
        .set("CASE_NUMBER", c.number)
        .set("SENT_ON", language::format_date(request.language, local_day(c.received)))
        .set("PROMISE_TEXT", promise_text(pages, request.language, c))
        .set("CONTACT_NAME", clerk ? clerk->name : team)
        .set("CONTACT_TEAM", team)
        .set("CONTACT_INITIALS", initials(clerk ? clerk->name : team))
        .set("CONTACT_PHONE", clerk && !clerk->phone.empty() ? clerk->phone : office == city.offices.end() ? city.phone : office->second.phone)
        .set("BASE", base);
    data.show_if(clerk.has_value(), "HAS_CLERK");
    put_track(pages, request, data, c);
    put_requests(pages, request, data, c, *package, prepared, base);
    put_notices(pages, request, data, c, base, proved);
    put_objections(pages, request, data, c, *package, base);
    put_timeline(pages, request, data, c);
    put_messages(pages, request, data, c);
    put_answers(pages, request, data, c, *package, prepared);
    put_accesses(pages, request, data, c);
    for (const auto& file : c.files) {
        data.add("CASE_FILES")
            .set("FILE_NAME", file.name)
            .set("FILE_PATH", base + "/files/" + std::to_string(file.attachment))
            .set("FILE_WHEN", language::format_moment(request.language, file.received))
            .set("FILE_STATE", pages.say(request, "file_" + file.state));
    }
    data.show_if(!c.files.empty(), "HAS_FILES");
    const bool open = c.state != State::decided && !c.withdrawn;
    // Opened again after a decision nothing can be withdrawn any more; the notice holds until a new one comes.
    data.show_if(open && c.notices.empty(), "CAN_WITHDRAW");
    if (const auto path = register_path(pages, request, c.service); !path.empty()) data.add("REGISTER").set("REGISTER_PATH", path);
    data.show_if(open, "OPEN").show_if(c.withdrawn, "WITHDRAWN");
}

}  // namespace kiepe::casework
