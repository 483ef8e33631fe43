#include "casework/drafts.h"

#include "base/date.h"
#include "base/id.h"
#include "casework/json.h"
#include "casework/secrets.h"
#include "casework/sql.h"
#include "store/attachments.h"

namespace kiepe::casework {

using feel::Value;

namespace {

constexpr auto kLifetime = std::chrono::days(30);

Value moment_value(Moment moment) { return Value::string(to_iso(moment)); }

Moment moment_in(const Value& context, std::string_view name) { return parse_moment(text_in(context, name)).value_or(Moment{}); }

Value file_value(const DraftFile& file) {
    return Value::context({{"attachment", Value::number(file.attachment)},
                           {"need", Value::string(file.need)},
                           {"paper", Value::string(file.paper)},
                           {"name", Value::string(file.name)},
                           {"type", Value::string(file.type)},
                           {"size", Value::number(file.size)},
                           {"pages", Value::number(std::int64_t{file.pages})},
                           {"text", Value::string(file.text)}});
}

DraftFile file_from(const Value& value) {
    return {number_in(value, "attachment"), text_in(value, "need"), text_in(value, "paper"), text_in(value, "name"),
            text_in(value, "type"),         number_in(value, "size"), static_cast<int>(number_in(value, "pages")), text_in(value, "text")};
}

std::string to_json(const Draft& draft) {
    feel::List files;
    for (const auto& file : draft.files) files.push_back(file_value(file));
    return feel::to_json(Value::context({{"service", Value::string(draft.service)},
                                         {"package_hash", Value::string(draft.package_hash)},
                                         {"language", Value::string(draft.language)},
                                         {"answers", draft.answers},
                                         {"sure", sure_value(draft.sure)},
                                         {"typed", map_value(draft.typed)},
                                         {"errors", map_value(draft.errors)},
                                         {"seen", texts_value(draft.seen)},
                                         {"confirmed_warnings", texts_value(draft.confirmed_warnings)},
                                         {"files", Value::list(std::move(files))},
                                         {"subject", Value::string(draft.subject)},
                                         {"email", Value::string(draft.email)},
                                         {"delivery", Value::string(draft.delivery)},
                                         {"channel", Value::string(draft.channel)},
                                         {"entered_by", Value::string(draft.entered_by)},
                                         {"begun", moment_value(draft.begun)},
                                         {"changed", moment_value(draft.changed)}}));
}

std::optional<Draft> from_json(std::string_view json) {
    const auto parsed = feel::from_json(json);
    if (!parsed) return std::nullopt;
    const Value& value = *parsed;
    Draft draft;
    draft.service = text_in(value, "service");
    draft.package_hash = text_in(value, "package_hash");
    draft.language = text_in(value, "language");
    draft.answers = value.get("answers");
    draft.sure = sure_in(value, "sure");
    draft.typed = map_in(value, "typed");
    draft.errors = map_in(value, "errors");
    draft.seen = texts_in(value, "seen");
    draft.confirmed_warnings = texts_in(value, "confirmed_warnings");
    if (const Value files = value.get("files"); files.kind() == feel::Kind::list)
        for (const auto& file : files.as_list()) draft.files.push_back(file_from(file));
    draft.subject = text_in(value, "subject");
    draft.email = text_in(value, "email");
    draft.delivery = text_in(value, "delivery");
    draft.channel = text_in(value, "channel");
    draft.entered_by = text_in(value, "entered_by");
    draft.begun = moment_in(value, "begun");
    draft.changed = moment_in(value, "changed");
    return draft;
}

}  // namespace

Drafts::Drafts(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

std::string Drafts::begin(const Draft& draft) {
    std::string token = random_token();
    const DraftSecrets secrets(token);
    Draft stored = draft;
    stored.begun = stored.changed = clock_.now();
    const std::string body = secrets.seal(to_json(stored));
    const std::string expires = to_iso(local_day(stored.begun) + kLifetime);
    database_.write([&](store::Session& session) {
        session.run(sql::draft_insert, {secrets.id(), store::Bytes{body}, std::int64_t{1}, expires});
    });
    return token;
}

std::optional<Draft> Drafts::load(std::string_view token) {
    const DraftSecrets secrets(token);
    store::Rows rows;
    database_.read([&](store::Session& session) { rows = session.query(sql::draft_by_id, {secrets.id()}); });
    if (rows.empty()) return std::nullopt;
    const auto expires = parse_day(rows[0].text(2));
    if (!expires || *expires < local_day(clock_.now())) return std::nullopt;
    const auto body = secrets.open(rows[0].bytes(0));
    auto draft = body ? from_json(*body) : std::nullopt;
    if (!draft) return std::nullopt;
    draft->revision = rows[0].number(1);
    draft->expires = *expires;
    return draft;
}

bool Drafts::save(std::string_view token, Draft& draft) {
    const DraftSecrets secrets(token);
    draft.changed = clock_.now();
    const std::string body = secrets.seal(to_json(draft));
    std::int64_t changed = 0;
    database_.write([&](store::Session& session) {
        changed = session.run(sql::draft_update, {secrets.id(), store::Bytes{body}, draft.revision});
    });
    if (changed == 1) ++draft.revision;
    return changed == 1;
}

std::int64_t Drafts::put_file(std::string_view token, std::string_view bytes, const std::string&, const std::string&) {
    const DraftSecrets secrets(token);
    // Neither name nor type: both say something about a person, and both stand inside the encrypted draft.
    const Day last = local_day(clock_.now()) + kLifetime + std::chrono::days(1);
    const std::int64_t id =
        store::put_attachment(database_, secrets.seal(bytes), "application/octet-stream", "", to_iso(last), clock_.now());
    database_.write([&](store::Session& session) { session.run(sql::draft_file_insert, {secrets.id(), id}); });
    return id;
}

std::optional<std::string> Drafts::file_bytes(std::string_view token, std::int64_t attachment) {
    const DraftSecrets secrets(token);
    std::optional<std::string> sealed;
    database_.read([&](store::Session& session) {
        if (!session.query(sql::draft_file, {secrets.id(), attachment}).empty()) sealed = store::attachment_bytes(session, attachment);
    });
    return sealed ? secrets.open(*sealed) : std::nullopt;
}

void Drafts::remove_file(std::string_view token, std::int64_t attachment) {
    const DraftSecrets secrets(token);
    database_.write([&](store::Session& session) {
        if (session.run(sql::draft_file_delete, {secrets.id(), attachment}) == 1) store::delete_attachment(session, attachment);
    });
}

void Drafts::discard(std::string_view token) {
    const DraftSecrets secrets(token);
    database_.write([&](store::Session& session) { forget_draft(session, secrets.id()); });
}

int Drafts::delete_expired() {
    const std::string today = to_iso(local_day(clock_.now()));
    store::Rows rows;
    database_.read([&](store::Session& session) { rows = session.query(sql::drafts_expired, {today}); });
    for (const auto& row : rows) database_.write([&](store::Session& session) { forget_draft(session, row.text(0)); }, false);
    return static_cast<int>(rows.size());
}

std::string Drafts::idempotency_key(std::string_view token) { return "submit:" + DraftSecrets(token).id(); }

void forget_draft(store::Session& session, const std::string& id) {
    for (const auto& row : session.query(sql::draft_files, {id})) {
        session.run(sql::draft_file_delete, {id, row.number(0)});
        store::delete_attachment(session, row.number(0));
    }
    session.run(sql::draft_delete, {id});
}

}  // namespace kiepe::casework
