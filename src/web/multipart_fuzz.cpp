// Fuzzes the reader of multipart/form-data. The first line is the Content-Type (or else the boundary is "B").
#include <cstdlib>

#include "web/multipart.h"

using namespace kiepe::web;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    std::string boundary = "B";
    if (const auto line = bytes.find('\n'); line != std::string_view::npos)
        if (const auto named = multipart_boundary(bytes.substr(0, line))) {
            boundary = *named;
            bytes.remove_prefix(line + 1);
        }
    const MultipartLimits limits;
    const MultipartResult result = parse_multipart(bytes, boundary, limits);
    if (result.status != 200 && !result.fields.empty()) std::abort();
    if (result.fields.size() > limits.parts) std::abort();
    std::size_t total = 0;
    for (const Field& field : result.fields) {
        total += field.value.size();
        if (field.name.empty() || field.name.size() > limits.name) std::abort();
        if (field.filename.find_first_of(std::string_view("/\\\0", 3)) != std::string::npos) std::abort();
        if (field.value.find("\r\n--" + boundary) != std::string::npos) std::abort();
    }
    if (total > bytes.size()) std::abort();
    return 0;
}
