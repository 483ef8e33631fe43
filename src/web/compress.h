#pragma once
// gzip (RFC 1952) and brotli (RFC 7932), and a memory of what was compressed.
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "web/negotiate.h"

namespace kiepe::web {

std::string gzip(std::string_view bytes, int level = 6);
std::string brotli(std::string_view bytes, int quality = 5);
/// True for types that shrink.
bool is_compressible(std::string_view type);

/// A public body with its tag and its compressed forms; made once for each body.
struct PublicBody {
    std::string plain, gzip, brotli;      ///< a form that is not shorter is empty
    std::string etag;                     ///< strong, for `plain`; compressed forms have their own
};

/// Compressed forms of public bodies by content. Bodies are compared byte by byte, so that a chance hash never serves a foreign page.
/// Thread-safe.
class BodyCache {
public:
    explicit BodyCache(std::size_t most_bytes = 64 * 1024 * 1024) : most_bytes_(most_bytes) {}
    std::shared_ptr<const PublicBody> get(std::string_view body, bool compressible);

private:
    std::size_t most_bytes_;
    std::mutex mutex_;
    std::size_t bytes_ = 0;
    std::unordered_map<std::size_t, std::shared_ptr<const PublicBody>> bodies_;
};

}  // namespace kiepe::web
