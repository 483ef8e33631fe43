#pragma once
// Files in the database, in chunks of 256 KiB, so that one backup holds everything. Content is whatever the caller gives (drafts
// give ciphertext). Chunks are written as bulk work: small commits go first.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "store/store.h"

namespace kiepe::store {

struct AttachmentInfo {
    std::int64_t id = 0;
    std::int64_t size = 0;
    std::string sha256;       ///< hex, of the stored bytes
    std::string type;         ///< media type as judged by `documents`
    std::string name;         ///< file name for people, may be empty
    std::string delete_on;    ///< ISO day, may be empty
    bool complete = false;    ///< false while chunks are still coming; incomplete ones are swept after a day
};

/// Stores `bytes` durably, in chunks, and returns the id. The attachment belongs to nobody until a room's own row refers to it.
std::int64_t put_attachment(Database& database, std::string_view bytes, const std::string& type, const std::string& name,
                            const std::string& delete_on, Moment now);
std::optional<AttachmentInfo> attachment(Session& session, std::int64_t id);
std::optional<std::string> attachment_bytes(Session& session, std::int64_t id);
/// Hands the chunks over one after the other.
bool each_chunk(Session& session, std::int64_t id, const std::function<void(std::string_view)>& take);
void delete_attachment(Session& session, std::int64_t id);
void set_attachment_deletion_day(Session& session, std::int64_t id, const std::string& day);
/// Removes attachments past their day and incomplete ones older than a day.
int sweep_attachments(Session& session, const std::string& today, Moment now);

}  // namespace kiepe::store
