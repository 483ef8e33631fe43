#include "identity/steps.h"

#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/date.h"
#include "base/id.h"
#include "identity/sql.h"

namespace kiepe::identity {
namespace {

using nlohmann::json;

constexpr auto kLife = std::chrono::minutes(10);
constexpr std::int64_t kTries = 5;

std::string id_of(std::string_view handle) { return sha256_hex("step:" + std::string(handle)); }

}  // namespace

std::string Steps::new_code() {
    // 2^64 is no multiple of a million: what lies beyond the last whole one is thrown away, so that each code is equally likely.
    constexpr std::uint64_t million = 1'000'000, whole = UINT64_MAX / million * million;
    std::uint64_t number = 0;
    do {
        const auto bytes = random_bytes(sizeof number);
        std::memcpy(&number, bytes.data(), sizeof number);
    } while (number >= whole);
    auto text = std::to_string(number % million);
    return std::string(6 - text.size(), '0') + text;
}

std::string Steps::begin(const Step& step) {
    const auto handle = random_token();
    const auto id = id_of(handle);
    const json data{{"email", step.email}, {"first", step.first_name}, {"last", step.last_name}, {"hash", step.password_hash},
                    {"language", step.language}, {"code", step.code}, {"terminal", step.terminal}};
    const auto sealed = box_.seal(data.dump(-1, ' ', false, json::error_handler_t::replace), id);
    database_.write([&](store::Session& session) { session.run(sql::step_insert, {id, step.kind, step.account, sealed, to_iso(clock_.now() + kLife)}); });
    return handle;
}

bool Steps::lives(std::string_view handle, std::string_view kind) const {
    bool out = false;
    database_.read([&](store::Session& session) { out = !session.query(sql::step_by_id, {id_of(handle), std::string(kind), to_iso(clock_.now())}).empty(); });
    return out;
}

Result<Step> Steps::tried(std::string_view handle, std::string_view kind) {
    const auto id = id_of(handle);
    const auto now = to_iso(clock_.now());
    std::string account, sealed;
    database_.write([&](store::Session& session) {
        sealed.clear();
        if (session.run(sql::step_try, {id, std::string(kind), now, kTries}) != 1) return;
        for (const auto& row : session.query(sql::step_by_id, {id, std::string(kind), now})) account = row.text(0), sealed = row.text(1);
    });
    const auto plain = sealed.empty() ? std::nullopt : box_.open(sealed, id);
    if (!plain) return Error{.code = "code_dead"};
    const auto data = json::parse(*plain);
    const auto text = [&](const char* name) { return data.at(name).get<std::string>(); };
    return Step{std::string(kind), account, text("email"), text("first"), text("last"), text("hash"), text("language"), text("code"), data.at("terminal").get<bool>()};
}

bool Steps::end(std::string_view handle) {
    bool ended = false;
    database_.write([&](store::Session& session) { ended = session.run(sql::step_delete, {id_of(handle)}) == 1; });
    return ended;
}

void Steps::end_of(std::string_view account) {
    database_.write([&](store::Session& session) { session.run(sql::steps_delete_of, {std::string(account)}); });
}

int Steps::delete_old() {
    std::int64_t deleted = 0;
    database_.write([&](store::Session& session) { deleted = session.run(sql::steps_delete_old, {to_iso(clock_.now())}); });
    return static_cast<int>(deleted);
}

}  // namespace kiepe::identity
