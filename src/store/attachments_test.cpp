#include "store/attachments.h"

#include <gtest/gtest.h>

#include "base/date.h"
#include "base/id.h"
#include "store/sql.h"
#include "store/test_database.h"

namespace kiepe::store {
namespace {

const Moment kNow = *parse_moment("2026-11-24T10:00:00.000Z");

class Attachments : public OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (!IsSkipped()) database().migrate(migrations(), kNow);
    }
    std::optional<std::string> bytes_of(std::int64_t id) {
        std::optional<std::string> out;
        database().read([&](Session& session) { out = attachment_bytes(session, id); });
        return out;
    }
    std::optional<AttachmentInfo> info(std::int64_t id) {
        std::optional<AttachmentInfo> out;
        database().read([&](Session& session) { out = attachment(session, id); });
        return out;
    }
    int sweep(const std::string& today, Moment now = kNow) {
        int out = 0;
        database().write([&](Session& session) { out = sweep_attachments(session, today, now); });
        return out;
    }
};

TEST_P(Attachments, come_back_byte_for_byte_whatever_their_size) {
    for (const std::size_t size : {0u, 1u, 262143u, 262144u, 262145u, 1500000u}) {
        const auto bytes = random_bytes(size);
        const auto id = put_attachment(database(), bytes, "image/jpeg", "Foto.jpg", "2027-01-01", kNow);
        EXPECT_EQ(bytes_of(id), bytes) << size;
        const auto stored = info(id);
        ASSERT_TRUE(stored);
        EXPECT_TRUE(stored->complete);
        EXPECT_EQ(stored->size, static_cast<std::int64_t>(size));
        EXPECT_EQ(stored->sha256, sha256_hex(bytes));
        EXPECT_EQ(stored->type, "image/jpeg");
        EXPECT_EQ(stored->name, "Foto.jpg");
        EXPECT_EQ(stored->delete_on, "2027-01-01");
    }
}

TEST_P(Attachments, come_in_chunks) {
    const auto id = put_attachment(database(), std::string(600000, 'a'), "text/plain", "", "", kNow);
    std::vector<std::size_t> sizes;
    database().read([&](Session& session) { each_chunk(session, id, [&](std::string_view chunk) { sizes.push_back(chunk.size()); }); });
    EXPECT_EQ(sizes, (std::vector<std::size_t>{262144, 262144, 75712}));
}

TEST_P(Attachments, do_not_exist_while_chunks_are_missing) {
    database().write([](Session& session) {
        session.run(sql::attachment_insert, {std::int64_t{5}, std::int64_t{600000}, std::string(), std::string("text/plain"), std::string(),
                                             Datum{}, false, to_iso(kNow)});
        session.run(sql::attachment_insert_chunk, {std::int64_t{5}, std::int64_t{0}, Bytes{std::string(262144, 'a')}});
    });
    EXPECT_EQ(bytes_of(5), std::nullopt);
    EXPECT_EQ(sweep("2026-11-24", kNow + std::chrono::hours(23)), 0);
    EXPECT_EQ(sweep("2026-11-24", kNow + std::chrono::hours(25)), 1);
    EXPECT_FALSE(info(5));
}

TEST_P(Attachments, go_with_all_chunks) {
    const auto id = put_attachment(database(), std::string(600000, 'a'), "text/plain", "", "", kNow);
    database().write([&](Session& session) { delete_attachment(session, id); });
    EXPECT_FALSE(info(id));
    database().read([&](Session& session) { EXPECT_TRUE(session.query(sql::attachment_chunk, {id, std::int64_t{1}}).empty()); });
}

TEST_P(Attachments, go_after_their_day) {
    const auto id = put_attachment(database(), "x", "text/plain", "", "", kNow);
    EXPECT_EQ(sweep("2099-01-01"), 0);
    database().write([&](Session& session) { set_attachment_deletion_day(session, id, "2026-12-01"); });
    EXPECT_EQ(sweep("2026-12-01"), 0);
    EXPECT_EQ(sweep("2026-12-02"), 1);
    EXPECT_EQ(bytes_of(id), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Engines, Attachments, testing::ValuesIn(kEngines));

}  // namespace
}  // namespace kiepe::store
