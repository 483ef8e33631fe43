#pragma once
// multipart/form-data (RFC 7578 over RFC 2046 section 5.1), read strictly: what browsers send, nothing more. No I/O.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/web.h"

namespace kiepe::web {

struct MultipartLimits {
    std::size_t parts = 200;
    std::size_t head = 4 * 1024;            ///< headers of one part
    std::size_t name = 200;
    std::size_t text = 256 * 1024;          ///< value of a field that is no file
};

struct MultipartResult {
    std::vector<Field> fields;
    int status = 200;                       ///< 400: broken, 413: over a limit; fields are empty then
};

/// The boundary of a Content-Type "multipart/form-data; boundary=..."; nullopt: another type, or no valid boundary.
std::optional<std::string> multipart_boundary(std::string_view content_type);

MultipartResult parse_multipart(std::string_view body, std::string_view boundary, const MultipartLimits& limits = {});

}  // namespace kiepe::web
