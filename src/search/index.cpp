#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.h"
#include "search/search.h"
#include "search/words.h"

namespace kiepe::search {
namespace {

// BM25F (Robertson, Zaragoza 2009): term frequency is weighted by field, its use flattens out, rare words count more.
constexpr double kFlatten = 1.2;
constexpr double kLength = 0.5;
// How much a match counts that is not the word itself.
constexpr double kCompound = 0.6;
constexpr double kMistyped = 0.5;
constexpr double kWholePhrase = 3.0;

struct Posting {
    std::size_t document = 0;
    double frequency = 0;      ///< weighted over fields
    std::size_t field = 0;     ///< the heaviest one with this word
};

bool part_of(const std::string& part, const std::string& word) {
    if (part.size() < 4 || word.size() < part.size() + 3) return false;
    return word.compare(0, part.size(), part) == 0 || word.compare(word.size() - part.size(), part.size(), part) == 0;
}

}  // namespace

struct Index::Impl {
    std::string language;
    std::vector<Document> documents;
    std::map<std::string, std::vector<Posting>> words;
    std::vector<std::vector<std::set<std::string>>> phrases;  ///< document, field -> its words, for fields that are names

    std::vector<std::string> terms(Stemmer& stemmer, std::string_view text) const {
        std::vector<std::string> result;
        std::vector<std::string> all = words_of(language, text);
        for (const auto& word : all)
            if (!is_stop_word(language, word)) result.push_back(stemmer.stem(word));
        if (result.empty())  // nothing but small words: then they are meant
            for (const auto& word : all) result.push_back(stemmer.stem(word));
        return result;
    }

    void add(Stemmer& stemmer, std::size_t number) {
        const Document& document = documents[number];
        auto& own = phrases.emplace_back();
        for (std::size_t f = 0; f < document.fields.size(); ++f) {
            const auto found = terms(stemmer, document.fields[f].text);
            own.emplace_back();
            if (document.fields[f].phrase) own.back().insert(found.begin(), found.end());
            const double length = 1 - kLength + kLength * static_cast<double>(found.size()) / 8.0;
            for (const auto& word : found) count(word, number, f, document.fields[f].weight / length);
        }
    }

    void count(const std::string& word, std::size_t document, std::size_t field, double weight) {
        auto& postings = words[word];
        if (postings.empty() || postings.back().document != document) postings.push_back({document, 0, field});
        Posting& posting = postings.back();
        posting.frequency += weight;
        if (documents[document].fields[field].weight > documents[document].fields[posting.field].weight) posting.field = field;
    }

    /// Words of the index that a term stands for, with how surely.
    std::map<std::string, double> meant(const std::string& term) const {
        std::map<std::string, double> result;
        if (words.count(term)) result[term] = 1;
        for (const auto& [word, postings] : words)
            if (word != term && (part_of(term, word) || part_of(word, term))) result[word] = kCompound;
        if (!result.empty() || term.size() < 4) return result;
        for (const auto& [word, postings] : words) {
            if (word.size() + 2 < term.size() || term.size() + 2 < word.size()) continue;
            const double near = 1 - static_cast<double>(edit_distance(term, word)) / static_cast<double>(std::max(term.size(), word.size()));
            const double similar = std::max(alike(term, word), near);
            if (similar >= 0.7) result[word] = kMistyped * similar;
        }
        return result;
    }
};

Index::Index(std::string language, std::vector<Document> documents) : impl_(std::make_unique<Impl>()) {
    impl_->language = std::move(language);
    impl_->documents = std::move(documents);
    Stemmer stemmer(impl_->language);
    for (std::size_t i = 0; i < impl_->documents.size(); ++i) impl_->add(stemmer, i);
}

Index::~Index() = default;
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;

std::vector<Match> Index::find(std::string_view words, std::size_t most) const {
    struct Score {
        double sum = 0, best = 0;
        std::size_t field = 0;
        std::set<std::size_t> terms;
        std::set<std::string> words;
    };
    Stemmer stemmer(impl_->language);
    auto terms = impl_->terms(stemmer, words.substr(0, 300));
    if (terms.size() > 20) terms.resize(20);
    std::map<std::size_t, Score> scores;
    const double count = static_cast<double>(impl_->documents.size());
    for (std::size_t t = 0; t < terms.size(); ++t)
        for (const auto& [word, sureness] : impl_->meant(terms[t])) {
            const auto& postings = impl_->words.at(word);
            const double rare = std::log(1 + (count + 0.5) / (static_cast<double>(postings.size()) + 0.5));
            for (const auto& posting : postings) {
                const double gain = sureness * rare * posting.frequency / (kFlatten + posting.frequency);
                Score& score = scores[posting.document];
                score.sum += gain;
                score.terms.insert(t);
                score.words.insert(word);
                if (gain > score.best) {
                    score.best = gain;
                    score.field = posting.field;
                }
            }
        }
    std::vector<Match> matches;
    for (auto& [document, score] : scores) {
        const auto& fields = impl_->phrases[document];
        for (std::size_t f = 0; f < fields.size(); ++f) {
            const bool whole = !fields[f].empty() && std::includes(score.words.begin(), score.words.end(), fields[f].begin(), fields[f].end());
            if (!whole) continue;
            score.sum += kWholePhrase * impl_->documents[document].fields[f].weight / 5.0;
            score.field = f;
            break;
        }
        const double covered = static_cast<double>(score.terms.size()) / static_cast<double>(terms.size());
        matches.push_back({impl_->documents[document].id, score.sum * std::sqrt(covered), impl_->documents[document].fields[score.field].text});
    }
    std::stable_sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.score > b.score; });
    if (!matches.empty())  // what is far behind the best is noise
        matches.erase(std::remove_if(matches.begin(), matches.end(), [best = matches.front().score](const Match& m) { return m.score < 0.15 * best; }),
                      matches.end());
    if (matches.size() > most) matches.resize(most);
    return matches;
}

}  // namespace kiepe::search
