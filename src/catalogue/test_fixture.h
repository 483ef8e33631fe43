#pragma once
// A small package in memory for tests, and what stands around it.
#include <map>
#include <string>
#include <vector>

#include "base/date.h"
#include "catalogue/areas.h"
#include "catalogue/catalogue.h"
#include "catalogue/law_reader.h"
#include "catalogue/package_reader.h"

namespace kiepe::catalogue::test {

inline const char* const kService = R"(service: dog-tax
package: 1.0.0
language: de
name: Hundesteuer
also_called: [Hund anmelden]
short: Wer einen Hund hält, meldet ihn an.
law: [dog_order]
norms: ["KAG § 3"]
office: taxes
decision: {day: start, outcome: outcome, reasons: obstacles, looks: looks}
outcomes:
  assess: {effect: burden, letter: letters/assess.md, title: Ihr Bescheid, by: person}
missing: {within: 2 weeks, remind: 3 days before}
promise: {answer: 10 working days, starts: complete, warn_at: 80 %}
remedy: {kind: action, within: 1 month, to: court, norm: "VwGO § 74"}
data: {purpose: Festsetzung, norm: "KAG § 12", keep: {after: award_end, years: 5, norm: AO}, drafts: 30 days}
)";

inline const char* const kForm = R"(form: 1
pages:
- page: home
  title: Wohnung
  ask:
  - {ask: home.address, type: address, label: "Wo wohnen Sie?", needed_for: "KAG § 3"}
  - look_up: zone
    in: zones
    by: home.address
    gives: {found: yes_no, zone: text}
- page: start
  title: Beginn
  ask:
  - ask: start
    type: date
    label: Ab wann?
    default: case.received
    needed_for: "KAG § 3"
    check:
    - {that: start <= case.received, say: "Das liegt in der Zukunft."}
  - {ask: many, type: yes_no, label: "Mehrere?", needed_for: "KAG § 3"}
  - {ask: why, type: text, label: "Warum?", show: many, needed_for: "KAG § 3"}
  - {ask: fee, type: money, label: "Wie viel?", least: 0, optional: true, needed_for: "KAG § 3"}
- page: dogs
  title: Hunde
  add: dogs as dog
  least: 1
  most: 3
  called: dog.name
  ask:
  - {ask: dog.name, type: text, label: "Wie heißt der Hund?", needed_for: "KAG § 3"}
  - {ask: dog.kind, type: choice, label: "Welche Rasse?", options: {small: Klein, large: Groß}, needed_for: "KAG § 3"}
  - {derive: dog.tax, type: money, value: 'if dog.kind = "large" then dog_order.large else dog_order.small'}
  check:
  - {that: count(dogs) <= 2, say: "Das sind viele Hunde.", warn: true, at: [dogs]}
- page: chips
  title: Chip
  for: dog in dogs
  show: dog.kind = "large"
  ask:
  - {ask: dog.chip, type: text, label: "Nummer des Chips?", needed_for: "KAG § 3"}
- page: bites
  title: Bisse
  for: dog in dogs
  show: dog.kind = "large"
  add: dog.bites as bite
  least: 0
  ask:
  - {ask: bite.day, type: date, label: "Wann?", needed_for: "KAG § 3"}
- page: end
  title: Schluss
  ask:
  - {ask: remark, type: remark, label: "Noch etwas?", optional: true}
documents:
- {need: licence, for: dog in dogs, when: 'dog.kind = "large"', any_of: [card, letter], later: 2 weeks, needed_for: "LHundG § 4"}
- {need: lease, when: many, any_of: [card], needed_for: "KAG § 3"}
papers:
  card: {label: Karte}
  letter: {label: Brief}
)";

inline std::map<std::string, std::string> dog_files() {
    return {{"service.yaml", kService}, {"form.yaml", kForm}, {"letters/assess.md", "# Bescheid\n\n{{> salutation }}\n"}};
}

inline Law dog_law(std::vector<Finding>& findings) {
    return read_law({{"law/dogs/tax.yaml", R"(act: dog_order
name: Satzung
known_until: 2026-12-31
parameters:
  small: {norm: "§ 3", unit: euro, values: [{from: 2024-01-01, source: Satzung, is: 100}, {from: 2026-01-01, source: Satzung, is: 120}]}
  large: {norm: "§ 3", unit: euro, values: [{from: 2024-01-01, source: Satzung, is: 700}]}
)"}},
                    findings, false);
}

inline feel::Value text(std::string s) { return feel::Value::string(std::move(s)); }
inline feel::Value day(const char* iso) { return feel::Value::date(*parse_day(iso)); }

inline Surroundings around(const Law& law, const char* received = "2026-03-02") {
    Surroundings s;
    s.case_facts = feel::Value::context({{"received", day(received)}, {"renewal", feel::Value::boolean(false)}, {"previous", {}}});
    s.city = feel::Value::context({{"ags", text("05515000")}, {"name", text("Stadt")}});
    s.acts = {{"dog_order", law.on("dog_order", *parse_day(received))}};
    return s;
}

/// A city with one zone and one address.
class OneStreet : public LookUps {
public:
    feel::Value look_up(std::string_view, const feel::Value& address) const override {
        ++asked;
        return feel::Value::context({{"found", feel::Value::boolean(address.get("district") == text("Mitte"))}, {"zone", text("K3")}, {"secret", text("x")}});
    }
    std::optional<feel::Value> find_address(const feel::Value& typed) const override {
        if (!(typed.get("street") == text("Kanalstraße"))) return std::nullopt;
        return typed.with("district", text("Mitte")).with("ags", text("05515000"));
    }
    mutable int asked = 0;
};

struct Dogs {
    std::vector<Finding> findings;
    Law law = dog_law(findings);
    std::shared_ptr<Package> package = build_package(dog_files(), {}, law, nullptr, findings);
    const Form& form() const { return package->form; }
    Evaluation evaluate(const feel::Value& answers) const { return form().evaluate(answers, around(law)); }
};

}  // namespace kiepe::catalogue::test
