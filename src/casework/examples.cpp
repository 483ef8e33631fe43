#include "casework/examples.h"

#include <algorithm>
#include <istream>
#include <ostream>

#include "base/date.h"
#include "base/text.h"
#include "casework/example_reader.h"
#include "casework/json.h"
#include "casework/letters.h"
#include "casework/surroundings.h"

namespace kiepe::casework {

using catalogue::Node;
using feel::Value;

namespace {

std::vector<std::string> sorted(std::vector<std::string> list) {
    std::sort(list.begin(), list.end());
    return list;
}

std::vector<std::string> texts_of(const Node& node) {
    std::vector<std::string> texts;
    for (const auto& item : node.items) texts.push_back(item.text);
    return sorted(std::move(texts));
}

/// Whether `value` is what the example says in its own notation: decimals by value, months by their first day.
bool is_as_said(const Value& value, const Node& said) {
    if (said.kind == Node::Kind::null) return value.is_null();
    if (value.is_number()) {
        const auto number = Decimal::parse(said.text);
        return number && compare(*number, value.as_number()) == 0;
    }
    if (value.kind() == feel::Kind::date) return to_iso(value.as_date()).starts_with(said.text);
    if (value.kind() == feel::Kind::boolean) return (said.text == "true") == value.as_boolean() && (said.text == "true" || said.text == "false");
    if (value.kind() == feel::Kind::list && said.is_list()) {
        if (value.as_list().size() != said.items.size()) return false;
        for (std::size_t i = 0; i < said.items.size(); ++i)
            if (!is_as_said(value.as_list()[i], said.items[i])) return false;
        return true;
    }
    return value.kind() == feel::Kind::string ? value.as_string() == said.text : value.text() == said.text;
}

Value amounts_of(const std::map<std::string, Value>& values) {
    feel::Context amounts;
    for (const auto& [name, value] : values)
        if (value.is_number()) amounts.emplace_back(name, Value::string(value.as_number().text()));
    return Value::context(std::move(amounts));
}

Value line_of(const Preparation& got) {
    std::vector<std::string> held, failed;
    for (const auto& reason : got.held_by) held.push_back(reason.text());
    for (const auto& failure : got.failed)
        if (!failure.warn) failed.push_back(failure.path);
    feel::List periods;
    for (const auto& period : got.periods)
        periods.push_back(Value::context({{"from", Value::string(to_iso(period.from))},
                                          {"to", Value::string(to_iso(period.to))},
                                          {"amounts", amounts_of(period.values)}}));
    return Value::context({{"outcome", got.outcome.empty() ? Value() : Value::string(got.outcome)},
                           {"automatic", Value::boolean(got.automatic)},
                           {"amounts", amounts_of(got.values)},
                           {"reasons", texts_value(got.reasons)},
                           {"looks", texts_value(got.looks)},
                           {"missing", texts_value(got.missing)},
                           {"held_by", texts_value(held)},
                           {"failed", texts_value(failed)},
                           {"periods", Value::list(std::move(periods))}});
}

class ExampleRunner {
public:
    ExampleRunner(const catalogue::Package& package, const catalogue::Catalogue& catalogue) : package_(package), catalogue_(catalogue) {}

    ExampleResult run() {
        const Examples all = read_examples(package_, result_.findings);
        result_.failed += static_cast<int>(result_.findings.size());
        for (const auto& example : all.examples) one(example);
        for (const auto& rule : all.always) always(rule, all.examples);
        return std::move(result_);
    }

private:
    Preparation prepared(const Application& application) const {
        return prepare(package_, catalogue_.law(), catalogue_.city(), application);
    }
    Application whole(const Application& application) const {
        return completed(package_, catalogue_.law(), catalogue_.city(), application);
    }

    void one(const Example& example) {
        example_ = &example;
        differences_ = 0;
        const Application application = whole(example.application);
        const Preparation got = example.pre_check ? pre_check(package_, catalogue_.law(), catalogue_.city(), example.application)
                                                  : prepared(application);
        for (const auto& [key, said] : example.expect.entries) expect(key, said, got, application);
        if (differences_ == 0) ++result_.passed;
        else ++result_.failed;
    }

    void differs(int line, const std::string& what, const std::string& said, const std::string& got) {
        ++differences_;
        result_.findings.push_back({catalogue::Finding::Severity::error,
                                    "example_differs",
                                    example_->file,
                                    line,
                                    {{"example", example_->name}, {"what", what}, {"expected", said}, {"got", got}}});
    }

    void expect_list(const std::string& key, const Node& said, std::vector<std::string> got) {
        const auto wanted = texts_of(said);
        got = sorted(std::move(got));
        if (wanted != got) differs(said.line, key, join(wanted, ", "), join(got, ", "));
    }

    void expect(const std::string& key, const Node& said, const Preparation& got, const Application& application) {
        std::vector<std::string> held;
        for (const auto& reason : got.held_by) held.push_back(reason.text());
        if (key == "outcome") {
            const std::string wanted = said.kind == Node::Kind::null ? "" : said.text;
            if (wanted != got.outcome) differs(said.line, key, wanted, got.outcome + (got.problem.empty() ? "" : " (" + got.problem + ")"));
        } else if (key == "automatic") {
            if ((said.text == "true") != got.automatic) differs(said.line, key, said.text, got.automatic ? "true" : "false: " + join(held, ", "));
        } else if (key == "held_by") expect_list(key, said, held);
        else if (key == "missing") expect_list(key, said, got.missing);
        else if (key == "reasons") expect_list(key, said, got.reasons);
        else if (key == "looks") expect_list(key, said, got.looks);
        else if (key == "failed") expect_failed(said, got);
        else if (key == "values") expect_values(said, got.values);
        else if (key == "periods") expect_periods(said, got);
        else if (key == "letter") expect_letter(said, got, application);
        else differs(said.line, key, "?", "");
    }

    /// Errors must be named all; hints that may be confirmed may be named too.
    void expect_failed(const Node& said, const Preparation& got) {
        std::vector<std::string> errors, all;
        for (const auto& failed : got.failed) {
            if (!failed.warn) errors.push_back(failed.path);
            all.push_back(failed.path);
        }
        if (texts_of(said) != sorted(all)) expect_list("failed", said, errors);
    }

    void expect_values(const Node& said, const std::map<std::string, Value>& values) {
        for (const auto& [name, wanted] : said.entries) {
            const auto found = values.find(name);
            const Value value = found == values.end() ? Value() : found->second;
            if (!is_as_said(value, wanted)) differs(wanted.line, name, wanted.text, value.text());
        }
    }

    void expect_periods(const Node& said, const Preparation& got) {
        if (said.items.size() != got.periods.size())
            return differs(said.line, "periods", std::to_string(said.items.size()), std::to_string(got.periods.size()));
        for (std::size_t i = 0; i < said.items.size(); ++i) {
            auto values = got.periods[i].values;
            values["from"] = Value::date(got.periods[i].from);
            values["to"] = Value::date(got.periods[i].to);
            expect_values(said.items[i], values);
        }
    }

    void expect_letter(const Node& said, const Preparation& got, const Application& application) {
        const auto rule = package_.service.outcomes.find(got.outcome);
        if (rule == package_.service.outcomes.end() || rule->second.letter.empty()) return differs(said.line, "letter", "", "no letter");
        LetterFacts facts;
        facts.date = application.received;
        facts.office = &catalogue_.city().office_of(package_.service.office_duty);
        facts.automatic = got.automatic;
        const auto letter = render_letter(package_, catalogue_.city(), catalogue_.law(), rule->second.letter, "de", application, got, facts);
        for (const auto& problem : letter.problems) differs(said.line, "letter", "", problem);
        // A number and its unit stay on one line by a no-break space; examples are typed with the usual one.
        const std::string text = replace_all(replace_all(documents::to_text(letter.blocks), "\u00a0", " "), "\u202f", " ");
        const auto check = [&](const char* key, bool wanted) {
            if (const Node* list = said.find(key))
                for (const auto& part : list->items)
                    if ((text.find(part.text) != std::string::npos) != wanted) differs(part.line, std::string("letter ") + key, part.text, text);
        };
        check("has", true);
        check("has_not", false);
    }

    void always(const Always& rule, const std::vector<Example>& examples) {
        for (const auto& example : examples) {
            // Rules start from whole cases; what `like` changes on purpose (a household that is refused) is its own test.
            if (example.based_on_another || example.pre_check || example.application.answers.at(rule.path).is_null()) continue;
            Example named = example;
            named.file = rule.file;
            named.name = example.name + ", " + rule.that;
            example_ = &named;
            differences_ = 0;
            if (rule.sweep) sweep(rule, example.application);
            else flip(rule, example.application);
            if (differences_ == 0) ++result_.passed;
            else ++result_.failed;
        }
    }

    void sweep(const Always& rule, Application application) {
        const auto space = rule.that.find(' ');
        const std::string name = rule.that.substr(0, space);
        const bool falls = rule.that.substr(space + 1) == "falls";
        std::optional<Decimal> last;
        std::optional<Decimal> at = rule.from;
        for (int steps = 0; at && compare(*at, *rule.to) <= 0 && steps < 2000; ++steps, at = add(*at, *rule.step)) {
            application.answers = application.answers.with(rule.path, Value::number(*at));
            const auto values = prepared(whole(application)).values;
            const auto found = values.find(name);
            if (found == values.end() || !found->second.is_number()) continue;
            const Decimal now = found->second.as_number();
            const int direction = last ? compare(now, *last) : 0;
            if (falls ? direction > 0 : direction < 0)
                return differs(rule.line, rule.path + " = " + at->text(), rule.that, last->text() + " -> " + now.text());
            last = now;
        }
        if (!last) differs(rule.line, rule.path, rule.that, "no value");
    }

    void flip(const Always& rule, Application application) {
        // What is decided must stay; the facts themselves, which some decisions hand on (who counts), are of course other ones.
        const Value before = line_of(prepared(whole(application)));
        application.answers = application.answers.with(rule.path, typed_node(package_, rule.path, rule.flipped));
        const Value after = line_of(prepared(whole(application)));
        if (!(before == after)) differs(rule.line, rule.path, rule.that, rule.flipped.text);
    }

    const catalogue::Package& package_;
    const catalogue::Catalogue& catalogue_;
    const Example* example_ = nullptr;
    int differences_ = 0;
    ExampleResult result_;
};

}  // namespace

ExampleResult run_examples(const catalogue::Package& package, const catalogue::Catalogue& catalogue) {
    return ExampleRunner(package, catalogue).run();
}

int decide_lines(const catalogue::Package& package, const catalogue::Catalogue& catalogue, std::istream& in, std::ostream& out) {
    int broken = 0;
    std::int64_t number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        if (trim(line).empty()) continue;
        const auto application = read_case_line(package, line);
        if (!application) {
            ++broken;
            out << feel::to_json(Value::context({{"error", Value::string(application.error().code)}, {"line", Value::number(number)}})) << '\n';
            continue;
        }
        const Application whole = completed(package, catalogue.law(), catalogue.city(), *application);
        out << feel::to_json(line_of(prepare(package, catalogue.law(), catalogue.city(), whole))) << '\n';
    }
    out.flush();
    return broken == 0 ? 0 : 1;
}

}  // namespace kiepe::casework
