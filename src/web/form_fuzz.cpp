// Fuzzes the reader of application/x-www-form-urlencoded: whatever it accepts, written again, is read as the same.
#include <cstdint>
#include <cstdlib>

#include "web/url.h"

using namespace kiepe::web;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto pairs = parse_urlencoded({reinterpret_cast<const char*>(data), size});
    if (!pairs) return 0;
    std::string again;
    for (const auto& [name, value] : *pairs) again += percent_encode(name) + "=" + percent_encode(value) + "&";
    if (parse_urlencoded(again) != pairs) std::abort();
    return 0;
}
