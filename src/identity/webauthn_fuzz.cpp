// Fuzzes the readers of what authenticators say: nothing of it is taken without the right challenge, and what is taken is read alike twice.
#include <cstdint>
#include <cstdlib>

#include "base/id.h"
#include "identity/webauthn.h"

using namespace kiepe;
using namespace kiepe::identity;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    static const webauthn::Site site{"localhost", "http://localhost"};
    static const std::string created = R"({"type":"webauthn.create","challenge":"AA","origin":"http://localhost"})";
    static const std::string got = R"({"type":"webauthn.get","challenge":"AA","origin":"http://localhost"})";
    switch (data[0] % 4) {
        case 0: (void)webauthn::challenge_of(bytes); break;
        case 1:
            if (const auto key = webauthn::check_registration(site, "AA", created, bytes)) {
                if (key->id.empty() || key->id.size() > 1023 || key->public_key.empty()) std::abort();
                const auto again = webauthn::check_registration(site, "AA", created, bytes);
                if (!again || again->public_key != key->public_key) std::abort();
                if (webauthn::check_registration(site, "AB", created, bytes)) std::abort();
            }
            break;
        case 2: {  // any key, any data: no signature of eight bytes fits
            const auto split = bytes.size() / 2;
            if (webauthn::check_assertion(site, "AA", bytes.substr(0, split), {got, bytes.substr(split), "signature"})) std::abort();
            break;
        }
        default:
            if (const auto plain = webauthn::from_base64url(bytes); plain && base64url(*plain) != bytes) std::abort();
    }
    return 0;
}
