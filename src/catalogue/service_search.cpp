#include "catalogue/service_search.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "search/search.h"

namespace kiepe::catalogue {
namespace {

std::vector<std::string> also_called(const Package& package, const std::string& language) {
    const Text all{join(package.service.also_called, ", "), "service/also_called"};
    std::vector<std::string> result;
    for (const auto& word : split(package.say(language, all).text, ',')) result.emplace_back(trim(word));
    return result;
}

struct Describe {
    const std::vector<Situation>& situations;
    const Package& common;

    void names(const Package& package, const std::string& language, double share, std::vector<search::Field>& fields) const {
        fields.push_back({package.say(language, package.service.name).text, 5 * share, true});
        for (auto& name : also_called(package, language)) fields.push_back({std::move(name), 4 * share, true});
        for (const auto& id : package.service.situations)
            for (const auto& situation : situations) {
                if (situation.id != id) continue;
                fields.push_back({common.say(language, situation.name).text, 2 * share, false});
                if (!situation.hint.empty()) fields.push_back({common.say(language, situation.hint).text, share, false});
            }
    }

    search::Document document(const Package& package, const std::string& language) const {
        search::Document document{package.service.id, {}};
        names(package, language, 1, document.fields);
        document.fields.push_back({package.say(language, package.service.short_text).text, 2, false});
        document.fields.push_back({package.say(language, package.service.text).text, 1, false});
        for (const auto& condition : package.service.conditions) document.fields.push_back({package.say(language, condition).text, 0.5, false});
        // people on an English page know the German name from a letter, and the other way round
        for (const auto& other : {std::string("de"), std::string("en")})
            if (other != language) names(package, other, 0.6, document.fields);
        return document;
    }
};

class ServiceSearch final : public Search {
public:
    std::vector<Hit> find(std::string_view language, std::string_view words, std::size_t most) const override {
        auto index = indexes.find(std::string(language));
        if (index == indexes.end()) index = indexes.find("de");
        std::vector<Hit> hits;
        if (index == indexes.end()) return hits;
        for (auto& match : index->second.find(words, most)) hits.push_back({std::move(match.id), match.score, std::move(match.why)});
        return hits;
    }
    std::map<std::string, search::Index> indexes;
};

}  // namespace

std::unique_ptr<Search> make_search(const std::vector<const Package*>& packages, const std::vector<Situation>& situations,
                                    const Package& common, const std::vector<std::string>& languages) {
    auto result = std::make_unique<ServiceSearch>();
    const Describe describe{situations, common};
    for (const auto& language : languages) {
        std::vector<search::Document> documents;
        for (const Package* package : packages) documents.push_back(describe.document(*package, language));
        result->indexes.emplace(language, search::Index(language, std::move(documents)));
    }
    return result;
}

}  // namespace kiepe::catalogue
