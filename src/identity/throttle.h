#pragma once
// Inside the room: wrong tries are counted for a quarter of an hour (OWASP ASVS 5.0, 6.3.1).
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "store/store.h"

namespace kiepe::identity {

/// Thread-safe. What is counted is kept as a hash.
class Throttle {
public:
    struct Limit {
        std::string what;            ///< "client:192.0.2.1"
        std::int64_t most = 10;
    };
    Throttle(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {}
    bool blocked(const std::vector<Limit>& limits) const;
    void count(const std::vector<Limit>& limits);
    void forget(std::string_view what);

private:
    store::Database& database_;
    const Clock& clock_;
};

}  // namespace kiepe::identity
