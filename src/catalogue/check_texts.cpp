#include <algorithm>
#include <set>

#include "base/text.h"
#include "catalogue/check.h"
#include "catalogue/form_reader.h"
#include "catalogue/letter_template.h"

namespace kiepe::catalogue {
namespace {

/// A sentence of the package with where it stands.
struct Sentence {
    Text text;
    std::string file;
    int line = 1;
};

const std::vector<std::string>& house_parts() {
    static const std::vector<std::string> parts{"salutation", "reasons", "steps", "clauses", "missing", "payment", "automated", "remedy"};
    return parts;
}

std::string letter_place(const std::string& path) { return path.substr(0, path.size() - 3); }

std::string argument(const Error& error, std::string_view name) {
    for (const auto& [key, value] : error.args)
        if (key == name) return value;
    return "";
}

/// A literal text inside a placeholder would reach people untranslated.
bool has_literal_text(const std::string& expression) { return expression.find('"') != std::string::npos; }

bool is_path(std::string_view expression) {
    return std::all_of(expression.begin(), expression.end(), [](char ch) {
        return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_' || ch == '.';
    });
}

struct Sentences {
    Checking& c;
    std::vector<Sentence> all = {};

    void add(const Text& text, const std::string& file, int line) {
        if (!text.empty()) all.push_back({text, file, line});
    }

    /// Nothing but a placeholder: there is nothing to translate.
    static bool is_bare(const Sentence& sentence) {
        const std::string& german = sentence.text.german;
        return german.rfind("{{", 0) == 0 && german.find("}}") == german.size() - 2;
    }

    void form() {
        const std::string file = "form.yaml";
        for (const auto& page : c.package.form.pages) {
            add(page.title, file, page.line);
            add(page.another, file, page.line);
            for (const auto& check : page.checks) add(check.say, file, check.line);
            for (const auto& q : page.questions) {
                add(q.label, file, q.line);
                add(q.help, file, q.line);
                add(q.say, file, q.line);
                for (const auto& [code, label] : q.options) add(label, file, q.line);
                for (const auto& check : q.checks) add(check.say, file, check.line);
            }
        }
        for (const auto& paper : c.package.form.papers) add(paper.label, file, paper.line);
    }

    void service() {
        const std::string file = "service.yaml";
        const Service& s = c.package.service;
        add(s.name, file, c.line(file, {"name"}));
        add({join(s.also_called, ", "), "service/also_called"}, file, c.line(file, {"also_called"}));
        add(s.short_text, file, c.line(file, {"short"}));
        add(s.text, file, c.line(file, {"text"}));
        for (const auto& text : s.conditions) add(text, file, c.line(file, {"conditions"}));
        for (const auto& text : s.steps) add(text, file, c.line(file, {"steps"}));
        for (const auto& [code, rule] : s.outcomes) {
            add(rule.title, file, c.line(file, {"outcomes", code}));
            add(rule.task, file, c.line(file, {"outcomes", code}));
        }
        if (s.automation) add(s.automation->register_text, file, c.line(file, {"automation", "register_text"}));
        for (const auto& consultation : s.consultations) add(consultation.question, file, c.line(file, {"consult"}));
        for (const auto& clause : s.clauses) add(clause.say, file, c.line(file, {"clauses"}));
        add({s.data.purpose, "service/purpose/text"}, file, c.line(file, {"data", "purpose"}));
        add(s.fee.about, file, c.line(file, {"fee", "about"}));
    }

    void reasons() {
        const std::string file = "reasons.yaml";
        for (const auto& [code, reason] : c.package.reasons) {
            add(reason.say, file, c.line(file, {"reasons", code, "say"}));
            add(reason.what_now, file, c.line(file, {"reasons", code, "what_now"}));
        }
        for (const auto& [decision, step] : c.package.step_texts) add(step.say, file, c.line(file, {"steps", decision, "say"}));
    }

    void letter_nodes(const std::vector<LetterNode>& nodes, const std::string& file) {
        for (const auto& node : nodes) {
            add({node.german, node.place}, file, node.line);
            letter_nodes(node.children, file);
            letter_nodes(node.otherwise, file);
        }
    }

    void letters() {
        const bool common = c.package.service.id == "common";
        const auto names = letter_names(c.package);
        for (const auto& [path, content] : c.package.letters) {
            if (common != (path.rfind("common/", 0) == 0)) continue;  // common letters belong to packages/common
            if (auto letter = parse_letter(content, letter_place(path), names)) letter_nodes(letter->nodes, path);
        }
    }
};

/// Placeholders of sentences outside letters, compiled against what they may name.
void check_placeholders(Checking& c, const std::vector<Sentence>& sentences) {
    const feel::Names wide = sentence_names(c.package);
    for (const auto& sentence : sentences) {
        if (sentence.text.german.find("{{") == std::string::npos || sentence.file.rfind(".md") != std::string::npos) continue;
        const auto sources = placeholders(sentence.text.german);
        Report report = c.report(sentence.file);
        if (!sources) {
            report.error(sentence.line, "letter_placeholder", {{"text", sentence.text.german}});
            continue;
        }
        // labels of entries name the page's variable
        feel::Names names = wide;
        for (const auto& page : c.package.form.pages)
            for (const auto& variable : {page.add_variable, page.for_variable})
                if (!variable.empty()) names.names[variable] = feel::Type{};
        for (const auto& source : *sources) {
            if (has_literal_text(source)) report.error(sentence.line, "letter_literal_text", {{"expression", source}});
            compile_text(source, sentence.line, names, report);
        }
    }
}

// More than this many gaps in one language are one message: the translation has hardly begun.
constexpr std::size_t kManyMissing = 15;

/// One language of the package against its sentences.
struct TranslationCheck {
    Checking& c;
    const std::string& language;
    const std::map<std::string, language::PoEntry>& known = c.package.translations.at(language);
    std::vector<Finding> missing = {};

    /// Plain German explains decisions; the form's own words are plain enough, so that nobody has to write them twice.
    bool expected(const Sentence& sentence) const { return language != "de-simple" || sentence.text.place.starts_with("reasons/"); }

    void sentence(const Sentence& sentence) {
        const auto exact = known.find(sentence.text.place + '\x04' + sentence.text.german);
        const auto moved = known.find('\x04' + sentence.text.german);
        const bool usable = exact != known.end() && !exact->second.fuzzy && !exact->second.texts.empty() && !exact->second.texts.front().empty();
        const language::PoEntry* entry = usable ? &exact->second : moved != known.end() ? &moved->second : nullptr;
        if (!entry) {
            const bool fuzzy = exact != known.end() && exact->second.fuzzy;
            Report report(missing, c.report(sentence.file).file());
            report.warn(sentence.line, fuzzy ? "texts_fuzzy" : "texts_missing",
                        {{"language", language}, {"place", sentence.text.place}, {"text", sentence.text.german}});
            return;
        }
        auto german = placeholders(sentence.text.german), translated = placeholders(entry->texts.front());
        if (german) std::sort(german->begin(), german->end());
        if (translated) std::sort(translated->begin(), translated->end());
        if (german && german != translated)
            c.report(file()).error(entry->line, "texts_placeholders", {{"place", sentence.text.place}, {"text", sentence.text.german}});
    }

    /// Translations of German that is nowhere any more: the sentence has changed, or is gone.
    void unused(const std::vector<Sentence>& sentences) {
        std::set<std::string> used;
        for (const auto& sentence : sentences) used.insert(sentence.text.german);
        const auto common = c.catalogue.common().translations.find(language);
        for (const auto& [key, entry] : known) {
            const bool shared = common != c.catalogue.common().translations.end() && common->second.count(key);
            if (key.front() == '\x04' || used.count(entry.id) || (shared && c.package.service.id != "common")) continue;
            c.report(file()).warn(entry.line, "texts_unused", {{"place", entry.context}, {"text", entry.id}});
        }
    }

    void report_missing(std::size_t of) {
        if (missing.size() <= kManyMissing) {
            c.findings.insert(c.findings.end(), missing.begin(), missing.end());
            return;
        }
        c.report(file()).warn(1, "texts_many_missing",
                              {{"language", language}, {"count", std::to_string(missing.size())}, {"of", std::to_string(of)}});
    }

    std::string file() const { return (c.package.service.id == "common" ? "common/texts/" : "texts/") + language + ".po"; }
};

struct LetterCheck {
    Checking& c;
    Report report;

    void nodes(const std::vector<LetterNode>& list) {
        for (const auto& node : list) {
            if (node.kind == LetterNode::Kind::part) {
                const auto& parts = house_parts();
                if (std::find(parts.begin(), parts.end(), node.name) == parts.end())
                    report.error(node.line, "letter_unknown_part", {{"part", node.name}, {"hint", did_you_mean(node.name, parts)}});
            }
            for (const auto& piece : node.pieces)
                if (piece.value) placeholder(piece, node.line);
            nodes(node.children);
            nodes(node.otherwise);
        }
    }

    void placeholder(const Piece& piece, int line) {
        if (has_literal_text(piece.text)) report.error(line, "letter_literal_text", {{"expression", piece.text}});
        // a computed number has no unit that the house could print: money(), number() say which
        const bool number = piece.value->type().simple == "number";
        if (number && !is_path(piece.text)) report.error(line, "letter_untyped_number", {{"expression", piece.text}});
        if (number && is_path(piece.text) && !c.package.form.question_at(piece.text) && !c.package.service.decision_results.count(piece.text))
            report.error(line, "letter_untyped_number", {{"expression", piece.text}});
    }
};

}  // namespace

void check_letters(Checking& c) {
    const auto names = letter_names(c.package);
    const bool common = c.package.service.id == "common";
    for (const auto& [path, content] : c.package.letters) {
        if (common != (path.rfind("common/", 0) == 0)) continue;
        auto letter = parse_letter(content, letter_place(path), names);
        if (letter) {
            LetterCheck{c, c.report(path)}.nodes(letter->nodes);
            continue;
        }
        const Error& error = letter.error();
        const bool own = error.code.rfind("letter_", 0) == 0;
        const int line = std::max(1, std::atoi(error.where.c_str()));
        Args args = error.args;
        if (!own) args = {{"expression", argument(error, "expression")}, {"message", error.detail.empty() ? error.code : error.detail}, {"hint", argument(error, "hint")}};
        c.report(path).error(line, own ? error.code : "package_feel", std::move(args));
    }
}

void check_texts(Checking& c) {
    Sentences sentences{c};
    sentences.letters();
    if (c.package.service.id != "common") {
        sentences.form();
        sentences.service();
        sentences.reasons();
    } else {
        for (const auto& situation : c.catalogue.situations()) {
            sentences.add(situation.name, "common/situations.yaml", 1);
            sentences.add(situation.hint, "common/situations.yaml", 1);
        }
    }
    check_placeholders(c, sentences.all);
    const bool common = c.package.service.id == "common";
    for (const auto& [language, entries] : c.package.translations)
        if (common || c.package.files.count("texts/" + language + ".po")) {
            TranslationCheck check{c, language};
            for (const auto& sentence : sentences.all)
                if (!Sentences::is_bare(sentence) && check.expected(sentence)) check.sentence(sentence);
            check.unused(sentences.all);
            check.report_missing(sentences.all.size());
        }
    if (!common && !c.package.translations.count("en")) c.warn("service.yaml", {"name"}, "texts_language_missing", {{"language", "en"}});
}

}  // namespace kiepe::catalogue
