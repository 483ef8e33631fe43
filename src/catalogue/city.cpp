#include "catalogue/areas.h"
#include "catalogue/city_reader.h"
#include "catalogue/yaml.h"

#include <charconv>

namespace kiepe::catalogue {
namespace {

std::string text_of(const feel::Value& value) { return value.kind() == feel::Kind::string ? value.as_string() : ""; }

std::optional<double> coordinate(const feel::Value& value) {
    std::string text;
    if (value.kind() == feel::Kind::number) return value.as_number().to_double();
    if (value.kind() == feel::Kind::string) text = value.as_string();
    const auto number = Decimal::parse(text);
    return number ? std::optional<double>(number->to_double()) : std::nullopt;
}

void read_address(const Fields& fields, std::string_view key, std::string& street, std::string& postcode, std::string& place) {
    const Node* node = fields.node(key);
    if (!node) return;
    const Fields address(*node, fields.report(), {"street", "postcode", "place"});
    street = address.need("street");
    postcode = address.need("postcode");
    place = address.need("place");
}

Office read_office(const Node& root, Report& report) {
    const Fields fields(root, report, {"office", "name", "phone", "email", "address", "remedy_court", "hours"});
    Office office;
    office.id = fields.need("office");
    office.name = fields.need("name");
    office.phone = fields.text("phone");
    office.email = fields.text("email");
    office.remedy_court = fields.text("remedy_court");
    office.hours = fields.texts("hours");
    read_address(fields, "address", office.street, office.postcode, office.place);
    return office;
}

struct Reader {
    const std::map<std::string, std::string>& files;
    std::string folder;
    std::vector<Finding>& findings;
    City city;
    std::shared_ptr<City::Areas> areas = std::make_shared<City::Areas>();

    void layers(const Node& node, Report& report) {
        for (const auto& [name, value] : node.entries) {
            const Fields fields(value, report, {"file", "take", "as_of", "source"});
            const std::string path = fields.need("file");
            const auto file = files.find(path);
            if (file == files.end()) {
                report.error(value.line, "city_file_missing", {{"file", path}});
                continue;
            }
            Report inside(findings, folder + "/" + path);
            areas->layers[name] = read_areas(file->second, inside);
        }
    }

    void offices(Report& report, const Node* duties) {
        for (const auto& [path, content] : files) {
            if (path.rfind("offices/", 0) != 0) continue;
            Report inside(findings, folder + "/" + path);
            const auto root = parse_yaml(content, inside);
            if (!root) continue;
            Office office = read_office(*root, inside);
            city.offices[office.id] = std::move(office);
        }
        if (!duties || !duties->is_map()) return;
        for (const auto& [duty, office] : duties->entries) {
            city.duties[duty] = office.text;
            if (city.offices.count(office.text)) continue;
            std::vector<std::string> known;
            for (const auto& [id, o] : city.offices) known.push_back(id);
            report.error(office.line, "city_unknown_office", {{"office", office.text}, {"hint", did_you_mean(office.text, known)}});
        }
    }
};

}  // namespace

std::vector<Situation> read_situations(const std::string& content, Report& report) {
    std::vector<Situation> result;
    const auto root = parse_yaml(content, report);
    if (!root) return result;
    const Node* list = root->is_list() ? &*root : root->find("situations");
    if (!list || !list->is_list()) {
        report.error(root->line, "package_missing_key", {{"key", "situations"}});
        return result;
    }
    for (const auto& item : list->items) {
        const Fields fields(item, report, {"situation", "icon", "name", "hint"});
        Situation situation;
        situation.id = fields.need("situation");
        situation.icon = fields.text("icon");
        fields.need("name");
        situation.name = fields.say("name", "situations/" + situation.id + "/name");
        situation.hint = fields.say("hint", "situations/" + situation.id + "/hint");
        result.push_back(std::move(situation));
    }
    return result;
}

City read_city(const std::map<std::string, std::string>& files, const std::string& folder, std::vector<Finding>& findings) {
    Reader reader{files, folder, findings, {}};
    Report report(findings, folder + "/city.yaml");
    const auto file = files.find("city.yaml");
    if (file == files.end()) {
        report.error(0, "city_file_missing", {{"file", "city.yaml"}});
        return std::move(reader.city);
    }
    const auto root = parse_yaml(file->second, report);
    if (!root) return std::move(reader.city);
    const Fields fields(*root, report, {"city", "name", "ags", "state", "language", "letterhead", "phone", "hours", "areas", "addresses",
                                        "offices", "situations", "values"});
    City& city = reader.city;
    city.id = fields.need("city");
    city.name = fields.need("name");
    city.ags = fields.need("ags");
    city.state = fields.need("state");
    city.language = fields.text("language", "de");
    city.phone = fields.text("phone");
    city.office_hours = fields.texts("hours");
    read_address(fields, "letterhead", city.street, city.postcode, city.place);
    if (const Node* areas = fields.node("areas")) reader.layers(*areas, report);
    const std::string addresses = fields.text("addresses", "areas/addresses.csv");
    if (const auto csv = files.find(addresses); csv != files.end()) {
        Report inside(findings, folder + "/" + addresses);
        read_addresses(csv->second, *reader.areas, inside);
    }
    reader.offices(report, fields.node("offices"));
    if (const Node* own = fields.node("situations"); own && own->is_list()) {
        for (const auto& item : own->items) {
            const Fields row(item, report, {"situation", "icon", "name", "hint"});
            const std::string id = row.need("situation");
            city.situations.push_back({id, row.text("icon"), row.say("name", "situations/" + id + "/name"),
                                       row.say("hint", "situations/" + id + "/hint")});
        }
    }
    city.areas = reader.areas;
    return std::move(reader.city);
}

const Office& City::office_of(std::string_view duty) const {
    static const Office nobody;
    for (const auto& wanted : {std::string(duty), std::string("general")}) {
        const auto named = duties.find(wanted);
        if (named == duties.end()) continue;
        if (const auto office = offices.find(named->second); office != offices.end()) return office->second;
    }
    return offices.empty() ? nobody : offices.begin()->second;
}

feel::Value City::look_up(std::string_view area, const feel::Value& address) const {
    const auto layer = areas ? areas->layers.find(std::string(area)) : decltype(areas->layers.begin()){};
    if (!areas || layer == areas->layers.end()) return {};
    const auto x = coordinate(address.get("x")), y = coordinate(address.get("y"));
    if (!x || !y) return {};  // not known is not "in no area"
    for (const auto& one : layer->second)
        if (one.contains({*x, *y})) return one.properties.with("found", feel::Value::boolean(true));
    return feel::Value::context({{"found", feel::Value::boolean(false)}});
}

std::optional<feel::Value> City::find_address(const feel::Value& typed) const {
    if (!areas) return std::nullopt;
    const auto row = areas->find(text_of(typed.get("street")), text_of(typed.get("number")), text_of(typed.get("postcode")));
    if (!row) return std::nullopt;
    const auto number = [](const std::string& text) {
        const auto n = Decimal::parse(text);
        return n ? feel::Value::number(*n) : feel::Value{};
    };
    return feel::Value::context({{"street", feel::Value::string(row->street)}, {"number", feel::Value::string(row->number)},
                                 {"postcode", feel::Value::string(row->postcode)}, {"place", feel::Value::string(row->place)},
                                 {"ags", feel::Value::string(ags)}, {"district", feel::Value::string(row->district)},
                                 {"x", number(row->x)}, {"y", number(row->y)}});
}

}  // namespace kiepe::catalogue
