#include "documents/tools.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include "base/text.h"
#include "documents/child.h"

namespace kiepe::documents {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

/// From a process that a hostile file may have taken over: everything but a sensible number is 0.
double number(const std::string& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && value >= 0 && value < 1e12 ? value : 0;
}

std::string beside_this_program() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::string() : (self.parent_path() / "kiepe-upload-check").string();
}

using Lines = std::map<std::string, std::string>;

/// "name value" lines up to the empty one; `rest` begins behind it.
Lines read_head(std::string_view out, std::string_view& rest) {
    Lines lines;
    while (!out.empty()) {
        const auto end = out.find('\n');
        if (end == out.npos) break;
        const auto line = out.substr(0, end);
        out.remove_prefix(end + 1);
        if (line.empty()) break;
        const auto space = std::min(line.find(' '), line.size());
        lines[std::string(line.substr(0, space))] = std::string(trim(line.substr(space)));
    }
    rest = out;
    return lines;
}

std::string take_part(std::string_view& rest, const std::string& size) {
    const auto n = static_cast<std::size_t>(number(size));
    if (n > rest.size()) return {};
    std::string part(rest.substr(0, n));
    rest.remove_prefix(n);
    return part;
}

}  // namespace

std::optional<Look> look_at(std::string_view bytes, const std::string& checker) {
    const auto program = checker.empty() ? beside_this_program() : checker;
    const auto child = run_child({program, "50000000"}, bytes, {.wall = std::chrono::seconds(20), .cpu = std::chrono::seconds(10)});
    if (!child.started || child.exit_code == 3) return std::nullopt;
    std::string_view rest;
    auto lines = read_head(child.out, rest);
    Look look;
    look.type = lines["type"];
    look.problem = child.finished && child.exit_code == 0 ? lines["problem"] : "broken";
    if (!look.problem.empty()) return look;
    look.width = static_cast<int>(number(lines["width"]));
    look.height = static_cast<int>(number(lines["height"]));
    look.brightness = number(lines["brightness"]);
    look.paper = number(lines["paper"]);
    look.laplacian = number(lines["laplacian"]);
    look.sharpness = number(lines["sharpness"]);
    look.noise = number(lines["noise"]);
    look.jpeg = take_part(rest, lines["jpeg"]);
    look.grey = take_part(rest, lines["grey"]);
    if (look.type.starts_with("image/") && !lines["jpeg"].empty() && !look.jpeg.starts_with("\xff\xd8\xff")) look.problem = "broken";
    return look;
}

Reading parse_ocr_table(std::string_view table) {
    Reading reading;
    double sum = 0, letters = 0;
    std::string line_before;
    for (const auto& row : split(table, '\n')) {
        const auto cells = split(row, '\t');
        if (cells.size() < 12 || cells[0] != "5") continue;
        const auto word = std::string(trim(cells[11]));
        if (word.empty()) continue;
        const auto line = cells[2] + '/' + cells[3] + '/' + cells[4];  // block, paragraph, line
        if (!reading.text.empty()) reading.text += line == line_before ? ' ' : '\n';
        reading.text += word;
        line_before = line;
        const auto length = static_cast<double>(length_utf8(word));
        if (length < 2) continue;  // specks of dust are read as full stops with great confidence
        ++reading.words;
        sum += number(cells[10]) * length;
        letters += length;
    }
    reading.confidence = letters > 0 ? sum / letters : 0;
    reading.finished = true;
    return reading;
}

Reading read_picture(std::string_view pgm, const std::string& languages) {
    const auto child = run_child({"/usr/bin/tesseract", "stdin", "stdout", "-l", languages, "--psm", "3", "tsv"}, pgm,
                                 {.wall = std::chrono::seconds(12), .cpu = std::chrono::seconds(3), .memory = 1024 * kMiB, .output = 8 * kMiB});
    if (!child.finished || child.exit_code != 0) return {};
    return parse_ocr_table(child.out);
}

std::optional<PdfFacts> pdf_facts(std::string_view pdf) {
    const auto child = run_child({"/usr/bin/pdfinfo", "/dev/stdin"}, pdf,
                                 {.wall = std::chrono::seconds(10), .cpu = std::chrono::seconds(4), .memory = 1024 * kMiB, .output = kMiB, .errors = true});
    if (!child.started) return std::nullopt;
    PdfFacts facts;
    facts.encrypted = child.out.find("Incorrect password") != child.out.npos;
    facts.opened = child.finished && child.exit_code == 0;
    for (const auto& line : split(child.out, '\n')) {
        if (line.starts_with("Pages:")) facts.pages = static_cast<int>(number(std::string(trim(line.substr(6)))));
    }
    return facts;
}

std::string pdf_text(std::string_view pdf, int pages) {
    auto child = run_child({"/usr/bin/pdftotext", "-enc", "UTF-8", "-l", std::to_string(pages), "/dev/stdin", "-"}, pdf,
                           {.wall = std::chrono::seconds(8), .cpu = std::chrono::seconds(4), .memory = 1024 * kMiB, .output = 4 * kMiB});
    if (!child.finished || !valid_utf8(child.out)) return {};
    return replace_all(std::move(child.out), "\f", "\n");
}

std::string pdf_page(std::string_view pdf, int page, int width) {
    std::vector<std::string> words{"/usr/bin/pdftoppm", "-png", "-f", std::to_string(page), "-l", std::to_string(page), "-singlefile"};
    if (width > 0) {
        words.insert(words.end(), {"-scale-to-x", std::to_string(width), "-scale-to-y", "-1"});
    } else {
        words.insert(words.end(), {"-scale-to", "1600", "-gray"});
    }
    words.emplace_back("/dev/stdin");
    auto child = run_child(words, pdf, {.wall = std::chrono::seconds(10), .cpu = std::chrono::seconds(6), .memory = 1024 * kMiB});
    return child.finished && child.exit_code == 0 && child.out.starts_with("\x89PNG") ? std::move(child.out) : std::string();
}

}  // namespace kiepe::documents
