// Fuzzes the reader of request heads and targets: what it accepts must say exactly one thing.
#include <cstdlib>

#include "web/head.h"
#include "web/url.h"

using namespace kiepe::web;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto end = find_head_end(bytes);
    if (!end) return 0;
    const HeadResult result = parse_head(bytes.substr(0, *end));
    if (!result.head) {
        if (result.refusal.status < 400) std::abort();
        return 0;
    }
    const Head& head = *result.head;
    if (head.chunked && head.content_length) std::abort();
    if (head.headers.size() > kMostHeaders || head.target.empty() || head.target.front() != '/') std::abort();
    if (head.minor_version == 1 && head.host.empty()) std::abort();
    for (const auto& [name, value] : head.headers)
        if (!is_token(name) || value.find('\r') != std::string::npos || value.find('\n') != std::string::npos) std::abort();
    if (const auto target = parse_target(head.target))
        if (target->path.find("/../") != std::string::npos || target->path.find('\0') != std::string::npos) std::abort();
    return 0;
}
