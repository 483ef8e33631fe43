#include "documents/letter_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace kiepe::documents {
namespace {

using Json = nlohmann::json;

std::string clean(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if ((code >= 0x20 && code != 0x7f) || c == '\n') out += c;
        if (c == '\t') out += ' ';
    }
    return out;
}

Json to_json(const Runs& runs) {
    auto list = Json::array();
    for (const auto& run : runs) list.push_back({{"x", clean(run.text)}, {"b", run.bold}});
    return list;
}

Json to_json(const std::vector<Runs>& cells) {
    auto list = Json::array();
    for (const auto& cell : cells) list.push_back(to_json(cell));
    return list;
}

/// Rows of one width: Typst would push cells of a short row up.
Json rows_to_json(const std::vector<std::vector<Runs>>& rows, std::size_t least_width) {
    auto width = least_width;
    for (const auto& row : rows) width = std::max(width, row.size());
    auto list = Json::array();
    for (auto row : rows) {
        row.resize(width);
        list.push_back(to_json(row));
    }
    return list;
}

Json clean_list(const std::vector<std::string>& texts) {
    auto list = Json::array();
    for (const auto& text : texts) list.push_back(clean(text));
    return list;
}

Json to_json(const FormField& field, const Runs& label) {
    const char* kind = field.kind == FormField::Kind::choices ? "choices" : field.kind == FormField::Kind::boxes ? "boxes" : "line";
    const int count = field.kind == FormField::Kind::line ? 1 : std::clamp(field.count, 1, 60);
    return {{"t", "field"}, {"runs", to_json(label)}, {"help", clean(field.help)}, {"field", kind}, {"count", count},
            {"choices", clean_list(field.choices)}};
}

Json to_json(const Block& block) {
    using Kind = Block::Kind;
    switch (block.kind) {
        case Kind::h1: return {{"t", "h1"}, {"runs", to_json(block.runs)}};
        case Kind::h2: return {{"t", "h2"}, {"runs", to_json(block.runs)}};
        case Kind::paragraph: return {{"t", "p"}, {"runs", to_json(block.runs)}};
        case Kind::bullets: return {{"t", "ul"}, {"items", to_json(block.items)}};
        case Kind::numbers: return {{"t", "ol"}, {"items", to_json(block.items)}};
        case Kind::table: return {{"t", "table"}, {"rows", rows_to_json(block.rows, 1)}};
        case Kind::pairs: return {{"t", "pairs"}, {"rows", rows_to_json(block.rows, 2)}};
        case Kind::form_field: return to_json(block.field, block.runs);
    }
    return {};
}

bool says_something(const Block& block) {
    return !block.runs.empty() || !block.items.empty() || !block.rows.empty();
}

/// PDF/UA-1 (ISO 14289-1, 7.4.2): headings begin with the first level.
bool begins_with_h1(const std::vector<Block>& blocks) {
    for (const auto& block : blocks) {
        if (block.kind == Block::Kind::h1) return true;
        if (block.kind == Block::Kind::h2) return false;
    }
    return false;
}

Json base(const Letter& letter) {
    const auto& office = letter.office;
    auto blocks = Json::array();
    if (!begins_with_h1(letter.blocks)) blocks.push_back(to_json(heading(letter.title)));
    for (const auto& block : letter.blocks) {
        if (says_something(block)) blocks.push_back(to_json(block));
    }
    return {{"title", clean(letter.title)},
            {"lang", letter.language.substr(0, letter.language.find('-'))},
            {"office", {{"name", clean(office.name)}, {"street", clean(office.street)}, {"place", clean(office.place)},
                        {"phone", clean(office.phone)}, {"mail", clean(office.mail)}}},
            {"recipient", clean_list(letter.recipient)},
            {"number", clean(letter.number)},
            {"date", clean(letter.date)},
            {"labels", {{"number", clean(letter.labels.number)}, {"date", clean(letter.labels.date)},
                        {"page", clean(letter.labels.page)}, {"draft", clean(letter.labels.draft)}}},
            {"draft", letter.draft},
            {"blocks", std::move(blocks)}};
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string letter_json(const Letter& letter) { return dump(base(letter)); }

std::string form_json(const PrintForm& form) {
    auto json = base(form.letter);
    if (auto qr = qr_svg(form.link); !qr.empty()) {
        json["qr"] = std::move(qr);
        json["link"] = clean(form.link);
        json["link_label"] = clean(form.link_label.empty() ? form.letter.title : form.link_label);
    }
    return dump(json);
}

}  // namespace kiepe::documents
