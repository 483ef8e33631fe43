#pragma once
// The head of an HTTP/1.1 request, read strictly: what RFC 9112 lets a server repair is refused here, because two readers of one
// message that repair it differently are how requests are smuggled (RFC 9112 section 11.2). No I/O.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "web/web.h"

namespace kiepe::web {

/// Why a request is not answered: status and code of the error page.
struct Refusal {
    int status = 400;
    std::string_view code = "error_bad_request";
    bool operator==(const Refusal&) const = default;
};

struct Head {
    std::string method;
    std::string target;                              ///< as sent
    int minor_version = 1;
    Headers headers;                                 ///< names in lower case, values without blanks around them
    std::string host;
    bool keep_alive = true;
    bool chunked = false;
    bool expects_continue = false;
    std::optional<std::uint64_t> content_length;
    bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

struct HeadResult {
    std::optional<Head> head;
    Refusal refusal = {};
};

inline constexpr std::size_t kMostHeaders = 100;
inline constexpr std::size_t kLongestTarget = 8000;  // RFC 9112 section 3: at least 8000 octets are recommended

/// Length of the head at the start of `bytes` with the empty line that ends it, nullopt while that has not come.
std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t already_searched = 0);

/// True when the bytes so far cannot become a request (a control character in the first line): no need to wait for more.
bool hopeless(std::string_view bytes);

/// `bytes`: the whole head with its empty line.
HeadResult parse_head(std::string_view bytes);

/// token of RFC 9110 section 5.6.2
bool is_token(std::string_view text);
/// ASCII only, reads nothing behind the end.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace kiepe::web
