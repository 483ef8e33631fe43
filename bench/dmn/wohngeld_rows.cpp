// The whole Wohngeld decision of one month: the package's model as the clerk's desk runs it, and C++ written by hand.
#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

#include "base/text.h"
#include "catalogue/catalogue.h"
#include "catalogue/law_reader.h"
#include "dmn/dmn.h"
#include "rows.h"
#include "thread_time.h"
#include "wohngeld.h"

namespace kiepe::bench {
namespace {

using feel::Value;

constexpr std::uint64_t kCompared = 5000;   // households that both ways must decide alike before anything is timed
constexpr std::size_t kTimed = 512;
constexpr std::size_t kAtOnce = 32;         // so many answers are in the processor's caches together

struct Setting {
    dmn::Model model;
    Value case_facts, city, wogg, wogv;
    wohngeld::Act act;
    std::vector<wohngeld::RentLevel> levels;

    Value answers(const wohngeld::Household& household) const { return wohngeld::answers_of(household, case_facts, city, wogg, wogv); }
};

Setting setting_of(const std::string& root) {
    namespace fs = std::filesystem;
    std::map<std::string, std::string> files;
    for (const char* act : {"law/wogg", "law/wogv"}) {
        for (const auto& entry : fs::directory_iterator(fs::path(root) / act)) files[entry.path().string()] = read_file(entry.path().string());
    }
    std::vector<catalogue::Finding> findings;
    const auto law = catalogue::read_law(files, findings, false);
    auto model = dmn::Model::load(read_file((fs::path(root) / "packages/housing-benefit/decision.dmn").string()));
    if (!model || !model->diagnostics().empty()) throw std::runtime_error("the package's model cannot be loaded");
    const Day day{std::chrono::year{2025} / 3 / 1};
    Setting setting{*model, {}, {}, law.on("WoGG", day), law.on("WoGV", day), {}, {}};
    setting.city = Value::context({{"ags", Value::string("05515000")}, {"name", Value::string("Münster")}});
    setting.case_facts = Value::context({{"received", Value::date(day)}, {"month", Value::date(day)}, {"renewal", Value::boolean(false)},
                                         {"previous", Value()}, {"channel", Value::string("web")}});
    setting.act = wohngeld::act_of(setting.wogg);
    setting.levels = wohngeld::levels_of(setting.wogv);
    return setting;
}

void must_agree(const Setting& setting) {
    for (std::uint64_t seed = 0; seed < kCompared; ++seed) {
        const auto household = wohngeld::household_of(seed);
        const auto award = wohngeld::decide(household, "05515000", setting.act, setting.levels);
        const auto outcome = setting.model.evaluate_all(setting.answers(household));
        const std::string difference = wohngeld::difference(outcome.value, award);
        if (!difference.empty()) throw std::runtime_error(fmt::format("household {}: {}", seed, difference));
    }
}

std::vector<wohngeld::Household> households() {
    std::vector<wohngeld::Household> all;
    for (std::uint64_t seed = 0; seed < kTimed; ++seed) all.push_back(wohngeld::household_of(seed));
    return all;
}

/// Each set of answers is new to the engine: nothing that it remembers of values seen before may count. A few at a time, as they come
/// from people; the thread's own time, for the pauses between are not the engine's.
std::optional<double> decide_new_answers(const Setting& setting, const std::vector<wohngeld::Household>& households) {
    std::int64_t passed = 0;
    std::size_t decided = 0;
    for (std::size_t begin = 0; begin + kAtOnce <= households.size(); begin += kAtOnce) {
        std::vector<Value> answers;
        for (std::size_t i = begin; i < begin + kAtOnce; ++i) answers.push_back(setting.answers(households[i]));
        const auto start = worked_ns();
        for (const auto& each : answers) keep(setting.model.evaluate_all(each));
        passed += worked_ns() - start;
        decided += kAtOnce;
    }
    return double(passed) / double(decided);
}

/// The same answers with another month's law, as for an award of twelve months: what the twelfth month costs.
std::optional<double> decide_again(const Setting& setting, const std::vector<wohngeld::Household>& households) {
    std::vector<Value> answers;
    for (std::size_t i = 0; i < kAtOnce; ++i) {
        answers.push_back(setting.answers(households[i]));
        keep(setting.model.evaluate_all(answers.back()));
    }
    std::size_t next = 0;
    return time_ns([&] { keep(setting.model.evaluate_all(answers[next++ % answers.size()])); });
}

}  // namespace

std::vector<Row> wohngeld_rows(Bench& bench) {
    const Setting setting = setting_of(bench.root);
    must_agree(setting);
    const auto all = households();
    std::size_t next = 0;
    const Side by_hand = side([&] { keep(wohngeld::decide(all[next++ % all.size()], "05515000", setting.act, setting.levels)); });
    const Side first = [&] { return decide_new_answers(setting, all); };
    const Side again = [&] { return decide_again(setting, all); };
    const std::string peer = fmt::format("C++ by hand, same decimal ({} households agree)", kCompared);
    return {at_most("Wohngeld, one month, answers never seen before", peer, median_ns(first, by_hand, bench.rounds), 10),
            for_information("Wohngeld, a further month of the same answers", peer, median_ns(again, by_hand, bench.rounds))};
}

}  // namespace kiepe::bench
