#include "documents/documents.h"

#include <algorithm>

#include "base/text.h"

namespace kiepe::documents {

Block heading(std::string text, int level) {
    return {.kind = level == 1 ? Block::Kind::h1 : Block::Kind::h2, .runs = {{std::move(text)}}};
}

Block paragraph(std::string text) { return {.kind = Block::Kind::paragraph, .runs = {{std::move(text)}}}; }

Block bullets(std::vector<std::string> items) {
    Block block{.kind = Block::Kind::bullets};
    for (auto& item : items) block.items.push_back({{std::move(item)}});
    return block;
}

Block pairs(const std::vector<std::pair<std::string, std::string>>& rows) {
    Block block{.kind = Block::Kind::pairs};
    for (const auto& [question, answer] : rows) block.rows.push_back({Runs{{question}}, Runs{{answer}}});
    return block;
}

Runs parse_runs(std::string_view line) {
    constexpr std::string_view kBold = "**";
    Runs runs;
    const auto put = [&runs](std::string_view text, bool bold) {
        if (text.empty()) return;
        if (!runs.empty() && runs.back().bold == bold) {
            runs.back().text += text;
        } else {
            runs.push_back({std::string(text), bold});
        }
    };
    while (!line.empty()) {
        const auto open = line.find(kBold);
        const auto close = open == line.npos ? line.npos : line.find(kBold, open + 2);
        if (close == line.npos || close == open + 2) {
            const auto plain = close == line.npos ? line.size() : close + 2;  // "****" has nothing in it to make bold
            put(line.substr(0, plain), false);
            line.remove_prefix(plain);
            continue;
        }
        put(line.substr(0, open), false);
        put(line.substr(open + 2, close - open - 2), true);
        line.remove_prefix(close + 2);
    }
    return runs;
}

namespace {

/// The text behind "1. ", "12. "; nullopt-like: empty view with data() == nullptr.
std::string_view after_number(std::string_view line) {
    const auto digits = std::min(line.find_first_not_of("0123456789"), line.size());
    if (digits == 0 || digits > 3 || !line.substr(digits).starts_with(". ")) return {};
    return trim(line.substr(digits + 2));
}

bool bold_is_closed(std::string_view line) {
    int marks = 0;
    for (auto at = line.find("**"); at != line.npos; at = line.find("**", at + 2)) ++marks;
    return marks % 2 == 0;
}

void add_item(std::vector<Block>& blocks, bool continues, Block::Kind kind, std::string_view text) {
    if (!continues || blocks.empty() || blocks.back().kind != kind) blocks.push_back({.kind = kind});
    blocks.back().items.push_back(parse_runs(text));
}

}  // namespace

Result<std::vector<Block>> parse_markdown(std::string_view text) {
    std::vector<Block> blocks;
    int number = 0;
    bool in_list = false;  // an empty line ends a list
    for (const auto& raw : split(text, '\n')) {
        ++number;
        const auto line = trim(raw);
        if (!bold_is_closed(line)) return Error{.code = "markdown.bold_open", .where = "line " + std::to_string(number)};
        bool list_line = true;
        if (line.starts_with("- ")) {
            add_item(blocks, in_list, Block::Kind::bullets, trim(line.substr(2)));
        } else if (const auto item = after_number(line); item.data() != nullptr) {
            add_item(blocks, in_list, Block::Kind::numbers, item);
        } else {
            list_line = false;
            if (line.starts_with("## ")) {
                blocks.push_back({.kind = Block::Kind::h2, .runs = parse_runs(trim(line.substr(3)))});
            } else if (line.starts_with("# ")) {
                blocks.push_back({.kind = Block::Kind::h1, .runs = parse_runs(trim(line.substr(2)))});
            } else if (!line.empty()) {
                blocks.push_back({.kind = Block::Kind::paragraph, .runs = parse_runs(line)});
            }
        }
        in_list = list_line;
    }
    return blocks;
}

std::string to_text(const Runs& runs) {
    std::string text;
    for (const auto& run : runs) text += run.text;
    return text;
}

namespace {

std::string rows_to_text(const Block& block) {
    std::vector<std::string> lines;
    for (const auto& row : block.rows) {
        std::vector<std::string> cells;
        for (const auto& cell : row) cells.push_back(to_text(cell));
        lines.push_back(join(cells, block.kind == Block::Kind::pairs ? ": " : " | "));
    }
    return join(lines, "\n");
}

std::string block_to_text(const Block& block) {
    switch (block.kind) {
        case Block::Kind::bullets:
        case Block::Kind::numbers: {
            std::vector<std::string> lines;
            for (const auto& item : block.items) {
                const auto mark = block.kind == Block::Kind::bullets ? "- " : std::to_string(lines.size() + 1) + ". ";
                lines.push_back(mark + to_text(item));
            }
            return join(lines, "\n");
        }
        case Block::Kind::table:
        case Block::Kind::pairs:
            return rows_to_text(block);
        default:
            return to_text(block.runs);
    }
}

}  // namespace

std::string to_text(const std::vector<Block>& blocks) {
    std::string text;
    for (const auto& block : blocks) {
        if (!text.empty()) text += "\n\n";
        text += block_to_text(block);
    }
    return text.empty() ? text : text + "\n";
}

}  // namespace kiepe::documents
