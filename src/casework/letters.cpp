#include "casework/letters.h"

#include "base/date.h"
#include "base/text.h"
#include "casework/house_parts.h"
#include "casework/printing.h"
#include "casework/surroundings.h"
#include "casework/what_if.h"

namespace kiepe::casework {

using catalogue::LetterNode;
using documents::Block;
using feel::Value;

namespace {

Value iso_day(const std::string& iso) {
    const auto day = parse_day(iso);
    return day ? Value::date(*day) : Value();
}

/// Searched only where the letter speaks of it.
Value nearest_for(const LetterWork& work, const std::string& content) {
    if (content.find("nearest") == std::string::npos) return {};
    if (work.facts.what_if) return nearest_of(work.package, work.preparation, *work.facts.what_if, work.language);
    return nearest_of(work.package, work.preparation, what_if(work.package, work.law, work.city, work.application, work.preparation), work.language);
}

Value letter_scope(const LetterWork& work, const std::string& content) {
    const auto& service = work.package.service;
    Value scope = sentence_scope(work.package, work.preparation, work.language);
    if (!scope.get("case").is_null()) scope = scope.with("case.number", Value::string(work.facts.case_number));
    const auto then = service.outcomes.find(service.missing.then);
    const bool refuses = then != service.outcomes.end() && then->second.effect == catalogue::OutcomeRule::Effect::unfavourable;
    std::map<std::string, Value> added;
    added["request"] = Value::context({{"until", iso_day(work.facts.request_until)}, {"sent", iso_day(work.facts.request_sent)}});
    added["service"] = Value::context({{"name", Value::string(work.package.say(work.language, service.name).text)},
                                       {"refuses_without", Value::boolean(refuses)},
                                       {"missing_norm", Value::string(service.missing.norm)}});
    const auto* office = work.facts.office;
    added["office"] = office ? Value::context({{"name", Value::string(office->name)},
                                               {"phone", Value::string(office->phone)},
                                               {"email", Value::string(office->email)},
                                               {"street", Value::string(office->street)},
                                               {"place", Value::string(office->postcode + " " + office->place)}})
                             : Value();
    added["nearest"] = nearest_for(work, content);
    return with_values(scope, added);
}

class Writer {
public:
    explicit Writer(const LetterWork& work) : work_(work), printer_(work.package, work.language), names_(catalogue::letter_names(work.package)) {
        printer_.refuse_nulls();
    }

    Rendered write(std::string_view letter) {
        const auto content = work_.package.letters.find(std::string(letter));
        if (content == work_.package.letters.end()) {
            result_.problems.push_back("no letter " + std::string(letter));
            return std::move(result_);
        }
        const auto parsed = catalogue::parse_letter(content->second, place_of(letter), names_);
        if (!parsed) {
            result_.problems.push_back(std::string(letter) + ":" + parsed.error().where + " " + parsed.error().code);
            return std::move(result_);
        }
        nodes(parsed->nodes, letter_scope(work_, content->second));
        result_.in_german = printer_.in_german;
        result_.problems.insert(result_.problems.end(), printer_.problems.begin(), printer_.problems.end());
        return std::move(result_);
    }

private:
    /// "letters/grant.md" and "common/letters/request.md" -> "letters/grant", "letters/request"
    static std::string place_of(std::string_view letter) {
        if (letter.starts_with("common/")) letter.remove_prefix(7);
        if (letter.ends_with(".md")) letter.remove_suffix(3);
        return std::string(letter);
    }

    void nodes(const std::vector<LetterNode>& list, const Value& scope) {
        for (const auto& node : list) this->node(node, scope);
    }

    void node(const LetterNode& node, const Value& scope) {
        switch (node.kind) {
            case LetterNode::Kind::condition:
                nodes(node.value->evaluate(scope).is_true() || holds_something(node, scope) ? node.children : node.otherwise, scope);
                break;
            case LetterNode::Kind::loop: loop(node, scope); break;
            case LetterNode::Kind::part: house_part(node.name, work_, printer_, scope, result_.blocks); break;
            default: text(node, scope);
        }
    }

    /// `{{#if nearest }}`: a context or a text that is there counts as yes.
    static bool holds_something(const LetterNode& node, const Value& scope) {
        const Value value = node.value->evaluate(scope);
        return value.kind() == feel::Kind::context || (value.kind() == feel::Kind::string && !value.as_string().empty());
    }

    void loop(const LetterNode& node, const Value& scope) {
        const Value list = node.value->evaluate(scope);
        if (list.kind() != feel::Kind::list) return;
        const bool known = names_.names.contains(node.name);
        const feel::Type before = known ? names_.names[node.name] : feel::Type{};
        names_.names[node.name] = feel::Type{};
        printer_.enter(node.name, node.value->text());
        for (const auto& item : list.as_list()) nodes(node.children, with_values(scope, {{node.name, item}}));
        printer_.leave(node.name);
        if (known) names_.names[node.name] = before;
        else names_.names.erase(node.name);
    }

    void text(const LetterNode& node, const Value& scope) {
        const auto runs = printer_.print(catalogue::Text{node.german, node.place}, scope, names_);
        auto& blocks = result_.blocks;
        if (node.kind == LetterNode::Kind::heading) {
            Block block;
            block.kind = node.level == 1 ? Block::Kind::h1 : Block::Kind::h2;
            block.runs = runs;
            if (node.level == 1 && result_.title.empty()) result_.title = documents::to_text(runs);
            blocks.push_back(std::move(block));
        } else if (node.kind == LetterNode::Kind::paragraph) {
            Block block;
            block.runs = runs;
            blocks.push_back(std::move(block));
        } else {
            const auto kind = node.kind == LetterNode::Kind::bullet ? Block::Kind::bullets : Block::Kind::numbers;
            if (blocks.empty() || blocks.back().kind != kind) {
                blocks.emplace_back();
                blocks.back().kind = kind;
            }
            blocks.back().items.push_back(runs);
        }
    }

    const LetterWork& work_;
    Printer printer_;
    feel::Names names_;
    Rendered result_;
};

std::string editable(const documents::Runs& runs) {
    std::string line;
    for (const auto& run : runs) line += run.bold ? "**" + run.text + "**" : run.text;
    return line;
}

}  // namespace

Rendered render_letter(const catalogue::Package& package, const catalogue::City& city, const catalogue::Law& law, std::string_view letter,
                       std::string_view language, const Application& application, const Preparation& preparation,
                       const LetterFacts& facts) {
    const LetterWork work{package, city, law, std::string(language), application, preparation, facts};
    return Writer(work).write(letter);
}

std::string render_text(const catalogue::Package& package, const catalogue::Text& text, std::string_view language,
                        const Preparation& preparation) {
    // Most labels have neither a placeholder nor bold words; a case page shows dozens.
    if (text.german.find("{{") == std::string::npos && text.german.find("**") == std::string::npos) return package.say(language, text).text;
    Printer printer(package, language);
    return documents::to_text(printer.print(text, sentence_scope(package, preparation, language), catalogue::sentence_names(package)));
}

std::string to_editable(const std::vector<Block>& blocks) {
    std::string text;
    for (const auto& block : blocks) {
        if (!text.empty()) text += "\n";
        if (block.kind == Block::Kind::h1) text += "# " + editable(block.runs) + "\n";
        else if (block.kind == Block::Kind::h2) text += "## " + editable(block.runs) + "\n";
        else if (block.kind == Block::Kind::bullets)
            for (const auto& item : block.items) text += "- " + editable(item) + "\n";
        else if (block.kind == Block::Kind::numbers)
            for (std::size_t i = 0; i < block.items.size(); ++i) text += std::to_string(i + 1) + ". " + editable(block.items[i]) + "\n";
        else text += editable(block.runs) + "\n";
    }
    return text;
}

documents::Letter as_letter(const Rendered& rendered, const catalogue::City& city, std::string_view language, const LetterFacts& facts,
                            const language::Texts& texts) {
    documents::Letter letter;
    letter.title = rendered.title;
    letter.language = rendered.in_german ? "de" : std::string(language);
    if (facts.office) {
        letter.office = {facts.office->name, facts.office->street, facts.office->postcode + " " + facts.office->place,
                         facts.office->phone, facts.office->email};
    } else {
        letter.office = {city.name, city.street, city.postcode + " " + city.place, city.phone, ""};
    }
    letter.recipient = facts.recipient;
    letter.number = facts.case_number;
    letter.date = language::format_date(language, facts.date);
    letter.labels = {texts.get(language, "letter_number"), texts.get(language, "letter_date"), texts.get(language, "letter_page"),
                     texts.get(language, "letter_draft")};
    letter.blocks = rendered.blocks;
    return letter;
}

}  // namespace kiepe::casework
