#pragma once
// Which attributes a service knows of people, which of them must not matter, and how each is flipped. Only inside this room.
#include <optional>
#include <string>
#include <vector>

#include "rules/fairness.h"
#include "rules/fairness_compare.h"
#include "rules/form_filler.h"

namespace kiepe::rules {

/// How somebody applies, beside the answers.
struct Circumstances {
    std::string language = "de", email, delivery = "inbox";
};

/// An application with one attribute flipped.
struct Flip {
    casework::Application application;
    Circumstances circumstances;
    Swaps swaps;
    std::string from, to;                   ///< for people
    bool may_be_refused = false;            ///< a form that refuses the new value says nothing about fairness: age, not names
};

struct Attribute {
    std::string name;
    FairnessLine::Kind kind = FairnessLine::Kind::identity;
    std::string norm;
    const catalogue::Question* question = nullptr;   ///< null for circumstances
    std::string value;                               ///< of circumstances: the other language
};

/// In the order of the form, then channel, languages and delivery.
std::vector<Attribute> attributes_of(const catalogue::Package& package, const Constants& constants);
/// Protected attributes that no question asks: "sex", "origin", "religion", "disability", "age".
std::vector<std::string> not_asked_by(const catalogue::Package& package);

class Flipper {
public:
    Flipper(const catalogue::Package& package, const catalogue::City& city, const FormFiller& filler)
        : package_(package), city_(city), filler_(filler) {}
    /// nullopt: this application has nothing to flip there.
    std::optional<Flip> flip(const Attribute& attribute, const casework::Application& application, const Circumstances& circumstances,
                             const casework::Preparation& before, Dice& dice) const;

private:
    std::optional<feel::Value> other_value(const Attribute& attribute, const feel::Value& now, const casework::Preparation& before, Dice& dice) const;
    std::optional<feel::Value> other_house(FairnessLine::Kind kind, const std::string& path, const feel::Value& now, Dice& dice) const;
    std::optional<feel::Value> other_text(const catalogue::Question& question, const feel::Value& now, Dice& dice) const;
    std::optional<Flip> flip_answer(const Attribute& attribute, Flip flip, const casework::Preparation& before, Dice& dice) const;
    std::optional<Flip> flip_circumstance(const Attribute& attribute, Flip flip, Dice& dice) const;
    bool same_on_map(const std::string& path, const feel::Value& a, const feel::Value& b) const;

    const catalogue::Package& package_;
    const catalogue::City& city_;
    const FormFiller& filler_;
};

}  // namespace kiepe::rules
