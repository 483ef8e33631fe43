#include "store/attachments.h"

#include <algorithm>

#include "base/date.h"
#include "base/id.h"
#include "store/sql.h"

namespace kiepe::store {
namespace {

constexpr std::size_t kChunk = 256 * 1024;

Datum day_or_null(const std::string& day) { return day.empty() ? Datum{} : Datum{day}; }

Bytes chunk_at(std::string_view bytes, std::size_t number) { return Bytes{std::string(bytes.substr(number * kChunk, kChunk))}; }

}  // namespace

std::int64_t put_attachment(Database& database, std::string_view bytes, const std::string& type, const std::string& name,
                            const std::string& delete_on, Moment now) {
    const auto id = random_id();
    const auto chunks = (bytes.size() + kChunk - 1) / kChunk;
    const Parameters row{id, static_cast<std::int64_t>(bytes.size()), sha256_hex(bytes), type, name, day_or_null(delete_on),
                         chunks <= 1, to_iso(now)};
    database.write([&](Session& session) {
        session.run(sql::attachment_insert, row);
        if (chunks > 0) session.run(sql::attachment_insert_chunk, {id, std::int64_t{0}, chunk_at(bytes, 0)});
    }, chunks <= 1 && bytes.size() < kChunk / 4);
    for (std::size_t number = 1; number < chunks; ++number) {
        database.write([&](Session& session) {
            session.run(sql::attachment_insert_chunk, {id, static_cast<std::int64_t>(number), chunk_at(bytes, number)});
            if (number + 1 == chunks) session.run(sql::attachment_complete, {id, true});
        }, false);
    }
    return id;
}

std::optional<AttachmentInfo> attachment(Session& session, std::int64_t id) {
    const auto rows = session.query(sql::attachment_by_id, {id});
    if (rows.empty()) return std::nullopt;
    const auto& row = rows[0];
    return AttachmentInfo{row.number(0), row.number(1), row.text(2), row.text(3), row.text(4), row.text(5), row.flag(6)};
}

bool each_chunk(Session& session, std::int64_t id, const std::function<void(std::string_view)>& take) {
    const auto info = attachment(session, id);
    if (!info || !info->complete) return false;
    const auto chunks = (static_cast<std::size_t>(info->size) + kChunk - 1) / kChunk;
    for (std::size_t number = 0; number < chunks; ++number) {
        const auto rows = session.query(sql::attachment_chunk, {id, static_cast<std::int64_t>(number)});
        if (rows.empty()) return false;
        take(rows[0].bytes(0));
    }
    return true;
}

std::optional<std::string> attachment_bytes(Session& session, std::int64_t id) {
    std::string out;
    if (!each_chunk(session, id, [&](std::string_view chunk) { out += chunk; })) return std::nullopt;
    return out;
}

void delete_attachment(Session& session, std::int64_t id) { session.run(sql::attachment_delete, {id}); }

void set_attachment_deletion_day(Session& session, std::int64_t id, const std::string& day) {
    session.run(sql::attachment_set_day, {id, day_or_null(day)});
}

int sweep_attachments(Session& session, const std::string& today, Moment now) {
    const auto due = session.run(sql::attachments_delete_due, {today});
    const auto incomplete = session.run(sql::attachments_delete_incomplete, {to_iso(now - std::chrono::hours(24))});
    return static_cast<int>(due + incomplete);
}

}  // namespace kiepe::store
