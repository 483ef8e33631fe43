#include "catalogue/service_reader.h"

#include <algorithm>
#include <charconv>

#include "base/date.h"
#include "base/text.h"
#include "catalogue/form_reader.h"

namespace kiepe::catalogue {
namespace {

const std::vector<std::string> kServiceKeys{
    "service", "package", "language", "leika", "name", "also_called", "situations", "short", "text", "conditions", "steps", "law",
    "norms", "channels", "office", "fee", "form", "who_applies", "decision", "outcomes", "automation", "consult", "combine", "missing",
    "appointments", "promise", "award", "clauses", "renewal", "remedy", "data", "exchange", "link", "identity"};

bool is_duty(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

struct Reader {
    Report& report;
    const feel::Names& names;
    const feel::Names& wider;
    Service service = {};

    Period period(const Fields& fields, std::string_view key) {
        const std::string text = fields.text(key);
        if (text.empty()) return {};
        const auto parsed = parse_period(text);
        if (!parsed) report.error(fields.line_of(key), "package_bad_period", {{"value", text}});
        return parsed.value_or(Period{});
    }

    /// "3 days before", "1 week before"
    Period period_before(const Fields& fields, std::string_view key) {
        std::string text = fields.text(key);
        if (text.empty()) return {};
        const auto before = text.rfind(" before");
        const auto parsed = before == std::string::npos ? std::nullopt : parse_period(trim(text.substr(0, before)));
        if (!parsed) report.error(fields.line_of(key), "package_bad_period", {{"value", text}});
        return parsed.value_or(Period{});
    }

    int percent(const Fields& fields, std::string_view key, int fallback) {
        std::string text = fields.text(key);
        if (text.empty()) return fallback;
        if (text.back() == '%') text.pop_back();
        int number = 0;
        const std::string digits(trim(text));
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (error != std::errc{} || end != digits.data() + digits.size() || number < 0 || number > 100) {
            report.error(fields.line_of(key), "package_bad_percent", {{"value", fields.text(key)}});
            return fallback;
        }
        return number;
    }

    std::vector<Text> texts(const Fields& fields, std::string_view key) {
        std::vector<Text> result;
        int number = 0;
        for (auto& text : fields.texts(key))
            result.push_back({std::move(text), "service/" + std::string(key) + "/" + std::to_string(++number)});
        return result;
    }

    void head(const Fields& fields) {
        service.id = fields.need("service");
        service.version = fields.need("package");
        service.leika = fields.text("leika");
        fields.need("name");
        fields.need("short");
        service.name = fields.say("name", "service/name");
        service.short_text = fields.say("short", "service/short");
        service.text = fields.say("text", "service/text");
        service.also_called = fields.texts("also_called");
        service.situations = fields.texts("situations");
        service.acts = fields.texts("law");
        service.norms = fields.texts("norms");
        service.channels = fields.texts("channels");
        service.conditions = texts(fields, "conditions");
        service.steps = texts(fields, "steps");
        service.identity_level = fields.one_of("identity", "none", {"none", "low", "substantial"});
        service.link = fields.text("link");
        service.link_only = !service.link.empty();
        fields.one_of("language", "de", {"de"});
        const std::string office = fields.need("office");
        if (is_duty(office)) service.office_duty = office;
        else service.office_rule = compile_node(fields.node("office"), names, report);
    }

    void decision(const Node& node) {
        const Fields fields(node, report, {"model", "day", "months", "outcome", "reasons", "looks", "steps", "results"});
        service.decision_outcome = fields.text("outcome", "outcome");
        service.decision_reasons = fields.text("reasons", "");
        service.decision_looks = fields.text("looks", "");
        service.decision_steps = fields.texts("steps");
        service.decision_day = compile_node(fields.node("day"), names, report);
        if (!fields.has("day")) fields.need("day");
        if (const Node* months = fields.node("months")) {
            const Fields row(*months, report, {"from", "count", "as"});
            service.months_from = compile_node(row.node("from"), names, report);
            service.months_count = compile_node(row.node("count"), names, report);
            service.months_as = row.need("as");
        }
        if (const Node* results = fields.node("results"); results && results->is_map())
            for (const auto& [name, type] : results->entries) {
                const std::vector<std::string> known{"money", "number", "date", "text"};
                if (std::find(known.begin(), known.end(), type.text) == known.end())
                    report.error(type.line, "package_not_one_of", {{"key", name}, {"value", type.text},
                                 {"hint", did_you_mean(type.text, known)}, {"known", join(known, ", ")}});
                service.decision_results[name] = type.text;
            }
    }

    void outcomes(const Node& node) {
        for (const auto& [code, value] : node.entries) {
            const Fields fields(value, report, {"effect", "letter", "title", "task", "hear_first", "by", "norm"});
            OutcomeRule rule;
            rule.code = code;
            const std::string effect = fields.one_of("effect", "none", {"favourable", "unfavourable", "burden", "none"});
            rule.effect = effect == "favourable"     ? OutcomeRule::Effect::favourable
                          : effect == "unfavourable" ? OutcomeRule::Effect::unfavourable
                          : effect == "burden"       ? OutcomeRule::Effect::burden
                                                     : OutcomeRule::Effect::none;
            fields.need("effect");
            rule.letter = fields.text("letter");
            rule.hear_first = fields.text("hear_first");
            rule.norm = fields.text("norm");
            rule.title = fields.say("title", "service/outcomes/" + code + "/title");
            rule.task = fields.say("task", "service/outcomes/" + code + "/task");
            rule.by_person = fields.one_of("by", "", {"person"}) == "person";
            service.outcomes[code] = std::move(rule);
        }
    }

    void automation(const Node& node) {
        const Fields fields(node, report, {"outcomes", "norm", "allowed_by", "discretion", "facts", "spot_check", "register_text"});
        Automation a;
        a.outcomes = fields.texts("outcomes");
        a.norm = fields.need("norm");
        a.allowed_by = fields.text("allowed_by");
        a.discretion = fields.text("discretion");
        a.spot_check_percent = percent(fields, "spot_check", 0);
        a.register_text = fields.say("register_text", "service/automation/register_text");
        if (const Node* facts = fields.node("facts"); facts && facts->is_map())
            for (const auto& [path, level] : facts->entries) {
                const std::vector<std::string> known{"stated", "document", "checked", "register"};
                if (std::find(known.begin(), known.end(), level.text) == known.end())
                    report.error(level.line, "package_not_one_of", {{"key", path}, {"value", level.text},
                                 {"hint", did_you_mean(level.text, known)}, {"known", join(known, ", ")}});
                a.facts[path] = level.text;
            }
        service.automation = std::move(a);
    }

    void consultations(const Node& node) {
        for (const auto& item : node.items) {
            const Fields fields(item, report, {"ask", "when", "question", "within", "silent"});
            Consultation c;
            c.duty = fields.need("ask");
            c.when = compile_node(fields.node("when"), wider, report);
            c.question = fields.say("question", "service/consult/" + c.duty + "/question");
            c.within = fields.text("within");
            c.silent = fields.one_of("silent", "remind", {"agree", "remind"});
            period(fields, "within");
            service.consultations.push_back(std::move(c));
        }
    }

    void combine(const Fields& fields) {
        feel::Names scope = wider;
        scope.names["consultations"] = make_list(make_context({{"duty", simple_type("string")}, {"answer", simple_type("string")}}));
        service.combine = compile_node(fields.node("combine"), scope, report);
    }

    void times(const Fields& fields) {
        if (const Node* node = fields.node("missing")) {
            const Fields row(*node, report, {"request", "within", "remind", "then", "norm"});
            service.missing.request = row.text("request", "common/letters/request.md");
            service.missing.within = period(row, "within");
            service.missing.remind = period_before(row, "remind");
            service.missing.then = row.text("then");
            service.missing.norm = row.text("norm");
        }
        if (const Node* node = fields.node("promise")) {
            const Fields row(*node, report, {"answer", "starts", "pauses", "warn_at", "norm", "last_day"});
            row.need("answer");
            service.promise.answer = period(row, "answer");
            service.promise.starts = row.one_of("starts", "received", {"received", "complete"});
            for (auto& pause : row.texts("pauses")) service.promise.pauses.insert(std::move(pause));
            service.promise.warn_percent = percent(row, "warn_at", 70);
            service.promise.norm = row.text("norm");
        }
        if (const Node* node = fields.node("remedy")) {
            const Fields row(*node, report, {"kind", "within", "to", "norm"});
            row.need("kind");
            service.remedy.kind = row.one_of("kind", "", {"objection", "action"});
            service.remedy.within = period(row, "within");
            service.remedy.to = row.text("to");
            service.remedy.norm = row.need("norm");
        }
    }

    void award(const Node& node) {
        const Fields fields(node, report, {"from", "months", "issues", "pay"});
        service.award.any = true;
        service.award.from = compile_node(fields.node("from"), wider, report);
        service.award.months = compile_node(fields.node("months"), wider, report);
        service.award.issues = fields.text("issues");
    }

    void clauses(const Node& node) {
        for (const auto& item : node.items) {
            const Fields fields(item, report, {"clause", "kind", "when", "say", "norm"});
            Clause clause;
            clause.name = fields.need("clause");
            clause.kind = fields.one_of("kind", "information", {"condition", "duty", "reservation", "information"});
            clause.when = compile_node(fields.node("when"), wider, report);
            fields.need("say");
            clause.say = fields.say("say", "service/clauses/" + clause.name + "/say");
            clause.norm = fields.need("norm");
            service.clauses.push_back(std::move(clause));
        }
    }

    void fee(const Node& node) {
        if (node.kind == Node::Kind::scalar) {
            if (node.text != "none") report.error(node.line, "package_bad_fee", {{"value", node.text}});
            return;
        }
        const Fields fields(node, report, {"decision", "norm", "pay", "about"});
        service.fee.none = false;
        service.fee.decision = fields.need("decision");
        service.fee.norm = fields.need("norm");
        service.fee.pay = fields.one_of("pay", "with_notice", {"before_delivery", "with_notice", "before_decision"});
        service.fee.about = fields.say("about", "service/fee/about");
    }

    void data(const Node& node) {
        const Fields fields(node, report, {"purpose", "norm", "keep", "drafts", "categories", "offer_to"});
        service.data.purpose = fields.need("purpose");
        service.data.norm = fields.need("norm");
        if (const Node* keep = fields.node("keep")) {
            const Fields row(*keep, report, {"after", "years", "norm"});
            service.data.keep_after = row.need("after");
            service.data.keep_years = row.whole("years", 0);
            service.data.keep_norm = row.need("norm");
        } else {
            fields.need("keep");
        }
        const Period drafts = period(fields, "drafts");
        if (drafts.count > 0) service.data.draft_days = drafts.count * (drafts.unit == Period::Unit::weeks ? 7 : 1);
        if (const Node* categories = fields.node("categories"); categories && categories->is_map())
            for (const auto& [name, roles] : categories->entries)
                for (const auto& role : roles.items) service.categories[name].insert(role.text);
    }
};

}  // namespace

std::vector<std::string> acts_of(const Node& root) {
    std::vector<std::string> acts;
    if (const Node* law = root.find("law"); law && law->is_list())
        for (const auto& item : law->items) acts.push_back(item.text);
    return acts;
}

Service read_service(const Node& root, Report& report, const feel::Names& names, const feel::Names& wider) {
    const Fields fields(root, report, kServiceKeys);
    Reader reader{report, names, wider};
    reader.head(fields);
    const auto section = [&](const char* key, void (Reader::*read)(const Node&)) {
        if (const Node* node = fields.node(key)) (reader.*read)(*node);
    };
    section("decision", &Reader::decision);
    section("outcomes", &Reader::outcomes);
    section("automation", &Reader::automation);
    section("consult", &Reader::consultations);
    section("award", &Reader::award);
    section("clauses", &Reader::clauses);
    section("fee", &Reader::fee);
    section("data", &Reader::data);
    reader.combine(fields);
    reader.times(fields);
    return std::move(reader.service);
}

void read_reasons(const Node& root, Report& report, std::map<std::string, Reason>& reasons, std::map<std::string, StepText>& steps) {
    const Fields fields(root, report, {"reasons", "steps"});
    if (const Node* list = fields.node("reasons"); list && list->is_map())
        for (const auto& [code, value] : list->entries) {
            const Fields row(value, report, {"effect", "say", "norm", "facts", "what_now", "nearest"});
            Reason reason;
            reason.code = code;
            row.need("effect");
            row.need("say");
            reason.effect = row.one_of("effect", "against", {"against", "look"}) == "look" ? Reason::Effect::look : Reason::Effect::against;
            reason.say = row.say("say", "reasons/" + code + "/say");
            reason.what_now = row.say("what_now", "reasons/" + code + "/what_now");
            reason.norm = row.need("norm");
            reason.facts = row.texts("facts");
            if (const Node* nearest = row.node("nearest")) {
                const Fields near(*nearest, report, {"change", "until"});
                reason.nearest_change = near.need("change");
                reason.nearest_until = near.text("until");
            }
            reasons[code] = std::move(reason);
        }
    if (const Node* list = fields.node("steps"); list && list->is_map())
        for (const auto& [decision, value] : list->entries) {
            const Fields row(value, report, {"say", "norm"});
            row.need("say");
            steps[decision] = {decision, row.say("say", "reasons/steps/" + decision + "/say"), row.need("norm")};
        }
}

std::optional<Period> parse_period(std::string_view text) {
    const auto words = split(trim(text), ' ');
    if (words.size() < 2 || words.size() > 3) return std::nullopt;
    Period period;
    const auto [end, error] = std::from_chars(words[0].data(), words[0].data() + words[0].size(), period.count);
    if (error != std::errc{} || end != words[0].data() + words[0].size() || period.count < 0 || period.count > 10'000) return std::nullopt;
    std::string unit = words[1] + (words.size() == 3 ? " " + words[2] : "");
    if (unit.back() == 's') unit.pop_back();
    if (unit == "day") period.unit = Period::Unit::days;
    else if (unit == "working day") period.unit = Period::Unit::working_days;
    else if (unit == "week") period.unit = Period::Unit::weeks;
    else if (unit == "month") period.unit = Period::Unit::months;
    else if (unit == "year") {
        period.unit = Period::Unit::months;
        period.count *= 12;
    } else return std::nullopt;
    return period;
}

Day add(Day from, Period period, const std::set<Day>& holidays) {
    switch (period.unit) {
        case Period::Unit::working_days: return add_working_days(from, period.count, holidays);
        case Period::Unit::weeks: return from + std::chrono::days(7 * period.count);
        case Period::Unit::months: return add_months(from, period.count);
        default: return from + std::chrono::days(period.count);
    }
}

}  // namespace kiepe::catalogue
