#pragma once
// Ranks short documents (services, answers) for the words of a person: stems, parts of German compounds, letters in common where
// somebody mistypes. Small and exact; for collections of some thousand entries in memory.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kiepe::search {

/// One text of a document. `weight`: how much a match here counts (a name more than a description).
struct Field {
    std::string text;
    double weight = 1;
    bool phrase = false;      ///< a name or synonym: matching it whole counts extra
};

struct Document {
    std::string id;
    std::vector<Field> fields;
};

struct Match {
    std::string id;
    double score = 0;
    std::string why;          ///< the field's text that matched best
};

/// Lower case, without diacritics: "Straße" and "STRASSE" are "strasse", "Müll" and "Muell" are "mull" (German: ae, oe, ue too).
std::vector<std::string> words_of(std::string_view language, std::string_view text);

/// Immutable after construction; thread-safe.
class Index {
public:
    Index(std::string language, std::vector<Document> documents);
    ~Index();
    Index(Index&&) noexcept;
    Index& operator=(Index&&) noexcept;
    /// Best first; nothing that has no word in common or nearly so.
    std::vector<Match> find(std::string_view words, std::size_t most) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kiepe::search
