// What pages show of cases.
#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "casework/cases_impl.h"
#include "casework/json.h"
#include "casework/search_words.h"
#include "casework/secrets.h"
#include "casework/sql.h"
#include "casework/surroundings.h"
#include "store/attachments.h"

namespace kiepe::casework {

using feel::Value;

namespace {

/// The link alone says that there is a notice, never what it says.
void hide_notices(Case& c) {
    for (auto& notice : c.notices) {
        notice.outcome.clear();
        notice.title.clear();
        notice.blocks.clear();
        notice.attachment = 0;
    }
}

bool asks_for_closed(const DeskFilter& filter) {
    return filter.state == "decided" || filter.state == "withdrawn" || filter.state == "closed";
}

/// The columns of one desk query: state group and state, then the other filters in order.
store::Parameters desk_parameters(const DeskFilter& filter) {
    const bool closed = asks_for_closed(filter);
    const bool group = filter.state.empty() || filter.state == "open" || filter.state == "closed";
    const std::string words(trim(filter.words));
    return {!closed,       group ? std::string() : filter.state,         filter.office,        filter.service,
            filter.assigned, parse_case_number(words).value_or(words), search_pattern(words)};
}

DeskRow desk_row(const store::Row& row, Day today, bool open_list) {
    DeskRow item;
    item.id = row.number(0);
    item.number = row.text(1);
    item.service = row.text(2);
    item.person_name = row.text(3);
    item.office = row.text(4);
    item.assigned = row.text(5);
    item.state = row.text(6);
    item.channel = row.text(7);
    item.received = parse_moment(row.text(8)).value_or(Moment{});
    item.due = parse_day(row.text(9)).value_or(Day{});
    item.waiting = row.flag(10);
    item.has_new = row.flag(11);
    item.prepared_outcome = row.text(12) == "-" ? "" : row.text(12);
    item.contested = open_list && item.state == "decided";
    item.overdue = open_list && !item.waiting && item.due < today;
    return item;
}

}  // namespace

std::optional<Case> Cases::by_token(std::string_view token, std::string_view viewer) {
    std::optional<std::int64_t> id;
    impl_->around.database.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::case_id_by_token, {case_token_hash(token)})) id = row.number(0);
    });
    if (!id) return std::nullopt;
    auto c = impl_->read_case(*id);
    if (c && (viewer.empty() || c->subject != viewer)) hide_notices(*c);
    return c;
}

std::optional<Case> Cases::by_number_for(std::string_view number, std::string_view subject) {
    const auto written = parse_case_number(number);
    if (!written || subject.empty()) return std::nullopt;
    std::optional<std::int64_t> id;
    impl_->around.database.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::case_id_by_number, {*written}))
            if (row.text(1) == subject) id = row.number(0);
    });
    return id ? impl_->read_case(*id) : std::nullopt;
}

std::vector<Case> Cases::of_person(std::string_view subject) {
    std::vector<Case> cases;
    if (subject.empty()) return cases;
    std::vector<std::int64_t> ids;
    impl_->around.database.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::case_ids_of_subject, {std::string(subject)})) ids.push_back(row.number(0));
    });
    for (const auto id : ids)
        if (auto c = impl_->read_case(id)) cases.push_back(std::move(*c));
    return cases;
}

std::optional<std::int64_t> Cases::id_of(std::string_view number) {
    const auto written = parse_case_number(number);
    std::optional<std::int64_t> id;
    if (!written) return id;
    impl_->around.database.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::case_id_by_number, {*written})) id = row.number(0);
    });
    return id;
}

std::vector<DeskRow> Cases::desk(const DeskFilter& filter) {
    std::vector<DeskRow> rows;
    auto parameters = desk_parameters(filter);
    const std::int64_t size = std::clamp(filter.page_size, 1, 500);
    parameters.emplace_back(size);
    parameters.emplace_back(size * (std::max(filter.page, 1) - 1));
    const SqlText& statement = filter.order == "received" ? sql::desk_by_received : filter.order == "name" ? sql::desk_by_name : sql::desk_by_due;
    impl_->around.database.read([&](store::Session& session) {
        for (const auto& row : session.query(statement, parameters)) rows.push_back(desk_row(row, impl_->today(), !asks_for_closed(filter)));
    });
    return rows;
}

std::int64_t Cases::desk_count(const DeskFilter& filter) {
    std::int64_t count = 0;
    impl_->around.database.read([&](store::Session& session) { count = session.query(sql::desk_count, desk_parameters(filter)).at(0).number(0); });
    return count;
}

std::shared_ptr<const Cases::Impl::Prepared> Cases::Impl::prepared_of(const Case& c) {
    constexpr std::size_t kMost = 512;
    Rules rules = rules_for(c.service, c.package_hash);
    if (!rules.package) return nullptr;
    {
        std::lock_guard lock(prepared_mutex);
        const auto found = prepared.find(c.id);
        if (found != prepared.end() && found->second->rules.package == rules.package && found->second->rules.catalogue == rules.catalogue &&
            found->second->application == c.application)
            return found->second;
    }
    auto made = std::make_shared<Prepared>();
    made->application = c.application;
    made->preparation = prepare(*rules.package, rules.law(), rules.city(), c.application);
    made->rules = std::move(rules);
    std::lock_guard lock(prepared_mutex);
    if (prepared.size() >= kMost) prepared.clear();
    prepared[c.id] = made;
    return made;
}

Preparation Cases::preparation(const Case& c) {
    const auto known = impl_->prepared_of(c);
    return known ? known->preparation : Preparation{};
}

std::vector<Explained> Cases::explanation(const Case& c, std::string_view language) {
    const auto known = impl_->prepared_of(c);
    return known ? explain(*known->rules.package, known->preparation, c.application, language) : std::vector<Explained>{};
}

std::vector<Fact> Cases::facts(const Case& c) {
    std::vector<Fact> facts;
    const auto known = impl_->prepared_of(c);
    if (!known) return facts;
    const Rules& rules = known->rules;
    const Preparation& preparation = known->preparation;
    for (const auto& asked : preparation.evaluation.visible) {
        Fact fact;
        fact.path = asked.path;
        fact.question = asked.question;
        fact.value = preparation.context.at(asked.path);
        fact.level = level_at(c.application.sure, asked.path);
        for (const auto& file : c.files) {
            const auto* need = file.state == "refused" ? nullptr : need_of(rules.package->form, file.need);
            if (!need || (fact.level != Level::document && fact.level != Level::checked)) continue;
            for (const auto& proves : need->proves) {
                const std::map<std::string, Level> proved = {{proved_path(*need, file.need, proves), Level::document}};
                if (level_at(proved, asked.path) == Level::document) fact.proved_by = file.paper;
            }
        }
        facts.push_back(std::move(fact));
    }
    return facts;
}

std::shared_ptr<const catalogue::Package> Cases::form_version(const Case& c) {
    const Rules rules = impl_->rules_for(c.service, c.package_hash);
    auto began_with = impl_->version(c.package_hash, rules);
    return began_with ? began_with : rules.package;
}

std::optional<std::string> Cases::file_bytes(std::int64_t case_id, std::int64_t attachment) {
    std::optional<std::string> bytes;
    impl_->around.database.read([&](store::Session& session) {
        if (!session.query(sql::case_has_attachment, {case_id, attachment}).empty()) bytes = store::attachment_bytes(session, attachment);
    });
    return bytes;
}

Rendered Cases::drafted_notice(const Case& c, const std::string& outcome, std::string_view language, const std::string& signed_by) {
    const Rules rules = impl_->rules_for(c.service, c.package_hash);
    if (!rules.package) return {};
    const Preparation preparation = prepare(*rules.package, rules.law(), rules.city(), c.application);
    return impl_->notice(c, rules, preparation, outcome, language, false, signed_by);
}

Result<bool> Cases::replay(std::int64_t case_id, std::int64_t notice) {
    const auto stored = impl_->load(case_id);
    if (!stored) return Error{"case_unknown"};
    const auto event = std::find_if(stored->events.begin(), stored->events.end(),
                                    [&](const auto& e) { return e.number == notice && e.kind == "decided"; });
    if (event == stored->events.end()) return Error{"notice_unknown"};
    if (!event->payload) return Error{"payload_deleted"};
    auto payload = feel::from_json(*event->payload);
    if (!payload) return payload.error();
    const Rules rules = impl_->rules_for(stored->row.service, stored->row.package_hash);
    std::optional<catalogue::Law> law;
    std::optional<std::map<std::string, std::string>> files;
    impl_->around.database.read([&](store::Session& session) {
        law = catalogue::law_version(session, text_in(*payload, "law_hash"));
        files = catalogue::version(session, text_in(*payload, "package_hash"));
    });
    if (!law || !files) return Error{"version_unknown"};
    std::vector<catalogue::Finding> findings;
    const auto texts = std::make_shared<const language::Texts>(impl_->around.texts);
    auto package = catalogue::read_package(*files, *law, rules.city(), texts, findings);
    if (!package) return package.error();
    const Preparation again = prepare(**package, *law, rules.city(), application_from(payload->get("application")));
    feel::List steps;
    for (const auto& step : trace(**package, again)) steps.push_back(Value::string(dmn::to_json(step)));
    return to_json(again) == feel::to_json(payload->get("preparation")) &&
           feel::to_json(Value::list(std::move(steps))) == feel::to_json(payload->get("trace"));
}

}  // namespace kiepe::casework
