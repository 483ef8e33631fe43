#include "catalogue/areas.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace kiepe::catalogue {
namespace {

using Json = nlohmann::json;

feel::Value property(const Json& json) {
    if (json.is_boolean()) return feel::Value::boolean(json.get<bool>());
    if (json.is_number())
        if (const auto number = Decimal::parse(json.dump())) return feel::Value::number(*number);
    if (json.is_string()) return feel::Value::string(json.get<std::string>());
    return {};
}

void add_polygon(const Json& rings, Area& area) {
    for (const auto& ring : rings) {
        auto& points = area.rings.emplace_back();
        for (const auto& point : ring) {
            const Area::Point p{point.at(0).get<double>(), point.at(1).get<double>()};
            area.least = {std::min(area.least.x, p.x), std::min(area.least.y, p.y)};
            area.most = {std::max(area.most.x, p.x), std::max(area.most.y, p.y)};
            points.push_back(p);
        }
    }
}

Area read_feature(const Json& feature) {
    constexpr double far = std::numeric_limits<double>::max();
    Area area;
    area.least = {far, far};
    area.most = {-far, -far};
    feel::Context properties;
    for (const auto& [name, value] : feature.at("properties").items()) properties.emplace_back(name, property(value));
    area.properties = feel::Value::context(std::move(properties));
    const auto& geometry = feature.at("geometry");
    const std::string type = geometry.at("type").get<std::string>();
    const auto& coordinates = geometry.at("coordinates");
    if (type == "Polygon") add_polygon(coordinates, area);
    else if (type == "MultiPolygon")
        for (const auto& polygon : coordinates) add_polygon(polygon, area);
    else throw std::invalid_argument("geometry " + type + " is no area");
    return area;
}

}  // namespace

// Even-odd rule (Jordan curve): a point is inside where a ray to the right crosses the border an odd number of times. Rings of
// holes count the same way. RFC 7946 section 3.1.6.
bool Area::contains(Point p) const {
    if (p.x < least.x || p.x > most.x || p.y < least.y || p.y > most.y) return false;
    bool inside = false;
    for (const auto& ring : rings)
        for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
            const Point a = ring[i], b = ring[j];
            if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
        }
    return inside;
}

std::vector<Area> read_areas(const std::string& geojson, Report& report) {
    std::vector<Area> areas;
    try {
        const Json root = Json::parse(geojson);
        for (const auto& feature : root.at("features")) areas.push_back(read_feature(feature));
    } catch (const std::exception& e) {
        report.error(1, "city_areas", {{"message", e.what()}});
    }
    return areas;
}

std::string address_key(std::string_view street, std::string_view number) {
    std::string key;
    std::string text = std::string(street) + "|" + std::string(number);
    for (const auto& [from, to] : {std::pair{"\xC3\x84", "ae"}, {"\xC3\x96", "oe"}, {"\xC3\x9C", "ue"}, {"\xC3\xA4", "ae"},
                                   {"\xC3\xB6", "oe"}, {"\xC3\xBC", "ue"}, {"\xC3\x9F", "ss"}, {"\xE1\xBA\x9E", "ss"}})
        text = replace_all(std::move(text), from, to);
    text = lower_ascii(text);
    for (const char c : text)
        if (c != ' ' && c != '-' && c != '\t' && c != '.' && c != '/') key += c;
    // "Hammer Str." and "Hammerstr" end in the same word
    const auto bar = key.find('|');
    std::string name = key.substr(0, bar);
    if (name.size() > 3 && name.compare(name.size() - 3, 3, "str") == 0) name += "asse";
    return name + key.substr(bar);
}

void read_addresses(const std::string& csv, City::Areas& areas, Report& report) {
    const auto lines = split(csv, '\n');
    int line = 0;
    for (const auto& text : lines) {
        ++line;
        const auto row = trim(text);
        if (row.empty() || (line == 1 && row.rfind("street;", 0) == 0)) continue;
        auto cells = split(row, ';');
        if (cells.size() != 7) {
            report.error(line, "city_address_row", {{"expected", "street;number;postcode;place;district;x;y"}});
            continue;
        }
        if (!Decimal::parse(cells[5]) || !Decimal::parse(cells[6])) {
            report.error(line, "city_address_row", {{"expected", "street;number;postcode;place;district;x;y"}});
            continue;
        }
        areas.addresses[address_key(cells[0], cells[1])].push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]});
    }
}

std::optional<AddressRow> City::Areas::find(const std::string& street, const std::string& number, const std::string& postcode) const {
    const auto found = addresses.find(address_key(street, number));
    if (found == addresses.end()) return std::nullopt;
    for (const auto& row : found->second)
        if (postcode.empty() || row.postcode == postcode) return row;
    return std::nullopt;
}

}  // namespace kiepe::catalogue
