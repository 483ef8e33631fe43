#include "identity/throttle.h"

#include "base/date.h"
#include "base/id.h"
#include "identity/sql.h"

namespace kiepe::identity {
namespace {
constexpr auto kWindow = std::chrono::minutes(15);
}

bool Throttle::blocked(const std::vector<Limit>& limits) const {
    bool out = false;
    const auto since = to_iso(clock_.now() - kWindow);
    database_.read([&](store::Session& session) {
        for (const auto& limit : limits) out = out || session.query(sql::failures_count, {sha256_hex(limit.what), since}).at(0).number(0) >= limit.most;
    });
    return out;
}

void Throttle::count(const std::vector<Limit>& limits) {
    database_.write([&](store::Session& session) {
        for (const auto& limit : limits) session.run(sql::failure_insert, {random_id(), sha256_hex(limit.what), to_iso(clock_.now())});
    });
}

void Throttle::forget(std::string_view what) {
    database_.write([&](store::Session& session) { session.run(sql::failures_delete_of, {sha256_hex(what)}); });
}

}  // namespace kiepe::identity
