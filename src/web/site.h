#pragma once
// What all pages share: the layout's values, the person who is looking, the language switch, the navigation. Rooms render their
// pages through this, so that none of them knows the layout.
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "web/templates.h"
#include "web/web.h"

namespace kiepe::web {

/// An entry of the staff's navigation that only some roles have; pages below `also` belong to it too.
struct RoleEntry {
    NavEntry entry;
    std::vector<std::string> also;
};

/// Who looks at a page, as far as the layout shows it.
struct Viewer {
    bool signed_in = false;        ///< a resident
    bool staff = false;
    std::string name;
    std::string initials, team;    ///< of staff
    std::string csrf;
    std::vector<RoleEntry> nav = {};
};

/// Values of the owner of the site; plain text, for the head and foot of each page.
struct SiteInfo {
    std::string owner;             ///< "Stadt Münster"
    std::string phone, address, hours;
    std::string styles, staff_styles, script, icons;   ///< paths of the built assets
    bool demo = false;             ///< invented persons: said on every page
};

/// Immutable after construction; thread-safe.
class Site {
public:
    using Text = std::function<std::string(std::string_view language, std::string_view key)>;
    using OwnName = std::function<std::string(std::string_view language)>;
    Site(SiteInfo info, const Templates& templates, Settings settings, std::vector<NavEntry> nav, std::vector<NavEntry> staff_nav, Text text,
         OwnName own_name, std::function<Viewer(const Request&)> viewer);

    /// Data of a page with the layout's values already in. `title` is translated text.
    Data frame(const Request& request, std::string title) const;
    Response render(const Request& request, std::string_view name, const Data& data, int status = 200) const;
    /// Page for a refusal or a fault: 404, 403, 413, 500 ... with the reference number; texts error_<status>_title and _text.
    Response error(const Request& request, int status, std::string_view code) const;
    std::string text(std::string_view language, std::string_view key) const { return text_(language, key); }
    Viewer viewer(const Request& request) const { return viewer_(request); }
    const SiteInfo& info() const { return info_; }
    const Settings& settings() const { return settings_; }
    const Templates& templates() const { return templates_; }

private:
    SiteInfo info_;
    const Templates& templates_;
    Settings settings_;
    std::vector<NavEntry> nav_, staff_nav_;
    Text text_;
    OwnName own_name_;
    std::function<Viewer(const Request&)> viewer_;
};

}  // namespace kiepe::web
