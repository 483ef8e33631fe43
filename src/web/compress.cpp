#include "web/compress.h"

#include <brotli/encode.h>
#include <zlib.h>

#include <array>
#include <functional>
#include <stdexcept>

#include "base/id.h"

namespace kiepe::web {

std::string gzip(std::string_view bytes, int level) {
    z_stream stream{};
    if (deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::runtime_error("zlib: deflateInit2");
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int state = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (state != Z_STREAM_END) throw std::runtime_error("zlib: deflate");
    return out;
}

std::string brotli(std::string_view bytes, int quality) {
    std::size_t size = BrotliEncoderMaxCompressedSize(bytes.size());
    std::string out(size, '\0');
    const auto done = BrotliEncoderCompress(quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.size(),
                                            reinterpret_cast<const std::uint8_t*>(bytes.data()), &size, reinterpret_cast<std::uint8_t*>(out.data()));
    if (done != BROTLI_TRUE) throw std::runtime_error("brotli: compress");
    out.resize(size);
    return out;
}

bool is_compressible(std::string_view type) {
    const std::string_view essence = type.substr(0, type.find(';'));
    if (essence.substr(0, 5) == "text/") return true;
    static constexpr std::array<std::string_view, 7> kTypes = {"application/json", "application/javascript", "application/xml", "image/svg+xml",
                                                               "application/manifest+json", "application/ld+json", "application/geo+json"};
    for (const auto known : kTypes)
        if (essence == known) return true;
    return false;
}

std::shared_ptr<const PublicBody> BodyCache::get(std::string_view body, bool compressible) {
    constexpr std::size_t kShortest = 512, kLargest = 8 * 1024 * 1024;
    const std::size_t key = std::hash<std::string_view>{}(body);
    {
        const std::lock_guard lock(mutex_);
        if (const auto it = bodies_.find(key); it != bodies_.end() && it->second->plain == body) return it->second;
    }
    auto made = std::make_shared<PublicBody>();
    made->plain = body;
    made->etag = sha256_hex(body).substr(0, 32);
    if (compressible && body.size() >= kShortest && body.size() <= kLargest) {
        made->gzip = gzip(body, 9);
        made->brotli = brotli(body, 9);
        if (made->gzip.size() >= body.size()) made->gzip.clear();
        if (made->brotli.size() >= body.size()) made->brotli.clear();
    }
    const std::size_t size = made->plain.size() + made->gzip.size() + made->brotli.size();
    const std::lock_guard lock(mutex_);
    if (bytes_ + size > most_bytes_) {  // everything that is still asked for comes back with its next request
        bodies_.clear();
        bytes_ = 0;
    }
    if (size <= most_bytes_ && bodies_.insert_or_assign(key, made).second) bytes_ += size;
    return made;
}

}  // namespace kiepe::web
