#include "rules/made_cases.h"

#include "casework/example_reader.h"
#include "casework/surroundings.h"
#include "rules/form_filler.h"

namespace kiepe::rules {

using casework::Application;

std::vector<Application> made_cases(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city,
                                    const MadeOptions& options) {
    FormFiller filler(package, law, city, options.received);
    std::vector<catalogue::Finding> ignored;  // an example that cannot be read is said by the package check
    std::vector<Application> learnt;
    for (auto& example : casework::read_examples(package, ignored).examples)
        if (!example.pre_check) learnt.push_back(std::move(example.application));
    filler.learn_from(learnt);

    std::vector<Application> made;
    const auto wanted = static_cast<std::size_t>(std::max(options.count, 0));
    for (std::uint64_t number = 0; made.size() < wanted && number < 4 * wanted; ++number)
        if (auto application = filler.make(dice_of(options.seed, number))) made.push_back(std::move(*application));
    return made;
}

std::vector<std::pair<std::string, Application>> example_cases(const catalogue::Package& package, const catalogue::Catalogue& catalogue) {
    std::vector<catalogue::Finding> ignored;
    std::vector<std::pair<std::string, Application>> cases;
    for (auto& example : casework::read_examples(package, ignored).examples) {
        if (example.pre_check) continue;
        cases.emplace_back(example.name, casework::completed(package, catalogue.law(), catalogue.city(), std::move(example.application)));
    }
    return cases;
}

}  // namespace kiepe::rules
