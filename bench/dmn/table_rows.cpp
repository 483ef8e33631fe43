// One decision table of 100 rules and 6 inputs: ours, dmn-eval-js with the same file, and an index of bitmaps written by hand for it.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dmn/dmn.h"
#include "rows.h"

namespace kiepe::bench {
namespace {

using feel::Value;

constexpr int kRules = 100;
constexpr std::size_t kQuestions = 64;
constexpr std::string_view kKinds[] = {"car", "van", "trailer", "motorcycle", "camper", "truck", "bus", "tractor"};
constexpr std::string_view kZones[] = {"north", "east", "south", "west", "centre", "harbour"};

/// An interval of whole numbers or cents; `low` included, `high` not.
struct Interval {
    int low = 0, high = 0;
    bool any = false;
};

struct Rule {
    Interval amount, age, distance;
    std::vector<int> kinds = {};             ///< empty: any
    int zone = -1;                           ///< -1: any
    int resident = -1;
};

struct Question {
    int amount_cents, age, distance, kind, zone;
    bool resident;
};

class Chance {
public:
    int below(int n) {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return static_cast<int>((state_ >> 33) % static_cast<std::uint64_t>(n));
    }
    bool percent(int p) { return below(100) < p; }

private:
    std::uint64_t state_ = 2026;
};

Interval interval_of(Chance& chance, int most, int wide) {
    if (chance.percent(20)) return {0, 0, true};
    const int low = chance.below(most);
    return {low, low + 1 + chance.below(wide)};
}

std::vector<Rule> rules_of(Chance& chance) {
    std::vector<Rule> rules;
    for (int i = 0; i < kRules; ++i) {
        Rule rule{interval_of(chance, 200'000, 150'000), interval_of(chance, 90, 60), interval_of(chance, 400, 300)};
        const int kinds = chance.below(4);
        for (int k = 0; k < kinds; ++k) {
            const int kind = chance.below(8);
            if (std::find(rule.kinds.begin(), rule.kinds.end(), kind) == rule.kinds.end()) rule.kinds.push_back(kind);
        }
        if (chance.percent(60)) rule.zone = chance.below(6);
        if (chance.percent(40)) rule.resident = chance.below(2);
        rules.push_back(rule);
    }
    return rules;
}

bool holds(const Interval& interval, int value) { return interval.any || (value >= interval.low && value < interval.high); }

/// The first rule that matches, walked through; kRules where none does.
int first_match(const std::vector<Rule>& rules, const Question& q) {
    for (int i = 0; i < kRules; ++i) {
        const Rule& r = rules[static_cast<std::size_t>(i)];
        const bool kind = r.kinds.empty() || std::find(r.kinds.begin(), r.kinds.end(), q.kind) != r.kinds.end();
        if (kind && holds(r.amount, q.amount_cents) && holds(r.age, q.age) && holds(r.distance, q.distance) && (r.zone < 0 || r.zone == q.zone) &&
            (r.resident < 0 || (r.resident == 1) == q.resident)) return i;
    }
    return kRules;
}

/// Questions whose answers are spread over the rules.
std::vector<Question> questions_of(Chance& chance, const std::vector<Rule>& rules) {
    std::vector<Question> questions;
    std::array<int, kRules + 1> asked{};
    while (questions.size() < kQuestions) {
        const Question q{chance.below(300'000), chance.below(110), chance.below(600), chance.below(8), chance.below(6), chance.percent(50)};
        const int rule = first_match(rules, q);
        if (rule < kRules && asked[static_cast<std::size_t>(rule)]++ < 3) questions.push_back(q);
    }
    return questions;
}

std::string cell(const Interval& interval, int scale) {
    if (interval.any) return "-";
    const auto number = [&](int n) { return scale == 1 ? fmt::format("{}", n) : fmt::format("{}.{:02}", n / scale, n % scale); };
    return fmt::format("[{}..{}[", number(interval.low), number(interval.high));
}

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text); }

std::string xml_of(const std::vector<Rule>& rules) {
    std::string xml = R"(<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/DMN/20151101/dmn.xsd" id="table" name="table" namespace="urn:table">)";
    constexpr std::pair<const char*, const char*> inputs[] = {{"amount", "number"}, {"age", "number"}, {"distance", "number"}, {"kind", "string"}, {"zone", "string"}, {"resident", "boolean"}};
    for (const auto& [name, type] : inputs) xml += fmt::format(R"(<inputData id="i_{0}" name="{0}"><variable name="{0}" typeRef="{1}"/></inputData>)", name, type);
    xml += R"(<decision id="fee" name="fee"><variable name="fee" typeRef="number"/>)";
    for (const auto& [name, type] : inputs) xml += fmt::format(R"(<informationRequirement><requiredInput href="#i_{}"/></informationRequirement>)", name);
    xml += R"(<decisionTable id="t" hitPolicy="FIRST">)";
    for (const auto& [name, type] : inputs) xml += fmt::format(R"(<input id="c_{0}" label="{0}"><inputExpression id="e_{0}" typeRef="{1}"><text>{0}</text></inputExpression></input>)", name, type);
    xml += R"(<output id="o" name="fee" typeRef="number"/>)";
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const Rule& r = rules[i];
        std::string kinds;
        for (const int kind : r.kinds) kinds += (kinds.empty() ? "" : ",") + quoted(kKinds[kind]);
        const std::string cells[] = {cell(r.amount, 100), cell(r.age, 1), cell(r.distance, 1), kinds.empty() ? "-" : kinds,
                                     r.zone < 0 ? "-" : quoted(kZones[r.zone]), r.resident < 0 ? "-" : r.resident == 1 ? "true" : "false"};
        xml += fmt::format(R"(<rule id="r{}">)", i);
        for (std::size_t c = 0; c < std::size(cells); ++c) xml += fmt::format(R"(<inputEntry id="r{}_{}"><text>{}</text></inputEntry>)", i, c, cells[c]);
        xml += fmt::format(R"(<outputEntry id="r{}_o"><text>{}</text></outputEntry></rule>)", i, i + 1);
    }
    return xml + "</decisionTable></decision></definitions>";
}

/// What a programmer writes who knows the table: sorted limits with bits of the rules that hold between them; texts by their number.
class ByHand {
public:
    using Bits = std::array<std::uint64_t, 2>;
    struct Asked {
        Decimal amount, age, distance;
        std::string kind, zone;
        bool resident;
    };

    explicit ByHand(const std::vector<Rule>& rules) {
        for (std::size_t i = 0; i < rules.size(); ++i) {
            for (std::size_t kind = 0; kind < std::size(kKinds); ++kind) {
                if (rules[i].kinds.empty() || std::find(rules[i].kinds.begin(), rules[i].kinds.end(), int(kind)) != rules[i].kinds.end()) set(kinds_[kind], i);
            }
            for (std::size_t zone = 0; zone < std::size(kZones); ++zone) {
                if (rules[i].zone < 0 || rules[i].zone == int(zone)) set(zones_[zone], i);
            }
            for (int yes = 0; yes < 2; ++yes) {
                if (rules[i].resident < 0 || rules[i].resident == yes) set(resident_[yes], i);
            }
        }
        amount_.make(rules, &Rule::amount, 100);
        age_.make(rules, &Rule::age, 1);
        distance_.make(rules, &Rule::distance, 1);
    }

    int operator()(const Asked& q) const {
        const Bits &a = amount_.find(q.amount), &b = age_.find(q.age), &c = distance_.find(q.distance), &d = kinds_[number_of(kKinds, q.kind)],
                   &e = zones_[number_of(kZones, q.zone)], &f = resident_[q.resident ? 1 : 0];
        for (std::size_t word = 0; word < 2; ++word) {
            const std::uint64_t rest = a[word] & b[word] & c[word] & d[word] & e[word] & f[word];
            if (rest != 0) return int(word) * 64 + std::countr_zero(rest);
        }
        return kRules;
    }

private:
    static void set(Bits& bits, std::size_t rule) { bits[rule / 64] |= std::uint64_t{1} << (rule % 64); }

    template <std::size_t n>
    static std::size_t number_of(const std::string_view (&texts)[n], const std::string& text) {
        return static_cast<std::size_t>(std::find(std::begin(texts), std::end(texts), text) - std::begin(texts));
    }

    struct Column {
        std::vector<Decimal> limits;
        std::vector<Bits> bits;              ///< bits[i]: below limits[i], from limits[i - 1] on

        void make(const std::vector<Rule>& rules, Interval Rule::*interval, int scale) {
            std::vector<int> all;
            for (const auto& rule : rules) {
                if (!(rule.*interval).any) all.insert(all.end(), {(rule.*interval).low, (rule.*interval).high});
            }
            std::sort(all.begin(), all.end());
            all.erase(std::unique(all.begin(), all.end()), all.end());
            for (const int limit : all) limits.push_back(*divide(limit, scale));
            bits.resize(all.size() + 1);
            for (std::size_t rule = 0; rule < rules.size(); ++rule) {
                for (std::size_t i = 0; i < bits.size(); ++i) {
                    if (holds(rules[rule].*interval, i == 0 ? all.front() - 1 : all[i - 1])) set(bits[i], rule);
                }
            }
        }
        const Bits& find(Decimal value) const {
            const auto place = std::upper_bound(limits.begin(), limits.end(), value, [](Decimal a, Decimal b) { return compare(a, b) < 0; });
            return bits[static_cast<std::size_t>(place - limits.begin())];
        }
    };

    Column amount_, age_, distance_;
    std::array<Bits, std::size(kKinds) + 1> kinds_{};
    std::array<Bits, std::size(kZones) + 1> zones_{};
    std::array<Bits, 2> resident_{};
};

constexpr std::size_t kInputs = 6;
constexpr const char* kNames[kInputs] = {"amount", "age", "distance", "kind", "zone", "resident"};

/// The question as an array, in the order of kNames.
std::array<Value, kInputs> array_of(const Question& q) {
    return {Value::number(*divide(q.amount_cents, 100)), Value::number(std::int64_t{q.age}), Value::number(std::int64_t{q.distance}),
            Value::string(std::string(kKinds[q.kind])), Value::string(std::string(kZones[q.zone])), Value::boolean(q.resident)};
}

Value inputs_of(const std::array<Value, kInputs>& values) {
    feel::Context context;
    for (std::size_t i = 0; i < kInputs; ++i) context.emplace_back(kNames[i], values[i]);
    return Value::context(std::move(context));
}

/// The task for the peer: the same file, the same questions with the answers that they must get.
std::string task_of(const std::string& file, const std::vector<Question>& questions, const std::vector<Rule>& rules) {
    nlohmann::json task{{"file", file}, {"decision", "fee"}, {"output", "fee"}};
    for (std::size_t i = 0; i < 8; ++i) {
        const Question& q = questions[i * 8];
        task["questions"].push_back({{"amount", q.amount_cents / 100.0}, {"age", q.age}, {"distance", q.distance}, {"kind", kKinds[q.kind]},
                                     {"zone", kZones[q.zone]}, {"resident", q.resident}});
        task["answers"].push_back(first_match(rules, q) + 1);
    }
    return "dmn-eval-js " + task.dump();
}

/// A file that is gone with the bench.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& content) : path_(std::filesystem::temp_directory_path() / fmt::format("kiepe-bench-{}.dmn", getpid())) {
        std::ofstream(path_) << content;
    }
    ~TemporaryFile() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

}  // namespace

std::vector<Row> table_rows(Bench& bench) {
    Chance chance;
    const auto rules = rules_of(chance);
    const auto questions = questions_of(chance, rules);
    const std::string xml = xml_of(rules);
    const TemporaryFile file(xml);
    const auto model = dmn::Model::load(xml);
    if (!model || !model->diagnostics().empty()) throw std::runtime_error("the bench's own table cannot be loaded");
    const ByHand by_hand(rules);
    const auto prepared = model->prepare("fee", {std::begin(kNames), std::end(kNames)});
    if (!prepared) throw std::runtime_error("the bench's own table cannot be prepared");
    std::vector<std::array<Value, kInputs>> arrays;
    std::vector<Value> inputs;
    std::vector<ByHand::Asked> asked;
    for (const auto& q : questions) {
        arrays.push_back(array_of(q));
        inputs.push_back(inputs_of(arrays.back()));
        asked.push_back({*divide(q.amount_cents, 100), q.age, q.distance, std::string(kKinds[q.kind]), std::string(kZones[q.zone]), q.resident});
        const Value ours = model->evaluate("fee", inputs.back()).value;
        const Value wanted = Value::number(std::int64_t{first_match(rules, q) + 1});
        if (!(ours == wanted) || !(prepared->evaluate(arrays.back()).value == wanted) || by_hand(asked.back()) != first_match(rules, q)) {
            throw std::runtime_error("the table gives " + ours.text());
        }
    }
    std::size_t next = 0;
    const Side ours = side([&] { keep(prepared->evaluate(arrays[next++ % kQuestions])); });
    const Side by_name = side([&] { keep(model->evaluate("fee", inputs[next++ % kQuestions])); });
    const Side index = side([&] { keep(by_hand(asked[next++ % kQuestions])); });
    const Side linear = side([&] { keep(first_match(rules, questions[next++ % kQuestions])); });
    const std::string task = task_of(file.path(), questions, rules);
    const Side peer = [&] { return bench.peers.measure(task); };
    constexpr const char* work = "table, 100 rules x 6 inputs, prepared";
    constexpr const char* named = "the same, decision and inputs by name";
    return {at_least(work, bench.peers.name("@hbtgmbh/dmn-eval-js") + ", parsed once", median_ns(ours, peer, bench.rounds), 10'000),
            at_most(work, "C++ by hand: bitmaps, same decimal and texts", median_ns(ours, index, bench.rounds), 3),
            for_information(named, "C++ by hand: bitmaps, same decimal and texts", median_ns(by_name, index, bench.rounds)),
            for_information(work, "C++ by hand: rule by rule over whole numbers", median_ns(ours, linear, bench.rounds))};
}

}  // namespace kiepe::bench
