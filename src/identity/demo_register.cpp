#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "base/date.h"
#include "base/decimal.h"
#include "identity/identity.h"

namespace kiepe::identity {

namespace {

struct Loaded {
    std::vector<Person> persons;                            ///< in the order of the file
    std::map<std::string, feel::Value, std::less<>> facts;  ///< by subject: a context
};

struct Refused {
    Error error;
};

/// Reads the file once and stops at the first mistake with its line.
class Reader {
public:
    explicit Reader(std::string file) : file_(std::move(file)) {}

    void read(Loaded& out) {
        const auto root = parsed();
        keys(root, {"persons"});
        const auto persons = root["persons"];
        if (!persons || !persons.IsSequence()) refuse(root, "demo_persons_missing", "persons: a list");
        for (const auto& entry : persons) person(entry, out);
    }

private:
    YAML::Node parsed() {
        std::ifstream in(file_);
        if (!in) throw Refused{{.code = "demo_persons_unreadable", .where = file_}};
        try {
            return YAML::Load(in);
        } catch (const YAML::ParserException& bad) {
            throw Refused{{.code = "demo_persons_syntax", .where = fmt::format("{}:{}", file_, bad.mark.line + 1), .detail = bad.msg}};
        }
    }

    void person(const YAML::Node& entry, Loaded& out) {
        keys(entry, {"subject", "email", "level", "register"});
        Person person;
        person.subject = required(entry, "subject");
        person.email = required(entry, "email");
        if (entry["level"]) person.level = entry["level"].Scalar();
        if (!std::set<std::string>{"low", "substantial", "high"}.contains(person.level)) {
            refuse(entry["level"], "demo_persons_level", "level: low, substantial or high");
        }
        const auto facts = entry["register"];
        if (!facts) refuse(entry, "demo_persons_missing", "register");
        keys(facts, {"registered_address", "main_home", "first_name", "last_name", "birth_date", "permits_held", "dogs_held", "iban", "household"});
        person.first_name = required(facts, "first_name");
        person.last_name = required(facts, "last_name");
        person.invented = true;
        if (!out.facts.emplace(person.subject, value(facts)).second) refuse(entry, "demo_persons_twice", person.subject);
        out.persons.push_back(std::move(person));
    }

    /// yaml-cpp takes a doubled key in silence, and a mistyped one would be a fact that is never found.
    void keys(const YAML::Node& node, const std::set<std::string>& known) {
        if (!node.IsMap()) refuse(node, "demo_persons_shape", "a map");
        std::set<std::string> seen;
        for (const auto& entry : node) {
            const auto& key = entry.first.Scalar();
            if (!known.empty() && !known.contains(key)) refuse(entry.first, "demo_persons_unknown_key", key);
            if (!seen.insert(key).second) refuse(entry.first, "demo_persons_twice", key);
        }
    }

    std::string required(const YAML::Node& node, const char* key) {
        if (!node[key] || !node[key].IsScalar() || node[key].Scalar().empty()) refuse(node, "demo_persons_missing", key);
        return node[key].Scalar();
    }

    feel::Value value(const YAML::Node& node) {
        if (node.IsNull()) return {};
        if (node.IsScalar()) return scalar(node);
        if (node.IsSequence()) {
            feel::List items;
            for (const auto& item : node) items.push_back(value(item));
            return feel::Value::list(std::move(items));
        }
        keys(node, {});
        feel::Context entries;
        for (const auto& entry : node) entries.emplace_back(entry.first.Scalar(), value(entry.second));
        return feel::Value::context(std::move(entries));
    }

    /// As in packages: in quotes it is text; plain it may be yes or no, a date or a number.
    feel::Value scalar(const YAML::Node& node) {
        const auto& text = node.Scalar();
        if (node.Tag() == "!") return feel::Value::string(text);
        if (text == "true" || text == "false") return feel::Value::boolean(text == "true");
        if (const auto day = parse_day(text)) return feel::Value::date(*day);
        if (const auto number = Decimal::parse(text)) return feel::Value::number(*number);
        return feel::Value::string(text);
    }

    [[noreturn]] void refuse(const YAML::Node& node, const char* code, const std::string& what) {
        throw Refused{{.code = code, .where = fmt::format("{}:{}", file_, node.Mark().line + 1), .args = {{"what", what}}}};
    }

    const std::string file_;
};

}  // namespace

struct DemoRegister::Impl : Loaded {};

Result<DemoRegister> DemoRegister::load(const std::string& file) {
    auto impl = std::make_shared<Impl>();
    try {
        Reader(file).read(*impl);
    } catch (const Refused& refused) {
        return refused.error;
    } catch (const YAML::Exception& bad) {
        return Error{.code = "demo_persons_syntax", .where = fmt::format("{}:{}", file, bad.mark.line + 1), .detail = bad.msg};
    }
    DemoRegister out;
    out.impl_ = std::move(impl);
    return out;
}

feel::Value DemoRegister::attribute(std::string_view subject, std::string_view name) const {
    const auto found = impl_->facts.find(subject);
    return found == impl_->facts.end() ? feel::Value{} : found->second.get(name);
}

std::vector<Person> DemoRegister::invented_persons() const { return impl_->persons; }

std::optional<Person> DemoRegister::person(std::string_view subject) const {
    const auto found = std::find_if(impl_->persons.begin(), impl_->persons.end(), [&](const Person& p) { return p.subject == subject; });
    if (found == impl_->persons.end()) return std::nullopt;
    return *found;
}

}  // namespace kiepe::identity
