// Generated households, and the two forms in which the two ways to decide want them.
#include <algorithm>

#include <fmt/format.h>

#include "wohngeld.h"

namespace kiepe::bench::wohngeld {
namespace {

using feel::Value;

constexpr std::string_view kHomes[] = {"tenant", "owner", "care_home"};
constexpr std::string_view kRelations[] = {"self", "partner", "child", "parent", "other"};
constexpr std::string_view kTransfers[] = {"none", "buergergeld", "grundsicherung", "hilfe_zum_lebensunterhalt", "asylblg", "bafoeg"};
constexpr std::string_view kIncomes[] = {"wage", "pension", "unemployment", "self_employed", "maintenance", "capital", "other"};

/// SplitMix64: a row of numbers that is the same on every machine.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
    bool percent(int p) { return below(100) < p; }
    Decimal cents(int low, int high) { return *divide(low * 100 + below((high - low) * 100), 100); }

private:
    std::uint64_t state_;
};

Income income_of(Chance& chance) {
    Income income;
    const int kind = chance.below(10);
    income.kind = kind < 5 ? IncomeKind::wage : static_cast<IncomeKind>(kind - 4 + (kind > 6 && !chance.percent(30) ? -2 : 0));
    income.monthly = chance.percent(80);
    income.amount = income.monthly ? chance.cents(100, 2600) : chance.cents(500, 20000);
    if (income.kind == IncomeKind::wage && chance.percent(25)) income.expenses = chance.cents(0, 3000);
    return income;
}

Person person_of(Chance& chance, int place, bool with_partner) {
    Person person;
    person.first_name = fmt::format("Vorname {}", chance.below(500));
    person.last_name = fmt::format("Name {}", chance.below(500));
    if (place == 0) person.relation = Relation::self;
    else if (place == 1 && with_partner) person.relation = Relation::partner;
    else person.relation = chance.percent(85) ? Relation::child : static_cast<Relation>(3 + chance.below(2));
    person.age = person.relation == Relation::child ? chance.below(27) : 20 + chance.below(70);
    person.birth_days = 20500 - person.age * 365 - chance.below(360);
    if (chance.percent(12)) person.transfer = static_cast<Transfer>(1 + chance.below(5));
    person.only_loan = person.transfer != Transfer::none && chance.percent(20);
    if (person.transfer != Transfer::none && person.transfer != Transfer::bafoeg && !person.only_loan) return person;
    person.severe_disability = chance.percent(5);
    if (!chance.percent(person.relation == Relation::child && person.age < 16 ? 4 : 75)) return person;
    person.pays_tax = chance.percent(60);
    person.pays_health = chance.percent(80);
    person.pays_pension = chance.percent(70);
    const int incomes = chance.percent(75) ? 1 : 1 + chance.below(3);
    for (int i = 0; i < incomes; ++i) person.incomes.push_back(income_of(chance));
    return person;
}

Value text(std::string_view s) { return Value::string(std::string(s)); }

Value answers_of(const Income& income) {
    return Value::context({{"kind", text(kIncomes[static_cast<int>(income.kind)])},
                           {"amount", Value::number(income.amount)},
                           {"per", text(income.monthly ? "month" : "year")},
                           {"expenses", income.expenses ? Value::number(*income.expenses) : Value()}});
}

Value answers_of(const Person& person) {
    const bool asked = person.transfer == Transfer::none || person.transfer == Transfer::bafoeg || person.only_loan;
    const bool earns = !person.incomes.empty();
    feel::List incomes;
    for (const auto& income : person.incomes) incomes.push_back(answers_of(income));
    return Value::context({{"first_name", text(person.first_name)},
                           {"last_name", text(person.last_name)},
                           {"birth_date", Value::days(person.birth_days)},
                           {"relation", text(kRelations[static_cast<int>(person.relation)])},
                           {"age", Value::number(std::int64_t{person.age})},
                           {"transfer", text(kTransfers[static_cast<int>(person.transfer)])},
                           {"transfer_only_loan", person.transfer != Transfer::none ? Value::boolean(person.only_loan) : Value()},
                           {"has_income", asked ? Value::boolean(earns) : Value()},
                           {"severe_disability", asked ? Value::boolean(person.severe_disability) : Value()},
                           {"pays_tax", earns ? Value::boolean(person.pays_tax) : Value()},
                           {"pays_health", earns ? Value::boolean(person.pays_health) : Value()},
                           {"pays_pension", earns ? Value::boolean(person.pays_pension) : Value()},
                           {"incomes", earns ? Value::list(std::move(incomes)) : Value()}});
}

std::vector<Decimal> numbers_of(const Value& list) {
    std::vector<Decimal> numbers;
    for (const auto& item : list.as_list()) numbers.push_back(item.as_number());
    return numbers;
}

Value texts(const std::vector<std::string_view>& all) {
    feel::List list;
    for (const auto each : all) list.push_back(text(each));
    return Value::list(std::move(list));
}

Value optional(const std::optional<Decimal>& number) { return number ? Value::number(*number) : Value(); }

}  // namespace

Household household_of(std::uint64_t seed) {
    Chance chance(seed);
    Household household;
    household.home = chance.percent(90) ? Home::tenant : static_cast<Home>(1 + chance.below(2));
    if (!chance.percent(2)) household.ags = chance.percent(96) ? "05515000" : "05911000";
    household.rent_base = chance.cents(200, 1100);
    household.rent_operating = chance.cents(40, 250);
    if (chance.percent(5)) household.sublet_income = chance.cents(20, 200);
    int persons = 1 + std::min(chance.below(5), chance.below(6));
    if (chance.percent(1)) persons = 10 + chance.below(5);
    const bool with_partner = chance.percent(60);
    for (int i = 0; i < persons; ++i) household.persons.push_back(person_of(chance, i, with_partner));
    if (chance.percent(8)) household.maintenance_year = chance.cents(500, 6000);
    household.wealth_over = chance.percent(3);
    return household;
}

Value answers_of(const Household& household, const Value& case_facts, const Value& city, const Value& wogg, const Value& wogv) {
    feel::List persons;
    for (const auto& person : household.persons) persons.push_back(answers_of(person));
    const Value address = Value::context({{"street", text("Domplatz")}, {"number", text("1")}, {"postcode", text("48143")},
                                          {"place", text("Münster")}, {"ags", household.ags.empty() ? Value() : text(household.ags)},
                                          {"district", text("Mitte")}, {"x", Value()}, {"y", Value()}});
    const Value month = Value::date(Day{std::chrono::year{2025} / 3 / 1});
    return Value::context({
        {"case", case_facts}, {"city", city}, {"wogg", wogg}, {"wogv", wogv},
        {"home", Value::context({{"address", address}, {"kind", text(kHomes[static_cast<int>(household.home)])}})},
        {"from_month", month}, {"period", Value::context({{"start", month}})},
        {"rent", Value::context({{"base", Value::number(household.rent_base)},
                                 {"operating", Value::number(household.rent_operating)},
                                 {"sublets", Value::boolean(household.sublet_income.has_value())},
                                 {"sublet_income", optional(household.sublet_income)}})},
        {"persons", Value::list(std::move(persons))},
        {"pays_maintenance", Value::boolean(household.maintenance_year.has_value())},
        {"maintenance_year", optional(household.maintenance_year)},
        {"wealth_limit", Value::number(60000)}, {"wealth_over", Value::boolean(household.wealth_over)},
        {"iban", text("DE02120300000000202051")}, {"remark", Value()}});
}

Act act_of(const Value& wogg) {
    Act act;
    const auto number = [&](const char* name) { return wogg.get(name).as_number(); };
    for (const auto& row : wogg.get("coefficients").as_list()) {
        act.coefficients.push_back({row.get("a").as_number(), row.get("b").as_number(), row.get("c").as_number()});
    }
    for (const auto& row : wogg.get("rent_cap").as_list()) act.rent_cap.push_back(numbers_of(row));
    act.rent_cap_further = numbers_of(wogg.get("rent_cap_further"));
    act.heating = numbers_of(wogg.get("heating"));
    act.climate = numbers_of(wogg.get("climate"));
    act.least_rent = numbers_of(wogg.get("least_rent"));
    act.least_income = numbers_of(wogg.get("least_income"));
    act.heating_further = number("heating_further");
    act.climate_further = number("climate_further");
    act.further_person = number("further_person");
    act.factor = number("factor");
    act.least_benefit = number("least_benefit");
    act.deduction_each = number("deduction_each");
    act.allowance_disability = number("allowance_disability");
    act.allowance_single_parent = number("allowance_single_parent");
    act.allowance_child_income = number("allowance_child_income");
    act.work_expenses = number("work_expenses");
    act.pension_expenses = number("pension_expenses");
    return act;
}

std::vector<RentLevel> levels_of(const Value& wogv) {
    std::vector<RentLevel> levels;
    for (const auto& each : wogv.get("rent_levels").as_list()) {
        levels.push_back({each.get("ags").as_string(), static_cast<int>(*each.get("level").as_number().to_int())});
    }
    return levels;
}

std::string difference(const Value& decisions, const Award& award) {
    feel::List counted;
    for (const Person* person : award.counted) counted.push_back(answers_of(*person));
    const std::pair<const char*, Value> wanted[] = {
        {"counted", Value::list(std::move(counted))},
        {"size", Value::number(std::int64_t{award.size})},
        {"household", Value::number(std::int64_t{award.household})},
        {"level", Value::number(std::int64_t{award.level})},
        {"single_parent", Value::boolean(award.single_parent)},
        {"income_total_year", Value::number(award.income_total_year)},
        {"income_month", optional(award.income_month)},
        {"rent_gross", Value::number(award.rent_gross)},
        {"rent_most", Value::number(award.rent_most)},
        {"rent_heating", Value::number(award.rent_heating)},
        {"share", Value::number(award.share)},
        {"rent_month", optional(award.rent_month)},
        {"benefit", Value::number(award.benefit)},
        {"obstacles", texts(award.obstacles)},
        {"looks", texts(award.looks)},
        {"outcome", text(award.outcome)},
    };
    std::string found;
    for (const auto& [name, value] : wanted) {
        const Value other = decisions.get(name);
        if (!(other == value)) found += fmt::format("{} is {} in the model, {} by hand; ", name, other.text(), value.text());
    }
    const std::size_t known = decisions.kind() == feel::Kind::context ? decisions.as_context().size() : 0;
    if (known != std::size(wanted)) found += fmt::format("the model gives {} decisions; ", known);
    return found;
}

}  // namespace kiepe::bench::wohngeld
