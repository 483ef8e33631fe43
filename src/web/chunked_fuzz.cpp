// Fuzzes the reader of chunks: bytes at once and bytes one by one must mean the same, and never more than the limit.
#include <cstdlib>

#include "web/chunked.h"

using namespace kiepe::web;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kLimit = 1000;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    ChunkedReader whole(kLimit), single(kLimit);
    std::string a, b;
    std::size_t used_a = 0, used_b = 0;
    const auto state_a = whole.read(bytes, used_a, a);
    auto state_b = ChunkedReader::State::more;
    while (state_b == ChunkedReader::State::more && used_b < bytes.size()) {
        std::size_t used = 0;
        state_b = single.read(bytes.substr(used_b, 1), used, b);
        used_b += used;
    }
    if (state_a != state_b || a != b || used_a != used_b || a.size() > kLimit) std::abort();
    return 0;
}
