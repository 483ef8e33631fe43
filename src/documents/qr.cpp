#include <qrencode.h>

#include <memory>

#include "documents/documents.h"

namespace kiepe::documents {

std::string qr_svg(std::string_view text) {
    const std::string bytes(text);
    if (bytes.empty() || bytes.find('\0') != bytes.npos) return {};
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit(bytes.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
    if (!code) return {};
    constexpr int kQuiet = 4;  // ISO/IEC 18004 section 7.3.8: four modules of white on each side
    const auto side = std::to_string(code->width + 2 * kQuiet);
    std::string path;
    for (int y = 0; y < code->width; ++y) {
        for (int x = 0; x < code->width; ++x) {
            int run = 0;
            while (x + run < code->width && (code->data[y * code->width + x + run] & 1) != 0) ++run;
            if (run == 0) continue;
            path += 'M' + std::to_string(x + kQuiet) + ' ' + std::to_string(y + kQuiet) + 'h' + std::to_string(run) + "v1h-" +
                    std::to_string(run) + 'z';
            x += run;
        }
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + ' ' + side +
           "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + side + 'v' + side + "H0z\"/><path d=\"" + path +
           "\"/></svg>";
}

}  // namespace kiepe::documents
