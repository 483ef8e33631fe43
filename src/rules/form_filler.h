#pragma once
// Somebody who fills in a service's form, question after question, with what people may well answer. Only inside this room.
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "casework/decider.h"
#include "rules/constants.h"
#include "rules/dice.h"

namespace kiepe::rules {

/// Not for several threads at once.
class FormFiller {
public:
    FormFiller(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city, Day received);

    /// Applications that answers are taken from now and then, so that most made ones look like life. Shifted to this filler's day.
    void learn_from(const std::vector<casework::Application>& examples);
    /// A complete application: nothing missing, no check failed, every paper handed in, no remark. nullopt where the form accepted
    /// nothing of what was tried.
    std::optional<casework::Application> make(Dice dice);
    /// Answers what is open, mends what fails a check, and hands in the papers. Does not touch what the form accepts.
    bool complete(casework::Application& application, Dice& dice);
    /// A value that the question accepts (its range and options); null for a remark.
    feel::Value invent(const catalogue::Question& question, Dice& dice) const;

    const std::vector<feel::Value>& addresses() const { return addresses_; }
    const Constants& constants() const { return constants_; }

private:
    struct Filling;
    feel::Value number(const catalogue::Question& question, Dice& dice) const;
    feel::Value day(Dice& dice) const;
    feel::Value month(Dice& dice) const;
    feel::Value text(const catalogue::Question& question, Dice& dice) const;
    feel::Value address(Dice& dice) const;
    feel::Value choices(const catalogue::Question& question, Dice& dice) const;
    feel::Value similar(const catalogue::Question& question, const feel::Value& learnt, Dice& dice) const;
    bool run(Filling& filling);
    bool fill_open(Filling& filling, const catalogue::Evaluation& evaluation);
    bool open_lists(Filling& filling, const catalogue::Evaluation& evaluation);
    bool mend(Filling& filling, const catalogue::Evaluation& evaluation);
    feel::Value answer(Filling& filling, const catalogue::Asked& asked) const;
    void put(Filling& filling, const catalogue::Asked& asked, feel::Value value) const;
    void prove(casework::Application& application, const catalogue::Evaluation& evaluation, Dice& dice) const;
    bool may_renew() const;

    const catalogue::Package& package_;
    const catalogue::Law& law_;
    const catalogue::City& city_;
    Day received_;
    Constants constants_;
    std::vector<feel::Value> addresses_;
    std::vector<feel::Value> learnt_;       ///< answers of examples
    bool has_look_ups_ = false, has_defaults_ = false;
};

/// Identity of a person or a thing: a name says who, never what somebody is due.
bool is_name_question(const catalogue::Question& question);

}  // namespace kiepe::rules
