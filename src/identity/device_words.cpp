// Browser and system in words. Versions are left out: nobody recognises her own computer by them, and they would tell it from others.
#include "identity/account_door.h"

namespace kiepe::identity {
namespace {

struct Sign {
    std::string_view sign, word;
};
// In this order: Edge and Opera call themselves Chrome too, and nearly everybody calls itself Safari.
constexpr Sign kBrowsers[] = {{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
                              {"CriOS/", "Chrome"}, {"Chromium/", "Chromium"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}};
constexpr Sign kSystems[] = {{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
                             {"Mac OS X", "macOS"}, {"Linux", "Linux"}};

template <std::size_t N>
std::string_view first_of(const Sign (&signs)[N], std::string_view text) {
    for (const auto& [sign, word] : signs)
        if (text.find(sign) != std::string_view::npos) return word;
    return {};
}

}  // namespace

std::string device_words(std::string_view user_agent) {
    const auto browser = first_of(kBrowsers, user_agent), system = first_of(kSystems, user_agent);
    return std::string(browser) + (browser.empty() || system.empty() ? "" : ", ") + std::string(system);
}

}  // namespace kiepe::identity
