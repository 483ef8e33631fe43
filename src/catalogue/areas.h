#pragma once
// Areas of a city (GeoJSON polygons with properties) and its address register. Immutable after reading.
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "catalogue/catalogue.h"
#include "catalogue/report.h"

namespace kiepe::catalogue {

/// One feature: its outer rings and holes, by even-odd rule, and the properties that a look-up gives.
struct Area {
    struct Point { double x = 0, y = 0; };
    std::vector<std::vector<Point>> rings;
    Point least, most;             ///< bounding box
    feel::Value properties;
    bool contains(Point point) const;
};

struct AddressRow {
    std::string street, number, postcode, place, district, x, y;
};

struct City::Areas {
    std::map<std::string, std::vector<Area>> layers;
    std::unordered_map<std::string, std::vector<AddressRow>> addresses;  ///< by address_key()

    std::optional<AddressRow> find(const std::string& street, const std::string& number, const std::string& postcode) const;
};

/// Street and number as one key: "Hammer Str. 30 A" and "hammer strasse 30a" are the same house.
std::string address_key(std::string_view street, std::string_view number);
std::vector<Area> read_areas(const std::string& geojson, Report& report);
void read_addresses(const std::string& csv, City::Areas& areas, Report& report);

}  // namespace kiepe::catalogue
