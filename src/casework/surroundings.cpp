#include "casework/surroundings.h"

#include "base/date.h"

namespace kiepe::casework {

using feel::Value;

Day first_of_month(Day day) {
    const std::chrono::year_month_day date(day);
    return Day(date.year() / date.month() / 1);
}

catalogue::Surroundings surround(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city,
                                 const Application& application, Day law_day) {
    catalogue::Surroundings around;
    around.case_facts = Value::context({{"received", Value::date(application.received)},
                                        {"month", Value::date(first_of_month(law_day))},
                                        {"renewal", Value::boolean(application.renewal)},
                                        {"previous", application.previous},
                                        {"channel", Value::string(application.channel)}});
    around.city = Value::context({{"ags", Value::string(city.ags)}, {"name", Value::string(city.name)}});
    for (const auto& act : package.service.acts) around.acts.emplace_back(catalogue::Law::feel_name(act), law.on(act, law_day));
    return around;
}

Day law_day_of(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city, const Application& application) {
    if (!package.service.decision_day) return application.received;
    // The rule may itself rest on answers whose visibility depends on the law: once more with the law of the day found.
    Day day = application.received;
    for (int round = 0; round < 2; ++round) {
        const auto evaluation = package.form.evaluate(application.answers, surround(package, law, city, application, day));
        const Value found = package.service.decision_day->evaluate(evaluation.context);
        if (found.kind() != feel::Kind::date || found.as_date() == day) break;
        day = found.as_date();
    }
    return day;
}

std::optional<Day> known_until(const catalogue::Package& package, const catalogue::Law& law) {
    std::optional<Day> least;
    for (const auto& code : package.service.acts) {
        const auto* act = law.act(code);
        if (act && act->known_until && (!least || *act->known_until < *least)) least = act->known_until;
    }
    return least;
}

std::string without_indexes(std::string_view path) {
    std::string result;
    bool inside = false;
    for (const char c : path) {
        if (c == '[') inside = true;
        if (!inside) result += c;
        if (c == ']') inside = false;
    }
    return result;
}

namespace {

bool begins_with_part(std::string_view path, std::string_view part) {
    if (!path.starts_with(part)) return false;
    return path.size() == part.size() || path[part.size()] == '.' || path[part.size()] == '[';
}

}  // namespace

Level level_at(const std::map<std::string, Level>& sure, std::string_view path) {
    const std::string plain = without_indexes(path);
    std::size_t best = 0;
    Level level = Level::stated;
    for (const auto& [known, how] : sure) {
        const bool indexed = known.find('[') != std::string::npos;
        const bool covers = indexed ? begins_with_part(path, known) : begins_with_part(plain, known);
        // An entry that names one household member is more specific than one for all of them.
        const std::size_t weight = known.size() + (indexed ? 1000 : 1);
        if (covers && weight > best) {
            best = weight;
            level = how;
        }
    }
    return level;
}

Value with_values(const Value& context, const std::map<std::string, Value>& values) {
    if (context.kind() != feel::Kind::context) return context;
    feel::Context entries;
    for (const auto& entry : context.as_context())
        if (!values.contains(entry.first)) entries.push_back(entry);
    for (const auto& [name, value] : values) entries.emplace_back(name, value);
    return Value::context(std::move(entries));
}

Application completed(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city, Application application) {
    const auto fill = [&] {
        const Day day = law_day_of(package, law, city, application);
        application.answers = package.form.completed(application.answers, surround(package, law, city, application, day), &city, true);
    };
    fill();
    if (package.service.decision_day) fill();  // defaults may move the day, and the day may move a limit
    return application;
}

}  // namespace kiepe::casework
