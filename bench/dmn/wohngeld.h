#pragma once
// The whole decision of packages/housing-benefit for one month, written by hand in C++ with the same Decimal: what a programmer would
// write who needs nothing else. Answers are enumerations and numbers, results are a struct; no names, no trees, no explanation.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "feel/value.h"

namespace kiepe::bench::wohngeld {

enum class Home { tenant, owner, care_home };
enum class Relation { self, partner, child, parent, other };
enum class Transfer { none, buergergeld, grundsicherung, hilfe_zum_lebensunterhalt, asylblg, bafoeg };
enum class IncomeKind { wage, pension, unemployment, self_employed, maintenance, capital, other };

struct Income {
    IncomeKind kind{};
    Decimal amount;
    bool monthly = true;
    std::optional<Decimal> expenses = {};
};

struct Person {
    std::string first_name, last_name;
    std::int64_t birth_days = 0;
    Relation relation{};
    int age = 0;
    Transfer transfer{};
    bool only_loan = false;
    bool severe_disability = false;
    bool pays_tax = false, pays_health = false, pays_pension = false;
    std::vector<Income> incomes = {};
};

struct Household {
    Home home{};
    std::string ags;
    Decimal rent_base, rent_operating;
    std::optional<Decimal> sublet_income = {};
    std::vector<Person> persons = {};
    std::optional<Decimal> maintenance_year = {};
    bool wealth_over = false;
};

/// Parameters of the act on one day.
struct Act {
    struct Row {
        Decimal a, b, c;
    };
    std::vector<Row> coefficients;
    std::vector<std::vector<Decimal>> rent_cap;
    std::vector<Decimal> rent_cap_further, heating, climate, least_rent, least_income;
    Decimal heating_further, climate_further, further_person, factor, least_benefit, deduction_each;
    Decimal allowance_disability, allowance_single_parent, allowance_child_income, work_expenses, pension_expenses;
};

struct RentLevel {
    std::string ags;
    int level = 0;
};

struct Award {
    std::vector<const Person*> counted;
    int size = 0, household = 0, level = 0;
    bool single_parent = false;
    Decimal income_total_year, rent_gross, rent_most, rent_heating, share, benefit;
    std::optional<Decimal> income_month, rent_month;   ///< not known for a household in which nobody counts
    std::vector<std::string_view> obstacles, looks;
    std::string_view outcome;
};

Award decide(const Household& household, std::string_view city_ags, const Act& act, const std::vector<RentLevel>& levels);

/// The parameters as the law's files gave them.
Act act_of(const feel::Value& wogg);
std::vector<RentLevel> levels_of(const feel::Value& wogv);

/// A household out of a row of numbers: the same seed, the same household. One to six persons, sometimes up to fourteen.
Household household_of(std::uint64_t seed);
/// The same as the form hands it over: every name there, what was not asked is null.
feel::Value answers_of(const Household& household, const feel::Value& case_facts, const feel::Value& city, const feel::Value& wogg,
                       const feel::Value& wogv);
/// What differs between the decisions of the model and the award; empty where nothing does.
std::string difference(const feel::Value& decisions, const Award& award);

}  // namespace kiepe::bench::wohngeld
