#include "casework/json.h"

namespace kiepe::casework {

using feel::Value;

Value text_value(const std::string& text) { return Value::string(text); }

Value texts_value(const std::vector<std::string>& texts) {
    feel::List list;
    for (const auto& text : texts) list.push_back(Value::string(text));
    return Value::list(std::move(list));
}

Value map_value(const std::map<std::string, std::string>& map) {
    feel::Context entries;
    for (const auto& [key, text] : map) entries.emplace_back(key, Value::string(text));
    return Value::context(std::move(entries));
}

std::string text_in(const Value& context, std::string_view name) {
    const Value value = context.get(name);
    return value.kind() == feel::Kind::string ? value.as_string() : std::string();
}

std::int64_t number_in(const Value& context, std::string_view name) {
    const Value value = context.get(name);
    return value.is_number() ? value.as_number().to_int().value_or(0) : 0;
}

std::vector<std::string> texts_in(const Value& context, std::string_view name) {
    std::vector<std::string> texts;
    const Value value = context.get(name);
    if (value.kind() != feel::Kind::list) return texts;
    for (const auto& item : value.as_list())
        if (item.kind() == feel::Kind::string) texts.push_back(item.as_string());
    return texts;
}

std::map<std::string, std::string> map_in(const Value& context, std::string_view name) {
    std::map<std::string, std::string> map;
    const Value value = context.get(name);
    if (value.kind() != feel::Kind::context) return map;
    for (const auto& [key, text] : value.as_context())
        if (text.kind() == feel::Kind::string) map[key] = text.as_string();
    return map;
}

Value sure_value(const std::map<std::string, Level>& sure) {
    feel::Context entries;
    for (const auto& [path, level] : sure) entries.emplace_back(path, Value::string(std::string(name_of(level))));
    return Value::context(std::move(entries));
}

std::map<std::string, Level> sure_in(const Value& context, std::string_view name) {
    std::map<std::string, Level> sure;
    for (const auto& [path, level] : map_in(context, name)) sure[path] = parse_level(level).value_or(Level::stated);
    return sure;
}

Value to_value(const Application& application) {
    return Value::context({{"answers", application.answers},
                           {"sure", sure_value(application.sure)},
                           {"papers", map_value(application.papers)},
                           {"received", Value::date(application.received)},
                           {"channel", Value::string(application.channel)},
                           {"renewal", Value::boolean(application.renewal)},
                           {"previous", application.previous},
                           {"case_number", Value::string(application.case_number)},
                           {"consultation_open", Value::boolean(application.consultation_open)},
                           {"corrected", Value::boolean(application.corrected)}});
}

Application application_from(const Value& value) {
    Application application;
    application.answers = value.get("answers");
    application.sure = sure_in(value, "sure");
    application.papers = map_in(value, "papers");
    if (const Value received = value.get("received"); received.kind() == feel::Kind::date) application.received = received.as_date();
    application.channel = text_in(value, "channel");
    application.renewal = value.get("renewal").is_true();
    application.previous = value.get("previous");
    application.case_number = text_in(value, "case_number");
    application.consultation_open = value.get("consultation_open").is_true();
    application.corrected = value.get("corrected").is_true();
    return application;
}

namespace {

Value values_of(const std::map<std::string, Value>& values) {
    feel::Context entries;
    for (const auto& [name, value] : values)
        if (value.kind() != feel::Kind::function) entries.emplace_back(name, value);
    return Value::context(std::move(entries));
}

}  // namespace

Value to_value(const Preparation& preparation) {
    feel::List held, periods;
    for (const auto& reason : preparation.held_by) held.push_back(Value::string(reason.text()));
    for (const auto& period : preparation.periods)
        periods.push_back(Value::context(
            {{"from", Value::date(period.from)}, {"to", Value::date(period.to)}, {"values", values_of(period.values)}}));
    return Value::context({{"outcome", Value::string(preparation.outcome)},
                           {"automatic", Value::boolean(preparation.automatic)},
                           {"held_by", Value::list(std::move(held))},
                           {"missing", texts_value(preparation.missing)},
                           {"reasons", texts_value(preparation.reasons)},
                           {"looks", texts_value(preparation.looks)},
                           {"consult", texts_value(preparation.consult)},
                           {"law_day", Value::date(preparation.law_day)},
                           {"values", values_of(preparation.values)},
                           {"periods", Value::list(std::move(periods))}});
}

std::string to_json(const Application& application) { return feel::to_json(to_value(application)); }

Result<Application> application_from_json(std::string_view json) {
    auto value = feel::from_json(json);
    if (!value) return value.error();
    if (value->kind() != feel::Kind::context) return Error{"application_broken"};
    return application_from(*value);
}

std::string to_json(const Preparation& preparation) { return feel::to_json(to_value(preparation)); }

}  // namespace kiepe::casework
