#include "rules/reform_view.h"

#include <algorithm>

#include "base/text.h"

namespace kiepe::rules {
namespace {

using web::Data;
using web::Request;

constexpr std::size_t kMostNames = 60;   ///< on the page; all of them stand in the table to be saved
constexpr int kBarLength = 100;

std::string count_text(std::string_view language, std::int64_t count) { return language::format_number(language, Decimal(count)); }

/// A share rounded to whole per cent; what is there at all is never "0 %", what lacks anything never "100 %".
std::string share_text(const language::Texts& texts, std::string_view language, std::int64_t part, std::int64_t whole) {
    if (whole == 0 || part == 0) return texts.get(language, "reform_share", {{"percent", "0"}});
    const auto rounded = (part * 200 + whole) / (whole * 2);
    const auto percent = part < whole ? std::min<std::int64_t>(rounded, 99) : rounded;
    return percent == 0 ? texts.get(language, "reform_share_small") : texts.get(language, "reform_share", {{"percent", std::to_string(percent)}});
}

/// A bar of at least one unit where there is something.
std::int64_t bar(std::int64_t part, std::int64_t most) { return part == 0 || most == 0 ? 0 : std::max<std::int64_t>(1, part * kBarLength / most); }

void put_effects(const Pages& pages, const Request& request, Data& part, const Comparison& comparison) {
    struct Row { const char* key; std::int64_t count; };
    const Row rows[] = {{"gain", comparison.gain}, {"lose", comparison.lose}, {"differ", comparison.differ}, {"same", comparison.compared - comparison.changed}};
    for (const auto& row : rows)
        part.add("EFFECTS")
            .set("EFFECT_NAME", pages.say(request, std::string("reform_effect_") + row.key))
            .set("EFFECT_ABOUT", pages.say(request, std::string("reform_effect_about_") + row.key))
            .set("EFFECT_COUNT", count_text(request.language, row.count))
            .set("EFFECT_SHARE", share_text(pages.texts, request.language, row.count, comparison.compared))
            .set("EFFECT_KIND", row.key)
            .set("EFFECT_BAR", bar(row.count, comparison.compared));
}

void put_totals(const Pages& pages, const Request& request, Data& part, const Comparison& comparison) {
    if (comparison.amount.empty() || (comparison.total_before.is_zero() && comparison.total_after.is_zero())) return;
    const auto difference = subtract(comparison.total_after, comparison.total_before).value_or(Decimal{});
    const auto label = comparison.labels.find(comparison.amount);
    auto& totals = part.add("TOTALS");
    totals.set("TOTAL_NAME", label == comparison.labels.end() ? comparison.amount : label->second)
        .set("TOTAL_BEFORE", language::format_money(request.language, comparison.total_before))
        .set("TOTAL_AFTER", language::format_money(request.language, comparison.total_after))
        .set("TOTAL_DIFFERENCE", (difference.is_negative() || difference.is_zero() ? "" : "+") + language::format_money(request.language, difference))
        .set("TOTAL_WHO", pages.say(request, comparison.paid ? "reform_total_paid" : "reform_total_granted"));
}

void put_bands(const Pages& pages, const Request& request, Data& part, const Comparison& comparison) {
    if (comparison.bands.empty()) return;
    std::int64_t most = 0;
    for (const auto& band : comparison.bands) most = std::max(most, band.count);
    auto& shown = part.add("BANDS_SHOWN");
    for (const auto& band : comparison.bands)
        shown.add("BANDS")
            .set("BAND_TEXT", band_text(pages.texts, request.language, comparison, band))
            .set("BAND_COUNT", count_text(request.language, band.count))
            .set("BAND_KIND", band.more != comparison.paid ? "gain" : "lose")
            .set("BAND_BAR", bar(band.count, most));
}

void put_lines(Data& to, const std::string& list, const std::vector<Line>& lines) {
    for (const auto& line : lines) {
        auto& row = to.add(list);
        row.set("LINE_TEXT", line.text).set("LINE_DEPTH", std::int64_t{std::min(line.depth, 4)});
        if (!line.value.empty() && line.text.find(line.value) == std::string::npos) row.add("LINE_HAS_VALUE").set("LINE_VALUE", line.value);
        if (!line.norm.empty()) row.add("LINE_HAS_NORM").set("LINE_NORM", line.norm);
    }
}

/// Reasons and looks together, one after the other; `gone` are those of `codes` that the other side does not give.
void put_reasons(const Request& request, Data& to, const std::string& list, const Comparison& comparison, const Side& side, const Side& other) {
    const auto texts = comparison.reason_texts.find(request.language);
    auto add = [&](const std::vector<std::string>& codes, const std::vector<std::string>& known) {
        for (const auto& code : codes) {
            if (std::find(known.begin(), known.end(), code) != known.end()) continue;
            std::string text = code;
            if (texts != comparison.reason_texts.end())
                if (const auto said = texts->second.find(code); said != texts->second.end()) text = said->second;
            to.add(list).set("REASON_TEXT", text);
        }
    };
    add(side.reasons, other.reasons);
    add(side.looks, other.looks);
}

void put_amounts(const Request& request, Data& to, const Group& group) {
    if (!group.shows_amounts || (group.sum_before.is_zero() && group.sum_after.is_zero())) return;
    to.add("GROUP_SUMS")
        .set("SUM_BEFORE", language::format_money(request.language, group.sum_before))
        .set("SUM_AFTER", language::format_money(request.language, group.sum_after));
}

void put_example(const Pages& pages, const Request& request, Data& to, const Group& group) {
    const auto told = group.told.find(request.language);
    const bool amounts = group.example_before != group.example_after;
    const bool words = told != group.told.end() && !(told->second.before.empty() && told->second.after.empty());
    if (!amounts && !words) return;
    auto& example = to.add("EXAMPLE");
    if (!group.example.empty()) example.add("EXAMPLE_NAMED").set("EXAMPLE_NAME", group.example);
    auto amount = [&](const std::optional<Decimal>& value) {
        return value ? language::format_money(request.language, *value) : pages.say(request, "reform_no_amount");
    };
    example.show_if(!amounts && told->second.before.empty(), "NOTHING_BEFORE").show_if(!amounts && told->second.after.empty(), "NOTHING_AFTER");
    if (amounts) {
        example.add("AMOUNT_BEFORE").set("AMOUNT", amount(group.example_before));
        example.add("AMOUNT_AFTER").set("AMOUNT", amount(group.example_after));
    }
    if (!words) return;
    put_lines(example, "BEFORE_LINES", told->second.before);
    put_lines(example, "AFTER_LINES", told->second.after);
}

void put_names(const Request& request, Data& to, const Comparison& comparison, std::size_t index, bool linked) {
    auto& list = to.add("NAMES_SHOWN");
    std::size_t shown = 0, all = 0;
    for (const auto& change : comparison.changes) {
        if (change.group != index || ++all > kMostNames) continue;
        ++shown;
        auto& name = list.add("NAMES");
        if (linked) name.add("NAME_LINKED").set("NAME", change.name).set("NAME_PATH", "/" + request.language + "/desk/cases/" + change.name);
        else name.add("NAME_PLAIN").set("NAME", change.name);
    }
    if (all > shown) list.add("NAMES_MORE").set("NAMES_REST", count_text(request.language, std::int64_t(all - shown)));
}

void put_group(const Pages& pages, const Request& request, Data& part, const Comparison& comparison, std::size_t index, bool linked, bool named) {
    const auto& group = comparison.groups[index];
    const auto titles = group.titles.find(request.language);
    const auto title = [&](bool after) {
        if (titles == group.titles.end()) return after ? group.after.outcome : group.before.outcome;
        return after ? titles->second.second : titles->second.first;
    };
    auto& to = part.add("GROUPS");
    to.set("GROUP_TITLE", pages.texts.get_n(request.language, std::string("reform_group_") + std::string(name_of(group.effect)), group.count))
        .set("GROUP_KIND", std::string(name_of(group.effect)));
    if (group.before.outcome == group.after.outcome)
        to.add("OUTCOME_SAME").set("OUTCOME", outcome_text(pages.texts, request.language, title(true)));
    else
        to.add("OUTCOME_OTHER")
            .set("OUTCOME_BEFORE", outcome_text(pages.texts, request.language, title(false)))
            .set("OUTCOME_AFTER", outcome_text(pages.texts, request.language, title(true)));
    put_reasons(request, to, "REASONS_GONE", comparison, group.before, group.after);
    put_reasons(request, to, "REASONS_NEW", comparison, group.after, group.before);
    if (group.before.automatic != group.after.automatic) to.add("HAND").set("HAND_TEXT", pages.say(request, group.after.automatic ? "reform_by_machine" : "reform_by_hand"));
    for (const auto& missing : group.after.missing)
        if (std::find(group.before.missing.begin(), group.before.missing.end(), missing) == group.before.missing.end())
            to.add("MISSING").set("MISSING_NAME", missing);
    std::vector<std::string> labels;
    for (const auto& name : group.results)
        if (const auto label = comparison.labels.find(name); label != comparison.labels.end()) labels.push_back(label->second);
    if (!labels.empty()) to.add("RESULTS").set("RESULTS_TEXT", join(labels, ", "));
    put_amounts(request, to, group);
    to.show_if(!group.shows_amounts, "TOO_FEW");
    put_example(pages, request, to, group);
    if (named) put_names(request, to, comparison, index, linked);
}

}  // namespace

std::string value_text(const language::Texts& texts, std::string_view language, const feel::Value& value) {
    switch (value.kind()) {
        case feel::Kind::null: return texts.get(language, "reform_no_value");
        case feel::Kind::number: return language::format_number(language, value.as_number());
        case feel::Kind::boolean: return texts.get(language, value.as_boolean() ? "yes" : "no");
        case feel::Kind::date: return language::format_date(language, value.as_date());
        case feel::Kind::string: return value.as_string();
        case feel::Kind::list: {
            std::vector<std::string> items;
            for (const auto& item : value.as_list()) items.push_back(value_text(texts, language, item));
            return join(items, "; ");
        }
        case feel::Kind::context: {
            std::vector<std::string> items;
            for (const auto& [name, item] : value.as_context()) items.push_back(name + ": " + value_text(texts, language, item));
            return join(items, ", ");
        }
        default: return value.text();
    }
}

std::string headline(const language::Texts& texts, std::string_view language, const Comparison& comparison) {
    const language::Arguments counts{{"changed", count_text(language, comparison.changed)}, {"all", count_text(language, comparison.compared)},
                                     {"gain", count_text(language, comparison.gain)}, {"lose", count_text(language, comparison.lose)},
                                     {"differ", count_text(language, comparison.differ)}};
    if (comparison.compared == 0) return texts.get(language, "reform_headline_nothing");
    const std::string only = comparison.compared == 1 ? "only_" : "";
    return texts.get(language, comparison.changed == 0 ? "reform_headline_" + only + "none" : comparison.changed == 1 ? "reform_headline_" + only + "one" : "reform_headline", counts);
}

std::string outcome_text(const language::Texts& texts, std::string_view language, const std::string& title) {
    return title.empty() ? texts.get(language, "reform_not_decided") : title;
}

std::string band_text(const language::Texts& texts, std::string_view language, const Comparison& comparison, const Band& band) {
    const std::string verb = comparison.paid ? "paid" : "granted", way = band.more ? "more" : "less";
    const std::string size = band.below == 0 ? "from" : band.least == 0 ? "below" : "between";
    const auto money = texts.get(language, "reform_band_" + size, {{"least", count_text(language, band.least)}, {"below", count_text(language, band.below)}});
    return texts.get(language, "reform_band_" + verb + "_" + way, {{"money", money}});
}

void put_comparison(const Pages& pages, const Request& request, Data& part, const Comparison& comparison, bool names_linked, bool names_shown) {
    part.set("HEADLINE", headline(pages.texts, request.language, comparison));
    if (comparison.failing > 0)
        part.add("FAILING").set("FAILING_TEXT", pages.texts.get_n(request.language, "reform_failing", comparison.failing));
    if (comparison.changed == 0) return;
    auto& changed = part.add("CHANGED");
    put_effects(pages, request, changed, comparison);
    put_totals(pages, request, changed, comparison);
    put_bands(pages, request, changed, comparison);
    if (comparison.hidden > 0) changed.add("HIDDEN").set("HIDDEN_TEXT", pages.texts.get_n(request.language, "reform_hidden", comparison.hidden));
    for (std::size_t i = 0; i < comparison.groups.size(); ++i) put_group(pages, request, changed, comparison, i, names_linked, names_shown);
}

}  // namespace kiepe::rules
