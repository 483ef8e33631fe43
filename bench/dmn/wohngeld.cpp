#include "wohngeld.h"

#include <algorithm>

namespace kiepe::bench::wohngeld {
namespace {

using Rounding = Decimal::Rounding;

// Sums of money are far from the ends of the range: every operation here has a result.
Decimal plus(Decimal a, Decimal b) { return *add(a, b); }
Decimal minus(Decimal a, Decimal b) { return *subtract(a, b); }
Decimal times(Decimal a, Decimal b) { return *multiply(a, b); }
bool less(Decimal a, Decimal b) { return compare(a, b) < 0; }
Decimal least(Decimal a, Decimal b) { return less(b, a) ? b : a; }
Decimal most(Decimal a, Decimal b) { return less(a, b) ? b : a; }
Decimal half_up(Decimal a, int scale) { return *round(a, scale, Rounding::half_up); }

bool counts(const Person& p) { return p.transfer == Transfer::none || p.transfer == Transfer::bafoeg || p.only_loan; }

Decimal by_persons(const std::vector<Decimal>& rows, Decimal further, int size) {
    const int known = static_cast<int>(rows.size());
    if (size <= known) return rows[static_cast<std::size_t>(size - 1)];
    return plus(rows.back(), times(further, size - known));
}

Decimal income_year(const Income& income, const Act& act) {
    const Decimal year = times(income.amount, income.monthly ? 12 : 1);
    Decimal lowered;
    if (income.kind == IncomeKind::wage) lowered = most(income.expenses.value_or(Decimal()), act.work_expenses);
    if (income.kind == IncomeKind::pension) lowered = act.pension_expenses;
    return most(0, minus(year, lowered));
}

// WoGG sections 14 to 17
Decimal net_income(const Person& person, const Act& act) {
    Decimal gross, earned;
    for (const auto& income : person.incomes) {
        const Decimal year = income_year(income, act);
        gross = plus(gross, year);
        if (income.kind == IncomeKind::wage || income.kind == IncomeKind::self_employed) earned = plus(earned, year);
    }
    const int kinds = person.pays_tax + person.pays_health + person.pays_pension;
    const Decimal after_deductions = times(gross, minus(1, times(act.deduction_each, kinds)));
    Decimal allowance = person.severe_disability ? act.allowance_disability : Decimal();
    if (person.relation == Relation::child && person.age < 25) allowance = plus(allowance, least(earned, act.allowance_child_income));
    return most(0, minus(after_deductions, allowance));
}

bool single_parent(const std::vector<Person>& persons) {
    if (persons.size() < 2) return false;
    bool minor = false;
    for (const auto& person : persons) {
        if (person.relation != Relation::self && person.relation != Relation::child) return false;
        minor = minor || (person.relation == Relation::child && person.age < 18);
    }
    return minor;
}

int level_of(std::string_view ags, const std::vector<RentLevel>& levels) {
    const auto found = std::find_if(levels.begin(), levels.end(), [&](const RentLevel& each) { return each.ags == ags; });
    return found == levels.end() ? 0 : found->level;
}

// WoGG section 19, annex 3
Decimal benefit(const Award& award, const Act& act) {
    if (award.size == 0) return 0;
    const int row = std::min(award.size, 12);
    const Decimal income = *award.income_month, rent = *award.rent_month;
    const Act::Row& v = act.coefficients[static_cast<std::size_t>(row - 1)];
    const Decimal z1 = half_up(plus(plus(v.a, times(v.b, rent)), times(v.c, income)), 10);
    const Decimal z2 = half_up(times(z1, income), 10);
    const Decimal z3 = half_up(minus(rent, z2), 10);
    const Decimal z4 = half_up(times(act.factor, z3), 10);
    Decimal whole = half_up(z4, 0);
    if (award.size > 12) whole = least(plus(whole, times(act.further_person, award.size - 12)), *round(rent, 0, Rounding::floor));
    return less(whole, act.least_benefit) ? Decimal() : whole;
}

void rents_and_incomes(Award& award, const Household& household, const Act& act) {
    Decimal total;
    for (const Person* person : award.counted) total = plus(total, net_income(*person, act));
    if (award.single_parent) total = minus(total, act.allowance_single_parent);
    if (household.maintenance_year) total = minus(total, *household.maintenance_year);
    award.income_total_year = most(0, total);
    award.rent_gross = plus(household.rent_base, household.rent_operating);
    if (household.sublet_income) award.rent_gross = minus(award.rent_gross, *household.sublet_income);
    const auto level = static_cast<std::size_t>(award.level - 1);
    const int rows = static_cast<int>(act.rent_cap.size());
    const Decimal cap = act.rent_cap[static_cast<std::size_t>(std::min(award.household, rows) - 1)][level];
    const Decimal above = award.household > rows ? times(act.rent_cap_further[level], award.household - rows) : Decimal();
    award.rent_most = plus(plus(cap, above), by_persons(act.climate, act.climate_further, award.household));
    award.rent_heating = by_persons(act.heating, act.heating_further, award.household);
    award.share = *divide(award.size, award.household);
    if (award.size == 0) return;
    const auto row = static_cast<std::size_t>(std::min(award.size, 12) - 1);
    award.income_month = most(*divide(award.income_total_year, 12), act.least_income[row]);
    award.rent_month = most(times(plus(least(award.rent_gross, award.rent_most), award.rent_heating), award.share), act.least_rent[row]);
}

void reasons(Award& award, const Household& household, std::string_view city_ags) {
    if (!household.ags.empty() && household.ags != city_ags) award.obstacles.push_back("other_city");
    if (award.size == 0) award.obstacles.push_back("all_excluded");
    if (award.size > 0 && award.benefit.is_zero()) award.obstacles.push_back("income_too_high");
    bool training = false, self_employed = false;
    for (const auto& person : household.persons) {
        training = training || person.transfer == Transfer::bafoeg;
        for (const auto& income : person.incomes) self_employed = self_employed || income.kind == IncomeKind::self_employed;
    }
    if (household.home != Home::tenant) award.looks.push_back("other_home");
    if (household.wealth_over) award.looks.push_back("wealth");
    if (award.size > 0 && award.size < award.household) award.looks.push_back("mixed_household");
    if (training) award.looks.push_back("training_support");
    if (self_employed) award.looks.push_back("self_employed");
    if (award.size > 0 && less(award.income_total_year, times(award.rent_gross, 12))) award.looks.push_back("income_below_rent");
    if (!award.looks.empty()) award.outcome = "look";
    else award.outcome = !award.obstacles.empty() ? "refuse" : "grant";
}

}  // namespace

Award decide(const Household& household, std::string_view city_ags, const Act& act, const std::vector<RentLevel>& levels) {
    Award award;
    for (const auto& person : household.persons) {
        if (counts(person)) award.counted.push_back(&person);
    }
    award.size = static_cast<int>(award.counted.size());
    award.household = static_cast<int>(household.persons.size());
    award.level = level_of(city_ags, levels);
    award.single_parent = single_parent(household.persons);
    rents_and_incomes(award, household, act);
    award.benefit = benefit(award, act);
    reasons(award, household, city_ags);
    return award;
}

}  // namespace kiepe::bench::wohngeld
