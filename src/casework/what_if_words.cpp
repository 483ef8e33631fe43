// What would have to be different, in words: the question's own label, the entry it is about, the value, and what the rules would say.
#include <algorithm>

#include "base/text.h"
#include "casework/letters.h"
#include "casework/surroundings.h"
#include "casework/what_if.h"

namespace kiepe::casework {

using catalogue::Page;
using catalogue::Question;
using catalogue::QuestionType;
using feel::Value;
using Direction = ChangedAnswer::Direction;

namespace {

constexpr std::size_t kWaysInLetters = 3;

struct Words {
    const catalogue::Package& package;
    const Preparation& preparation;
    std::string language;

    std::string text(const std::string& key, const language::Arguments& arguments = {}) const {
        return language::fill(package.program_text(language, "what_if_" + key), arguments);
    }

    /// Names of an entry are what the package calls it: "Inge Muster"; one of its choices in words: "Rente".
    std::string called(const Page& page, const Value& scope) const {
        if (!page.called) return "";
        const Value name = page.called->evaluate(scope);
        if (name.kind() != feel::Kind::string) return "";
        for (const auto& question : page.questions)
            for (const auto& [code, label] : question.options)
                if (code == name.as_string()) return package.say(language, label).text;
        return std::string(trim(name.as_string()));
    }

    /// "Inge Muster, Rente" for persons[1].incomes[1].amount; "Ihr Fahrzeug" for an answer outside of lists: labels are read without their page.
    std::string about(const std::string& path) const {
        std::vector<std::string> names;
        Value scope = preparation.context;
        for (auto open = path.find('['); open != std::string::npos; open = path.find('[', open + 1)) {
            const std::string list = without_indexes(path.substr(0, open));
            const Value entry = preparation.context.at(path.substr(0, path.find(']', open) + 1));
            for (const auto& page : package.form.pages) {
                if (page.add_variable.empty() || catalogue::global_name(page, page.add_list) != list) continue;
                scope = scope.with(page.add_variable, entry);
                if (auto name = called(page, scope); !name.empty()) names.push_back(std::move(name));
            }
        }
        if (!names.empty()) return join(names, ", ");
        for (const auto& page : package.form.pages)
            for (const auto& question : page.questions)
                if (question.name == path) return package.say(language, page.title).text;
        return "";
    }

    std::string value(const Question& question, const Value& value) const {
        if (value.is_null()) return text("no_answer");
        const auto words = catalogue::answer_text(question, value, language, package);
        const bool chosen = question.type == QuestionType::choice || question.type == QuestionType::yes_no;
        return chosen ? text("quoted", {{"text", words}}) : words;
    }

    std::string options(const Question& question, const std::vector<Value>& values) const {
        std::vector<std::string> words;
        for (const auto& option : values) words.push_back(value(question, option));
        if (words.size() < 2) return join(words, "");
        const std::string last = words.back();
        words.pop_back();
        return join(words, ", ") + " " + package.program_text(language, "letter_or") + " " + last;
    }

    std::string condition(const Question& question, const ChangedAnswer& change) const {
        if (change.direction == Direction::instead) return text("answer", {{"value", options(question, change.options)}});
        const std::string kind = question.type == QuestionType::date ? "date_" : "number_";
        if (change.direction == Direction::at_most) return text(kind + "at_most", {{"value", value(question, change.nearest)}});
        if (change.direction == Direction::at_least) return text(kind + "at_least", {{"value", value(question, change.nearest)}});
        if (change.nearest == change.furthest) return text(kind + "exactly", {{"value", value(question, change.nearest)}});
        Value low = change.nearest, high = change.furthest;
        if (feel::less(high, low).value_or(false)) std::swap(low, high);
        return text(kind + "between", {{"low", value(question, low)}, {"high", value(question, high)}});
    }

    SaidAnswer said(const ChangedAnswer& change) const {
        SaidAnswer answer;
        const auto* question = package.form.question_at(change.path);
        if (!question) return answer;  // the caller's package is the one that was searched
        answer.label = render_text(package, question->label, language, preparation);
        answer.about = about(change.path);
        answer.condition = condition(*question, change);
        answer.now = value(*question, change.now);
        return answer;
    }

    static const char* effect(Way::Effect effect) {
        switch (effect) {
            case Way::Effect::look: return "look";
            case Way::Effect::nothing_against: return "nothing_against";
            case Way::Effect::favourable: break;
        }
        return "favourable";
    }

    std::string in_a_letter(const SaidWay& way) const {
        std::vector<std::string> parts;
        for (const auto& answer : way.changes) {
            const std::string part = way.changes.size() == 1 ? way.sentence : text("part", {{"condition", answer.condition}, {"now", answer.now}});
            const std::string who = answer.about.empty() ? "" : " (" + answer.about + ")";
            parts.push_back(text("in_a_letter", {{"label", answer.label}, {"who", who}, {"sentence", part}}));
        }
        return join(parts, " ") + (way.changes.size() == 1 ? "" : " " + way.sentence);
    }
};

}  // namespace

SaidWay say_way(const catalogue::Package& package, const Preparation& preparation, const Way& way, std::string_view language) {
    const Words words{package, preparation, std::string(language)};
    SaidWay said;
    for (const auto& change : way.changes) said.changes.push_back(words.said(change));
    const std::string key = Words::effect(way.effect);
    if (said.changes.size() == 1)
        said.sentence = words.text(key, {{"condition", said.changes[0].condition}, {"now", said.changes[0].now}});
    else said.sentence = words.text(key + "_all");
    return said;
}

bool may_be_shown(const catalogue::Package& package, const Way& way, const std::function<bool(const std::string&)>& may_see) {
    return std::all_of(way.changes.begin(), way.changes.end(), [&](const auto& change) {
        const auto* question = package.form.question_at(change.path);
        return question && may_see(question->category);
    });
}

Value nearest_of(const catalogue::Package& package, const Preparation& preparation, const WhatIf& found, std::string_view language) {
    const Words words{package, preparation, std::string(language)};
    const bool any = std::any_of(found.ways.begin(), found.ways.end(), [](const auto& way) { return way.rests_on; });
    feel::List ways;
    for (const auto& way : found.ways) {
        // A letter gives the reasons and what hangs on them, not everything that could be thought of.
        if (way.effect != Way::Effect::favourable || (any && !way.rests_on) || ways.size() == kWaysInLetters) continue;
        ways.push_back(Value::context({{"text", Value::string(words.in_a_letter(say_way(package, preparation, way, language)))}}));
    }
    return ways.empty() ? Value() : Value::context({{"ways", Value::list(std::move(ways))}});
}

}  // namespace kiepe::casework
