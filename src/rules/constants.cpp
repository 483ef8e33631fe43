#include "rules/constants.h"

#include <algorithm>

#include "base/text.h"

namespace kiepe::rules {
namespace {

using feel::Value;

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Numbers, quoted texts and names of FEEL. A rough look is enough: nothing is decided by it.
struct Scan {
    Constants& found;

    void feel(std::string_view text) {
        for (std::size_t i = 0; i < text.size();) {
            if (text[i] == '"') i = quoted(text, i + 1);
            else if (is_digit(text[i])) i = number(text, i);
            else if (is_name_start(text[i])) i = name(text, i);
            else ++i;
        }
    }

    std::size_t quoted(std::string_view text, std::size_t from) {
        const std::size_t end = std::min(text.find('"', from), text.size());
        found.texts.emplace_back(text.substr(from, end - from));
        return end + 1;
    }

    std::size_t number(std::string_view text, std::size_t from) {
        std::size_t end = from;
        while (end < text.size() && (is_digit(text[end]) || (text[end] == '.' && end + 1 < text.size() && is_digit(text[end + 1])))) ++end;
        if (const auto value = Decimal::parse(text.substr(from, end - from))) found.numbers.push_back(*value);
        return end;
    }

    std::size_t name(std::string_view text, std::size_t from) {
        std::size_t end = from;
        while (end < text.size() && (is_name_start(text[end]) || is_digit(text[end]))) ++end;
        found.words.emplace(text.substr(from, end - from));
        return end;
    }

    void expression(const std::optional<feel::Expression>& expression) {
        if (expression) feel(expression->text());
    }

    /// The expressions of a decision model stand in its <text> elements.
    void model(const std::string& xml) {
        for (std::size_t at = xml.find("<text>"); at != std::string::npos; at = xml.find("<text>", at)) {
            at += 6;
            const std::size_t end = std::min(xml.find("</text>", at), xml.size());
            std::string text = xml.substr(at, end - at);
            for (const auto& [from, to] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}}) text = replace_all(text, from, to);
            feel(text);
        }
    }

    /// What stands in braces within a sentence or a letter. To print a fact is not to decide by it, but to write something else is.
    void template_text(const std::string& text) {
        for (std::size_t at = text.find("{{"); at != std::string::npos; at = text.find("{{", at)) {
            const std::size_t end = std::min(text.find("}}", at), text.size());
            const std::string_view inside = std::string_view(text).substr(at + 2, end - at - 2);
            Constants printed;
            Scan{printed}.feel(inside);
            found.texts.insert(found.texts.end(), printed.texts.begin(), printed.texts.end());
            found.numbers.insert(found.numbers.end(), printed.numbers.begin(), printed.numbers.end());
            if (inside.starts_with('#')) found.words.merge(printed.words);
            at = end;
        }
    }

    void form(const catalogue::Form& form) {
        for (const auto& page : form.pages) {
            expression(page.show);
            for (const auto& check : page.checks) feel(check.that.text());
            for (const auto& question : page.questions) {
                for (const auto& part : {question.show, question.required, question.default_value, question.value}) expression(part);
                for (const auto& check : question.checks) feel(check.that.text());
                if (!question.look_up_by.empty()) feel(question.look_up_by);
                template_text(question.label.german + question.help.german);
            }
        }
        for (const auto& need : form.needs) expression(need.when);
    }

    void service(const catalogue::Service& service) {
        for (const auto& part : {service.office_rule, service.decision_day, service.months_from, service.months_count, service.award.from,
                                 service.award.months})
            expression(part);
        for (const auto& consultation : service.consultations) expression(consultation.when);
        for (const auto& clause : service.clauses) {
            expression(clause.when);
            template_text(clause.say.german);
        }
    }

    void value(const Value& value) {
        if (value.is_number()) found.numbers.push_back(value.as_number());
        if (value.kind() == feel::Kind::list)
            for (const auto& item : value.as_list()) this->value(item);
        if (value.kind() == feel::Kind::context)
            for (const auto& [name, part] : value.as_context()) this->value(part);
    }
};

template <class T, class Less>
void tidy(std::vector<T>& list, Less less) {
    std::sort(list.begin(), list.end(), less);
    list.erase(std::unique(list.begin(), list.end(), [&](const T& a, const T& b) { return !less(a, b) && !less(b, a); }), list.end());
}

}  // namespace

std::set<std::string> words_of(std::string_view text) {
    Constants found;
    Scan{found}.feel(text);
    return found.words;
}

Constants constants_of(const catalogue::Package& package, const catalogue::Law& law, Day day) {
    Constants found;
    Scan scan{found};
    for (const auto& [path, content] : package.files)
        if (path.ends_with(".dmn")) scan.model(content);
    scan.form(package.form);
    scan.service(package.service);
    for (const auto& [name, content] : package.letters) scan.template_text(content);
    for (const auto& [code, reason] : package.reasons) scan.template_text(reason.say.german + reason.what_now.german);
    for (const auto& [decision, step] : package.step_texts) scan.template_text(step.say.german);
    for (const auto& act : package.service.acts) scan.value(law.on(act, day));
    tidy(found.numbers, [](Decimal a, Decimal b) { return compare(a, b) < 0; });
    tidy(found.texts, std::less<>());
    return found;
}

}  // namespace kiepe::rules
