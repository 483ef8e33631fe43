#include "rules/form_filler.h"

#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "casework/surroundings.h"
#include "catalogue/form_walk.h"
#include "rules/invented.h"

namespace kiepe::rules {

using casework::Application;
using catalogue::Asked;
using catalogue::Evaluation;
using catalogue::Question;
using catalogue::QuestionType;
using feel::Value;

namespace {

constexpr int kRounds = 60;         ///< of looking at the form, for one application
constexpr std::size_t kMost = 40;   ///< entries of one list

std::string last_part(const std::string& name) {
    const auto dot = name.rfind('.');
    return dot == std::string::npos ? name : name.substr(dot + 1);
}

/// "persons[5].age" in learnt answers with two persons is that of the first.
Value at_similar(const Value& answers, const std::string& path) {
    Value here = answers;
    for (const auto& part : split(path, '.')) {
        const auto bracket = part.find('[');
        here = here.get(part.substr(0, bracket));
        if (bracket == std::string::npos) continue;
        if (here.kind() != feel::Kind::list || here.as_list().empty()) return {};
        const auto index = static_cast<std::size_t>(std::stoul(part.substr(bracket + 1)));
        const Value entry = here.as_list()[(index - 1) % here.as_list().size()];
        here = entry;
    }
    return here;
}

Decimal power_of_ten(int exponent) { return *Decimal::parse("1e" + std::to_string(exponent)); }

}  // namespace

bool is_name_question(const Question& question) {
    const std::string last = last_part(question.name);
    return question.type == QuestionType::text && (last == "name" || last.ends_with("_name"));
}

/// One application on its way.
struct FormFiller::Filling {
    Application& application;
    Dice& dice;
    int wild = 100;                     ///< percent of answers that owe nothing to an example
    Value like = {};                    ///< answers of an example
    bool defaults = false;
    std::set<std::string> skipped = {}; ///< optional questions left open
    Evaluation last = {};
};

FormFiller::FormFiller(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city, Day received)
    : package_(package),
      law_(law),
      city_(city),
      received_(received),
      constants_(constants_of(package, law, received)),
      addresses_(addresses_of(city)) {
    for (const auto& page : package.form.pages)
        for (const auto& question : page.questions) {
            has_look_ups_ = has_look_ups_ || question.kind == Question::Kind::look_up;
            has_defaults_ = has_defaults_ || question.default_value;
        }
}

namespace {

/// Dates of an answer moved as far as the day of receipt was moved, so that ages and deadlines stay what they were.
Value moved(const Value& value, Day from, Day to) {
    if (value.kind() == feel::Kind::date) {
        const std::chrono::year_month_day date(value.as_date()), old(from), now(to);
        if (date.day() != std::chrono::day(1)) return Value::date(value.as_date() + (to - from));
        const auto months = (now.year() - old.year()).count() * 12 + static_cast<int>(unsigned(now.month())) - static_cast<int>(unsigned(old.month()));
        return Value::date(add_months(value.as_date(), months));
    }
    if (value.kind() == feel::Kind::list) {
        feel::List items;
        for (const auto& item : value.as_list()) items.push_back(moved(item, from, to));
        return Value::list(std::move(items));
    }
    if (value.kind() != feel::Kind::context) return value;
    feel::Context entries;
    for (const auto& [name, part] : value.as_context()) entries.emplace_back(name, moved(part, from, to));
    return Value::context(std::move(entries));
}

}  // namespace

void FormFiller::learn_from(const std::vector<Application>& examples) {
    for (const auto& example : examples) learnt_.push_back(moved(example.answers, example.received, received_));
}

bool FormFiller::may_renew() const { return package_.service.award.any; }

std::optional<Application> FormFiller::make(Dice dice) {
    static const std::vector<int> kWild{0, 10, 30, 100};
    Application application;
    application.received = received_;
    application.answers = Value::context({});
    if (!package_.service.channels.empty()) application.channel = dice.pick(package_.service.channels);
    Filling filling{application, dice};
    filling.defaults = has_defaults_ && dice.chance(50);
    if (!learnt_.empty()) {
        filling.wild = dice.pick(kWild);
        filling.like = dice.pick(learnt_);
    }
    if (!run(filling)) return std::nullopt;
    if (!may_renew() || !dice.chance(15)) return application;

    // Once more, a while later: what was granted ends about now, and some answers are new.
    static const std::vector<int> kEnds{-20, -1, 0, 1, 30, 60};
    application.previous = application.answers.with("until", Value::date(received_ + std::chrono::days(dice.pick(kEnds))));
    application.renewal = true;
    application.papers.clear();
    for (const auto& asked : filling.last.visible)
        if (dice.chance(15)) application.answers = application.answers.with(asked.path, {});
    filling.wild = 100;
    filling.skipped.clear();
    if (!run(filling)) return std::nullopt;
    return application;
}

bool FormFiller::complete(Application& application, Dice& dice) {
    Filling filling{application, dice};
    return run(filling);
}

bool FormFiller::run(Filling& filling) {
    Application& application = filling.application;
    const auto& form = package_.form;
    Day day = casework::law_day_of(package_, law_, city_, application);
    auto around = casework::surround(package_, law_, city_, application, day);
    for (int round = 0; round < kRounds; ++round) {
        if (has_look_ups_ || filling.defaults) application.answers = form.completed(application.answers, around, &city_, filling.defaults);
        filling.last = form.evaluate(application.answers, around);
        if (fill_open(filling, filling.last) | open_lists(filling, filling.last)) continue;
        if (!filling.last.missing.empty()) return false;
        if (mend(filling, filling.last)) continue;
        const bool failed = std::any_of(filling.last.failed.begin(), filling.last.failed.end(), [](const auto& f) { return !f.warn; });
        if (failed) return false;
        const Day now = casework::law_day_of(package_, law_, city_, application);
        if (now == day) {
            prove(application, filling.last, filling.dice);
            return true;
        }
        day = now;  // another day may bring another law, and that other limits
        around = casework::surround(package_, law_, city_, application, day);
    }
    return false;
}

/// Answers every visible question that is open; true where that opened the form anew.
bool FormFiller::fill_open(Filling& filling, const Evaluation& evaluation) {
    bool changed = false;
    for (const auto& asked : evaluation.visible) {
        if (!evaluation.context.at(asked.path).is_null() || filling.skipped.contains(asked.path)) continue;
        const bool required = std::find(evaluation.missing.begin(), evaluation.missing.end(), asked.path) != evaluation.missing.end();
        if (!required && (asked.question->type == QuestionType::remark || filling.dice.chance(50))) {
            filling.skipped.insert(asked.path);
            filling.application.answers = filling.application.answers.with(asked.path, {});
            continue;
        }
        Value value = answer(filling, asked);
        if (value.is_null()) {
            filling.skipped.insert(asked.path);
            continue;
        }
        put(filling, asked, std::move(value));
        changed = true;
    }
    return changed;
}

/// What the city's map said of another address is forgotten, as on the pages.
void FormFiller::put(Filling& filling, const Asked& asked, Value value) const {
    auto& answers = filling.application.answers;
    answers = answers.with(asked.path, std::move(value));
    if (asked.question->type != QuestionType::address) return;
    const auto entry = asked.path.rfind(']');
    const std::string before = entry == std::string::npos ? "" : asked.path.substr(0, entry + 2);
    for (const auto& page : package_.form.pages)
        for (const auto& question : page.questions) {
            if (question.kind != Question::Kind::look_up || question.look_up_by != asked.question->name) continue;
            answers = answers.with(before.empty() ? question.name : before + last_part(question.name), {});
        }
}

Value FormFiller::answer(Filling& filling, const Asked& asked) const {
    if (!filling.like.is_null() && !filling.dice.chance(filling.wild)) {
        const Value learnt = at_similar(filling.like, asked.path);
        if (!learnt.is_null()) return similar(*asked.question, learnt, filling.dice);
    }
    return invent(*asked.question, filling.dice);
}

bool FormFiller::open_lists(Filling& filling, const Evaluation& evaluation) {
    bool changed = false;
    for (const auto& step : evaluation.steps) {
        if (step.kind != catalogue::Step::Kind::entries) continue;
        const auto& page = *step.page;
        const std::string path = catalogue::add_list_path(page, step.indexes);
        const Value given = filling.application.answers.at(path);
        const auto least = static_cast<std::size_t>(std::max(page.least, 0));
        const auto most = std::min(static_cast<std::size_t>(std::max(page.most, page.least)), std::max(kMost, least));
        if (given.kind() == feel::Kind::list && given.as_list().size() >= least) continue;
        std::size_t count = least;
        while (count < most && filling.dice.chance(45)) ++count;
        if (filling.dice.chance(2)) count = least + filling.dice.below(std::min<std::size_t>(most - least, 14) + 1);
        const Value learnt = at_similar(filling.like, path);
        if (learnt.kind() == feel::Kind::list && !filling.dice.chance(filling.wild)) count = std::clamp(learnt.as_list().size(), least, most);
        feel::List entries = given.kind() == feel::Kind::list ? given.as_list() : feel::List{};
        while (entries.size() < count) entries.push_back(Value::context({}));
        filling.application.answers = filling.application.answers.with(path, Value::list(std::move(entries)));
        changed = true;
    }
    return changed;
}

namespace {

/// Up to the last index: "persons[2].incomes[1]" of "persons[2].incomes[1].amount"; "" outside of lists.
std::string entry_of(const std::string& path) {
    const auto bracket = path.rfind(']');
    return bracket == std::string::npos ? "" : path.substr(0, bracket + 1);
}

}  // namespace

/// Answers anew what a failed check is about: the field it is shown at, or the fields whose names it mentions.
bool FormFiller::mend(Filling& filling, const Evaluation& evaluation) {
    bool changed = false;
    for (const auto& failed : evaluation.failed) {
        if (failed.warn) continue;
        std::vector<const Asked*> candidates;
        const auto words = failed.check ? words_of(failed.check->that.text()) : std::set<std::string>{};
        for (const auto& asked : evaluation.visible) {
            const bool named = words.contains(last_part(asked.question->name));
            const bool same_entry = entry_of(failed.path).empty() || entry_of(failed.path) == entry_of(asked.path);
            if (asked.path == failed.path || (named && same_entry)) candidates.push_back(&asked);
        }
        if (candidates.empty()) continue;
        const Asked& asked = *filling.dice.pick(candidates);
        put(filling, asked, invent(*asked.question, filling.dice));
        changed = true;
    }
    return changed;
}

void FormFiller::prove(Application& application, const Evaluation& evaluation, Dice& dice) const {
    application.papers.clear();
    for (const auto& [need, indexes] : evaluation.needs) {
        if (need->any_of.empty()) continue;
        std::string name = need->name;
        for (const int index : indexes) name += "/" + std::to_string(index);
        application.papers[name] = dice.pick(need->any_of);
    }
    application.sure.clear();
    for (const auto& asked : evaluation.visible)
        application.sure[casework::without_indexes(asked.path)] =
            asked.question->from_profile.empty() ? casework::Level::checked : casework::Level::registered;
}

Value FormFiller::invent(const Question& question, Dice& dice) const {
    switch (question.type) {
        case QuestionType::yes_no: return Value::boolean(dice.chance(50));
        case QuestionType::confirm: return Value::boolean(true);
        case QuestionType::choice: return question.options.empty() ? Value() : Value::string(dice.pick(question.options).first);
        case QuestionType::choices: return choices(question, dice);
        case QuestionType::number:
        case QuestionType::money: return number(question, dice);
        case QuestionType::date: return day(dice);
        case QuestionType::month: return month(dice);
        case QuestionType::address: return address(dice);
        case QuestionType::email: return Value::string(invented_email(dice));
        case QuestionType::phone: return Value::string(invented_phone(dice));
        case QuestionType::plate: return Value::string(invented_plate(dice));
        case QuestionType::iban: return Value::string(invented_iban(dice));
        case QuestionType::text:
        case QuestionType::long_text: return text(question, dice);
        case QuestionType::remark:
        case QuestionType::file: break;
    }
    return {};
}

Value FormFiller::choices(const Question& question, Dice& dice) const {
    feel::List chosen;
    for (const auto& [code, label] : question.options)
        if (dice.chance(30)) chosen.push_back(Value::string(code));
    return Value::list(std::move(chosen));
}

Value FormFiller::text(const Question& question, Dice& dice) const {
    if (question.from_profile == "first_name" || last_part(question.name) == "first_name") return Value::string(dice.pick(first_names()));
    if (question.from_profile == "last_name" || last_part(question.name) == "last_name") return Value::string(dice.pick(last_names()));
    return Value::string(invented_word(dice));
}

Value FormFiller::address(Dice& dice) const {
    const auto kind = dice.below(20);
    if (kind == 0) return address_elsewhere(dice);
    if (kind == 1 || addresses_.empty()) return new_house(city_, dice);
    return dice.pick(addresses_);
}

namespace {

/// Rounded to what the question takes, and inside its range.
Value fitting(const Question& question, Decimal number) {
    Decimal fit = round(number, question.digits, Decimal::Rounding::half_even).value_or(Decimal(0));
    if (question.least && compare(fit, *question.least) < 0) fit = *question.least;
    if (question.most && compare(fit, *question.most) > 0) fit = *question.most;
    return Value::number(fit);
}

Decimal plus(Decimal a, Decimal b) { return add(a, b).value_or(a); }
Decimal times(Decimal a, Decimal b) { return multiply(a, b).value_or(a); }

}  // namespace

/// The ends of the range, the limits of rules and law with what lies just below and above, small whole numbers, and all sizes.
Value FormFiller::number(const Question& question, Dice& dice) const {
    const Decimal step = power_of_ten(-question.digits);
    switch (dice.below(10)) {
        case 0: return fitting(question, question.least.value_or(Decimal(0)));
        case 1: return fitting(question, dice.chance(50) ? question.most.value_or(Decimal(0)) : Decimal(0));
        case 2:
        case 3:
        case 4: {
            if (constants_.numbers.empty()) break;
            return fitting(question, plus(dice.pick(constants_.numbers), times(step, Decimal(dice.between(-1, 1)))));
        }
        case 5:
        case 6: return fitting(question, Decimal(dice.between(0, 10)));
        default: break;
    }
    std::int64_t size = 10;
    for (std::int64_t i = dice.between(0, 4); i > 0; --i) size *= 10;
    const Decimal whole(dice.between(0, size));
    return fitting(question, plus(whole, times(step, Decimal(dice.between(0, 99)))));
}

/// Around the day of receipt, and so many days, weeks, months or years before it as rules and law count, each time with the days beside.
Value FormFiller::day(Dice& dice) const {
    const std::chrono::days beside(dice.between(-1, 1));
    const auto kind = dice.below(10);
    if (kind < 3) return Value::date(received_ + std::chrono::days(dice.between(-40, 40)));
    if (kind < 4) return Value::date(received_ - std::chrono::days(dice.between(0, 400)));
    if (kind < 7) return Value::date(add_months(received_, -12 * static_cast<int>(dice.between(0, 95))) - std::chrono::days(dice.between(0, 364)));
    std::int64_t count = dice.between(0, 100);
    if (!constants_.numbers.empty())
        if (const auto whole = dice.pick(constants_.numbers).to_int(); whole && *whole >= 0 && *whole <= 120) count = *whole;
    const int n = static_cast<int>(count);
    switch (dice.below(4)) {
        case 0: return Value::date(received_ - std::chrono::days(n) + beside);
        case 1: return Value::date(received_ - std::chrono::days(7 * n) + beside);
        case 2: return Value::date(add_months(received_, (dice.chance(50) ? -1 : 1) * n) + beside);
        default: return Value::date(add_months(received_, -12 * n) + beside);
    }
}

Value FormFiller::month(Dice& dice) const {
    const Day first = casework::first_of_month(received_);
    return Value::date(add_months(first, static_cast<int>(dice.chance(60) ? dice.between(0, 1) : dice.between(-3, 12))));
}

/// An example's answer as it is, or a little beside it.
Value FormFiller::similar(const Question& question, const Value& learnt, Dice& dice) const {
    if (question.type == QuestionType::remark) return {};
    if (learnt.is_number() && (question.type == QuestionType::number || question.type == QuestionType::money) && dice.chance(60))
        return fitting(question, times(learnt.as_number(), times(Decimal(dice.between(70, 140)), power_of_ten(-2))));
    if (question.type == QuestionType::address && dice.chance(70)) return address(dice);
    if (question.type == QuestionType::text || question.type == QuestionType::iban || question.type == QuestionType::plate)
        return dice.chance(80) ? invent(question, dice) : learnt;
    return learnt;
}

}  // namespace kiepe::rules
