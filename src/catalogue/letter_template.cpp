#include "catalogue/letter_template.h"

#include <algorithm>

#include "base/text.h"
#include "catalogue/form_reader.h"

namespace kiepe::catalogue {
namespace {

bool starts_with(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

/// "{{#if x }}" -> "#if x"; nullopt where the line is not one tag alone.
std::optional<std::string> tag_of(std::string_view line) {
    if (!starts_with(line, "{{") || line.size() < 4 || line.substr(line.size() - 2) != "}}") return std::nullopt;
    const std::string inside(trim(line.substr(2, line.size() - 4)));
    if (inside.find("}}") != std::string::npos || inside.empty()) return std::nullopt;
    const char first = inside[0];
    return first == '#' || first == '/' || first == '>' || inside == "else" ? std::optional(inside) : std::nullopt;
}

Error at_line(Error error, int line) {
    error.args.emplace_back("position", error.where);
    error.where = std::to_string(line);
    return error;
}

struct Parser {
    std::string place;
    std::vector<std::string> lines;
    std::size_t next = 0;
    int paragraphs = 0;

    Result<std::vector<LetterNode>> nodes(const feel::Names& names, const std::string& closing, std::string& ended_by) {
        std::vector<LetterNode> result;
        while (next < lines.size()) {
            const std::string line(trim(lines[next]));
            const int number = static_cast<int>(++next);
            if (line.empty()) continue;
            const auto tag = tag_of(line);
            if (tag && (*tag == closing || (*tag == "else" && closing == "/if"))) {
                ended_by = *tag;
                return result;
            }
            auto node = tag ? this->tag(*tag, number, names) : paragraph(line, number, names);
            if (!node) return node.error();
            result.push_back(std::move(node).value());
        }
        if (!closing.empty()) return Error{"letter_not_closed", std::to_string(lines.size()), {{"tag", closing}}};
        return result;
    }

    Result<LetterNode> tag(const std::string& tag, int line, const feel::Names& names) {
        LetterNode node;
        node.line = line;
        if (tag[0] == '>') {
            node.kind = LetterNode::Kind::part;
            node.name = trim(std::string_view(tag).substr(1));
            return node;
        }
        if (starts_with(tag, "#if ")) return condition(std::move(node), tag.substr(4), names);
        if (starts_with(tag, "#for ")) return loop(std::move(node), tag.substr(5), names);
        return Error{"letter_unknown_tag", std::to_string(line), {{"tag", tag}}};
    }

    Result<LetterNode> condition(LetterNode node, const std::string& expression, const feel::Names& names) {
        node.kind = LetterNode::Kind::condition;
        auto value = feel::compile(trim(expression), names);
        if (!value) return at_line(value.error(), node.line);
        node.value = std::move(value).value();
        std::string ended_by;
        auto children = nodes(names, "/if", ended_by);
        if (!children) return children.error();
        node.children = std::move(children).value();
        if (ended_by != "else") return node;
        auto otherwise = nodes(names, "/if", ended_by);
        if (!otherwise) return otherwise.error();
        if (ended_by == "else") return Error{"letter_else_twice", std::to_string(node.line)};
        node.otherwise = std::move(otherwise).value();
        return node;
    }

    Result<LetterNode> loop(LetterNode node, const std::string& text, const feel::Names& names) {
        node.kind = LetterNode::Kind::loop;
        const auto in = text.find(" in ");
        if (in == std::string::npos) return Error{"letter_unknown_tag", std::to_string(node.line), {{"tag", "#for " + text}}};
        node.name = trim(std::string_view(text).substr(0, in));
        auto value = feel::compile(trim(std::string_view(text).substr(in + 4)), names);
        if (!value) return at_line(value.error(), node.line);
        feel::Names inner = names;
        const feel::Type& list = value->type();
        inner.names[node.name] = list.item ? *list.item : feel::Type{};
        node.value = std::move(value).value();
        std::string ended_by;
        auto children = nodes(inner, "/for", ended_by);
        if (!children) return children.error();
        node.children = std::move(children).value();
        return node;
    }

    Result<LetterNode> paragraph(std::string_view line, int number, const feel::Names& names) {
        LetterNode node;
        node.line = number;
        node.place = place + "/" + std::to_string(++paragraphs);
        const auto digits = line.find_first_not_of("0123456789");
        if (starts_with(line, "# ") || starts_with(line, "## ")) {
            node.kind = LetterNode::Kind::heading;
            node.level = line[1] == '#' ? 2 : 1;
            line = line.substr(static_cast<std::size_t>(node.level));
        } else if (starts_with(line, "- ")) {
            node.kind = LetterNode::Kind::bullet;
            line = line.substr(2);
        } else if (digits != std::string_view::npos && digits > 0 && digits < 3 && starts_with(line.substr(digits), ". ")) {
            node.kind = LetterNode::Kind::number;
            line = line.substr(digits + 2);
        }
        node.german = trim(line);
        auto pieces = parse_pieces(node.german, names);
        if (!pieces) return at_line(pieces.error(), number);
        node.pieces = std::move(pieces).value();
        return node;
    }
};

/// Splits fixed text at ** and keeps whether it is bold.
void add_fixed(std::string_view text, bool& bold, std::vector<Piece>& pieces) {
    while (true) {
        const auto mark = text.find("**");
        if (const auto part = text.substr(0, mark); !part.empty()) pieces.push_back({std::string(part), std::nullopt, bold});
        if (mark == std::string_view::npos) return;
        bold = !bold;
        text = text.substr(mark + 2);
    }
}

feel::Type function_giving(const char* type, std::size_t parameters) {
    feel::Type function = simple_type("function");
    function.result = std::make_shared<const feel::Type>(simple_type(type));
    for (std::size_t i = 0; i < parameters; ++i) function.parameters.push_back(std::make_shared<const feel::Type>());
    return function;
}

}  // namespace

Result<std::vector<Piece>> parse_pieces(std::string_view text, const feel::Names& names) {
    std::vector<Piece> pieces;
    bool bold = false;
    while (!text.empty()) {
        const auto open = text.find("{{");
        const auto fixed = text.substr(0, open);
        if (fixed.find("}}") != std::string_view::npos) return Error{"letter_placeholder", "", {{"text", std::string(text)}}};
        add_fixed(fixed, bold, pieces);
        if (open == std::string_view::npos) break;
        const auto close = text.find("}}", open);
        if (close == std::string_view::npos) return Error{"letter_placeholder", "", {{"text", std::string(text)}}};
        const auto source = trim(text.substr(open + 2, close - open - 2));
        auto value = feel::compile(source, names);
        if (!value) {
            Error error = value.error();
            error.args.emplace_back("expression", std::string(source));
            return error;
        }
        pieces.push_back({std::string(source), std::move(value).value(), bold});
        text = text.substr(close + 2);
    }
    if (bold) return Error{"letter_bold_not_closed"};
    return pieces;
}

Result<LetterTemplate> parse_letter(std::string_view content, const std::string& place, const feel::Names& names) {
    Parser parser{place, split(content, '\n')};
    std::string ended_by;
    auto nodes = parser.nodes(names, "", ended_by);
    if (!nodes) return nodes.error();
    return LetterTemplate{std::move(nodes).value()};
}

std::optional<std::vector<std::string>> placeholders(std::string_view text) {
    std::vector<std::string> found;
    while (true) {
        const auto open = text.find("{{");
        if (text.substr(0, open).find("}}") != std::string_view::npos) return std::nullopt;
        if (open == std::string_view::npos) return found;
        const auto close = text.find("}}", open);
        if (close == std::string_view::npos) return std::nullopt;
        found.emplace_back(trim(text.substr(open + 2, close - open - 2)));
        text = text.substr(close + 2);
    }
}

feel::Names sentence_names(const Package& package) {
    feel::Names names = package.names;
    if (package.model)
        for (const auto& decision : package.model->decisions())
            if (!names.names.count(decision.name)) names.names[decision.name] = feel::Type{};
    names.names["valid_from"] = simple_type("date");
    names.names["valid_until"] = simple_type("date");
    names.names["result"] = feel::Type{};
    names.names["money"] = function_giving("string", 1);
    names.names["number"] = function_giving("string", 1);
    names.names["ending"] = function_giving("string", 2);
    return names;
}

feel::Names letter_names(const Package& package) {
    feel::Names names = sentence_names(package);
    const auto text = simple_type("string");
    if (const auto facts = names.names.find("case"); facts != names.names.end())
        facts->second.fields["number"] = std::make_shared<const feel::Type>(text);
    names.names["request"] = make_context({{"until", simple_type("date")}, {"sent", simple_type("date")}});
    names.names["service"] = make_context({{"name", text}, {"refuses_without", simple_type("boolean")}, {"missing_norm", text}});
    names.names["office"] = make_context({{"name", text}, {"phone", text}, {"email", text}, {"street", text}, {"place", text}});
    names.names["nearest"] = feel::Type{};
    return names;
}

}  // namespace kiepe::catalogue
