#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "base/id.h"
#include "base/text.h"
#include "web/negotiate.h"
#include "web/web.h"

namespace kiepe::web {
namespace {

struct File {
    std::string plain, gzip, brotli, type, etag;
    bool immutable = false;
};

std::string type_of(const std::string& extension) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kTypes = {{
        {".css", "text/css; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".mjs", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"}, {".png", "image/png"}, {".jpg", "image/jpeg"}, {".webp", "image/webp"}, {".ico", "image/x-icon"},
        {".woff2", "font/woff2"}, {".json", "application/json"}, {".webmanifest", "application/manifest+json"},
        {".txt", "text/plain; charset=utf-8"}, {".html", "text/html; charset=utf-8"}, {".pdf", "application/pdf"},
        {".map", "application/json"}, {".geojson", "application/geo+json"}}};
    for (const auto& [known, type] : kTypes)
        if (extension == known) return std::string(type);
    return "application/octet-stream";
}

/// A build tool's name: "app-3f9a1c2e.css", "app.3f9a1c2e.css": eight and more letters and digits, one digit or capital at least.
bool is_hashed(const std::string& stem) {
    const auto mark = stem.find_last_of("-.");
    if (mark == std::string::npos || stem.size() - mark - 1 < 8) return false;
    const std::string hash = stem.substr(mark + 1);
    const auto is_sign = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
    const auto is_allowed = [&](char c) { return is_sign(c) || (c >= 'a' && c <= 'z') || c == '_'; };
    return std::all_of(hash.begin(), hash.end(), is_allowed) && std::any_of(hash.begin(), hash.end(), is_sign);
}

std::map<std::string, File> read_files(const std::string& folder) {
    namespace fs = std::filesystem;
    std::map<std::string, File> files;
    if (!fs::is_directory(folder)) return files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const fs::path& path = entry.path();
        if (!entry.is_regular_file() || path.extension() == ".br" || path.extension() == ".gz") continue;
        File file;
        file.plain = read_file(path.string());
        if (fs::exists(path.string() + ".gz")) file.gzip = read_file(path.string() + ".gz");
        if (fs::exists(path.string() + ".br")) file.brotli = read_file(path.string() + ".br");
        file.type = type_of(path.extension().string());
        file.immutable = is_hashed(path.stem().string());
        file.etag = sha256_hex(file.plain).substr(0, 32);
        files.emplace(fs::relative(path, folder).generic_string(), std::move(file));
    }
    return files;
}

Response serve(const File& file, const Request& request) {
    Response response;
    response.type = file.type;
    response.headers.emplace_back("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate");
    const Coding coding = best_coding(request.header("accept-encoding"));
    const bool as_brotli = coding == Coding::brotli && !file.brotli.empty();
    const bool as_gzip = !as_brotli && coding != Coding::identity && !file.gzip.empty();
    const bool prepared = !file.brotli.empty() || !file.gzip.empty();
    if (!prepared) {  // compressed once, remembered by content
        response.cacheable = true;
        response.body = file.plain;
        return response;
    }
    const std::string etag = "\"" + file.etag + (as_brotli ? "-br" : as_gzip ? "-gz" : "") + "\"";
    response.headers.emplace_back("ETag", etag);
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (etag_matches(request.header("if-none-match"), etag)) {
        response.status = 304;
        return response;
    }
    if (as_brotli || as_gzip) response.headers.emplace_back("Content-Encoding", as_brotli ? "br" : "gzip");
    response.body = as_brotli ? file.brotli : as_gzip ? file.gzip : file.plain;
    return response;
}

}  // namespace

Route static_files(const std::string& prefix, const std::string& folder) {
    auto files = std::make_shared<const std::map<std::string, File>>(read_files(folder));
    Route route{"GET", prefix + "/{rest...}", Kind::page, {}, true};
    route.handler = [files](const Request& request) {
        const auto file = files->find(request.parameters.at("rest"));
        return file == files->end() ? text("", 404) : serve(file->second, request);
    };
    return route;
}

}  // namespace kiepe::web
