#include "base/log.h"

#include <atomic>
#include <cstdio>

#include "base/date.h"

namespace kiepe::log {
namespace {

std::atomic<Level> least{Level::info};

void quote(std::string& out, std::string_view text) {
    out += '"';
    for (unsigned char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += char(c);
        } else if (c < 0x20 || c == 0x7f) {
            static constexpr char kHex[] = "0123456789abcdef";
            out += "\\u00";
            out += kHex[c >> 4];
            out += kHex[c & 15];
        } else {
            out += char(c);
        }
    }
    out += '"';
}

}  // namespace

void set_least(Level level) { least = level; }

void write(Level level, std::string_view event, const std::vector<std::pair<std::string, std::string>>& fields) {
    if (level < least.load()) return;
    static constexpr std::string_view kNames[] = {"debug", "info", "warn", "error"};
    std::string line = "{\"time\":\"" + to_iso(SystemClock{}.now()) + "\",\"level\":\"" + std::string(kNames[int(level)]) + "\",\"event\":";
    quote(line, event);
    for (const auto& [name, value] : fields) {
        line += ',';
        quote(line, name);
        line += ':';
        quote(line, value);
    }
    line += "}\n";
    std::fwrite(line.data(), 1, line.size(), stderr);  // one call a line: lines of several threads never mix
}

}  // namespace kiepe::log
