#include "rules/proposals.h"

#include <nlohmann/json.hpp>

#include "base/date.h"
#include "base/id.h"
#include "rules/sql.h"
#include "store/jobs.h"

namespace kiepe::rules {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const ProposedFiles& files) { return Json{{"package", files.package}, {"law", files.law}}.dump(); }

ProposedFiles files_in(const std::string& text) {
    if (text.empty()) return {};
    const auto json = Json::parse(text);
    return {json.at("package").get<std::map<std::string, std::string>>(), json.at("law").get<std::map<std::string, std::string>>()};
}

Proposal proposal_in(const store::Row& row) {
    Proposal proposal;
    proposal.id = row.number(0);
    proposal.name = row.text(1);
    proposal.service = row.text(2);
    proposal.in_force = parse_day(row.text(3)).value_or(Day{});
    proposal.months = int(row.number(4));
    proposal.created = parse_moment(row.text(5)).value_or(Moment{});
    proposal.created_by = row.text(6);
    proposal.files = files_in(row.text(7));
    proposal.state = row.text(8);
    proposal.done = row.number(9);
    proposal.whole = row.number(10);
    if (auto preview = preview_from_json(row.text(11))) proposal.preview = std::move(*preview);
    proposal.finished = parse_moment(row.text(12));
    return proposal;
}

void plan(store::Session& session, std::int64_t id, Moment now) {
    store::enqueue(session, "rules.reform", Json{{"proposal", id}}.dump(), now, "rules.reform." + std::to_string(id));
}

}  // namespace

std::string to_json(const Preview& preview) {
    return Json{{"package_hash", preview.package_hash}, {"law_hash", preview.law_hash}, {"stored", Json::parse(to_json(preview.stored))},
                {"made", preview.has_made ? Json::parse(to_json(preview.made)) : Json(nullptr)}}
        .dump();
}

Result<Preview> preview_from_json(std::string_view json) {
    const auto read = Json::parse(json, nullptr, false);
    if (!read.is_object() || !read.contains("stored") || !read.contains("made")) return Error{"preview_broken"};
    Preview preview{read.value("package_hash", ""), read.value("law_hash", ""), {}, {}, !read["made"].is_null()};
    auto stored = comparison_from_json(read["stored"].dump());
    if (!stored) return stored.error();
    preview.stored = std::move(*stored);
    if (!preview.has_made) return preview;
    auto made = comparison_from_json(read["made"].dump());
    if (!made) return made.error();
    preview.made = std::move(*made);
    return preview;
}

std::int64_t Proposals::add(Proposal proposal, Moment now) {
    proposal.id = random_id();
    database_.write([&](store::Session& session) {
        session.run(sql::proposal_insert, {proposal.id, proposal.name, proposal.service, to_iso(proposal.in_force), std::int64_t{proposal.months},
                                           to_iso(now), proposal.created_by, text_of(proposal.files), proposal.state});
        if (proposal.under_way()) plan(session, proposal.id, now);
    });
    return proposal.id;
}

std::optional<Proposal> Proposals::find(std::int64_t id) {
    std::optional<Proposal> found;
    database_.read([&](store::Session& session) {
        const auto rows = session.query(sql::proposal_by_id, {id});
        if (!rows.empty()) found = proposal_in(rows[0]);
    });
    return found;
}

std::vector<Proposal> Proposals::newest() {
    std::vector<Proposal> all;
    database_.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::proposals_newest)) all.push_back(proposal_in(row));
    });
    return all;
}

void Proposals::set_files(std::int64_t id, const ProposedFiles& files, bool broken, Moment now) {
    database_.write([&](store::Session& session) {
        if (session.run(sql::proposal_set_files, {id, text_of(files), std::string(broken ? "broken" : "waiting")}) > 0 && !broken) plan(session, id, now);
    });
}

void Proposals::remove(std::int64_t id) {
    database_.write([&](store::Session& session) {
        session.run(sql::proposal_delete, {id});
        store::cancel_jobs(session, "rules.reform." + std::to_string(id));
    });
}

bool Proposals::set_progress(std::int64_t id, std::int64_t done, std::int64_t whole) {
    bool there = false;
    database_.write([&](store::Session& session) { there = session.run(sql::proposal_progress, {id, done, whole}) > 0; });
    return there;
}

void Proposals::finish(std::int64_t id, const Preview& preview, Moment now) {
    database_.write([&](store::Session& session) { session.run(sql::proposal_finish, {id, std::string("done"), to_json(preview), to_iso(now)}); });
}

void Proposals::set_broken(std::int64_t id, Moment now) {
    database_.write([&](store::Session& session) { session.run(sql::proposal_finish, {id, std::string("broken"), std::string(), to_iso(now)}); });
}

void Proposals::put_late_law(const LateLawRow& row) {
    database_.write([&](store::Session& session) {
        session.run(sql::late_law_put, {row.service, row.law_hash, to_iso(row.computed), to_json(row.late)});
    });
}

std::vector<LateLawRow> Proposals::late_law() {
    std::vector<LateLawRow> all;
    database_.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::late_law_all)) {
            auto late = late_law_from_json(row.text(3));
            if (late) all.push_back({row.text(0), row.text(1), parse_moment(row.text(2)).value_or(Moment{}), std::move(*late)});
        }
    });
    return all;
}

}  // namespace kiepe::rules
