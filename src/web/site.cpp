#include "web/site.h"

#include <algorithm>

#include "base/text.h"

namespace kiepe::web {
namespace {

/// The path without its language: "/de/services" -> "/services".
std::string_view below_language(std::string_view path) {
    auto slash = path.find('/', 1);
    return slash == std::string_view::npos ? std::string_view("/") : path.substr(slash);
}

/// The entry (its text key) that a page lies below: the longest path that fits, so that "/desk/print" is not "/desk" as well.
std::string current_entry(const std::vector<NavEntry>& nav, std::string_view path) {
    std::string best, key;
    for (const auto& item : nav)
        if ((path == item.path || path.starts_with(item.path + "/")) && item.path.size() > best.size()) {
            best = item.path;
            key = item.text_key;
        }
    return key;
}

}  // namespace

Site::Site(SiteInfo info, const Templates& templates, Settings settings, std::vector<NavEntry> nav, std::vector<NavEntry> staff_nav, Text text,
           OwnName own_name, std::function<Viewer(const Request&)> viewer)
    : info_(std::move(info)),
      templates_(templates),
      settings_(std::move(settings)),
      nav_(std::move(nav)),
      staff_nav_(std::move(staff_nav)),
      text_(std::move(text)),
      own_name_(std::move(own_name)),
      viewer_(std::move(viewer)) {
    auto by_order = [](const NavEntry& a, const NavEntry& b) { return a.order < b.order; };
    std::stable_sort(nav_.begin(), nav_.end(), by_order);
    std::stable_sort(staff_nav_.begin(), staff_nav_.end(), by_order);
}

Data Site::frame(const Request& request, std::string title) const {
    Data data;
    const auto viewer = viewer_(request);
    const bool staff_page = below_language(request.path).starts_with("/desk");
    data.set("LANG", request.language)
        .set("DIR", request.language == "ar" || request.language == "fa" ? "rtl" : "ltr")
        .set("TITLE", std::move(title))
        .set("CITY", info_.owner)
        .set("HOME", "/" + request.language + "/")
        .set("STYLES", staff_page ? info_.staff_styles : info_.styles)
        .set("ICONS", info_.icons)
        .set("SCRIPT", info_.script)
        .set("CSRF", viewer.csrf)
        .set("PERSON_NAME", viewer.name)
        .set("PERSON_INITIALS", viewer.initials)
        .set("TEAM_NAME", viewer.team)
        .set("CITY_PHONE", info_.phone)
        .set("CITY_ADDRESS", info_.address)
        .set("OFFICE_HOURS", info_.hours)
        .set("CANONICAL_PATH", std::string(below_language(request.path)));
    const std::string query = request.query_text.empty() ? "" : "?" + request.query_text;
    for (const auto& language : settings_.languages) {
        auto& entry = data.add("LANGUAGES");
        entry.set("LANGUAGE_NAME", own_name_(language)).set("LANGUAGE_TAG", language);
        // An address reached by a posted form may have no page of its own to show again in another language.
        entry.set("LANGUAGE_PATH", request.method == "GET" ? "/" + language + std::string(below_language(request.path)) + query : "/" + language + "/");
        entry.show_if(language == request.language, "CURRENT");
    }
    auto nav = staff_page ? staff_nav_ : nav_;
    auto places = nav;
    if (staff_page)
        for (const auto& [entry, also] : viewer.nav) {
            nav.push_back(entry);
            places.push_back(entry);
            for (const auto& path : also) places.push_back({entry.text_key, path, 0, {}});
        }
    const auto current = current_entry(places, below_language(request.path));
    for (const auto& item : nav)
        data.add("NAV")
            .set("NAV_PATH", "/" + request.language + item.path)
            .set("NAV_TEXT", text_(request.language, item.text_key))
            .set("NAV_ICON", item.icon)
            .show_if(item.text_key == current, "NAV_CURRENT");
    data.show_if(info_.demo, "DEMO");
    if (viewer.signed_in || viewer.staff) {
        data.add("SIGNED_IN").set("PERSON_NAME", viewer.name);
    } else {
        data.show("SIGNED_OUT");
    }
    return data;
}

Response Site::render(const Request& request, std::string_view name, const Data& data, int status) const {
    return page(templates_.render(name, request.language, data), status);
}

Response Site::error(const Request& request, int status, std::string_view code) const {
    // A code may have words of its own ("draft_unknown"); else those of its status serve, else the general ones.
    const auto has = [&](const std::string& base) { return text_(request.language, base + "_title") != base + "_title"; };
    std::string key = "error_" + std::string(code);
    if (!has(key)) key = "error_" + std::to_string(status);
    if (!has(key)) key = "error_other";
    auto data = frame(request, text_(request.language, key + "_title"));
    data.set("ERROR_TITLE", text_(request.language, key + "_title"))
        .set("ERROR_TEXT", text_(request.language, key + "_text"))
        .set("REFERENCE", request.id)
        .show_if(request.method == "POST" && status < 500, "KEPT");
    return render(request, "error.html", data, status);
}

}  // namespace kiepe::web
