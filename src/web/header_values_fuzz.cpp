// Fuzzes the readers of single header values: cookies, preferences, tags.
#include <cstdint>
#include <cstdlib>

#include "web/cookies.h"
#include "web/negotiate.h"

using namespace kiepe::web;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const auto& [name, value] : parse_cookies(bytes))
        if (name.empty() || value.find_first_of(" \";,\r\n") != std::string::npos) std::abort();
    (void)best_coding(bytes);
    const std::string language = best_language(bytes, {"de", "de-simple", "en"}, "de");
    if (language != "de" && language != "de-simple" && language != "en") std::abort();
    (void)etag_matches(bytes, "\"x\"");
    const std::string cookie = session_cookie(bytes, true);
    if (cookie.find("; Path=/; HttpOnly; SameSite=Lax; Secure") == std::string::npos || cookie.find('\n') != std::string::npos) std::abort();
    return 0;
}
