#pragma once
// Proposals as they are kept: changed files with a name, and what comparing them gave (tables rules_proposals, rules_late_law).
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "rules/compare.h"
#include "rules/late_law.h"
#include "rules/proposal.h"
#include "store/store.h"

namespace kiepe::rules {

/// What comparing gave: decisions of people and made applications are kept apart.
struct Preview {
    std::string package_hash, law_hash;     ///< of the rules in force that were compared with
    Comparison stored, made;
    bool has_made = false;
};
std::string to_json(const Preview& preview);
Result<Preview> preview_from_json(std::string_view json);

struct Proposal {
    std::int64_t id = 0;
    std::string name, service;
    Day in_force{};                         ///< the day as whose law both sides are taken
    int months = 12;                        ///< decisions of so many months back
    Moment created{};
    std::string created_by;                 ///< staff id
    ProposedFiles files;
    std::string state = "waiting";          ///< broken | waiting | running | done
    std::int64_t done = 0, whole = 0;       ///< applications compared so far, of how many
    std::optional<Preview> preview = {};
    std::optional<Moment> finished = {};
    bool under_way() const { return state == "waiting" || state == "running"; }
};

/// What a service's late law gave, and by which law.
struct LateLawRow {
    std::string service, law_hash;
    Moment computed{};
    LateLaw late;
};

/// Thread-safe as the database is.
class Proposals {
public:
    explicit Proposals(store::Database& database) : database_(database) {}

    /// Keeps a new one (its id is made here); one that is not broken is compared by a job.
    std::int64_t add(Proposal proposal, Moment now);
    std::optional<Proposal> find(std::int64_t id);
    /// The newest 200, without files and result.
    std::vector<Proposal> newest();
    /// Other files, or the same ones to be compared again.
    void set_files(std::int64_t id, const ProposedFiles& files, bool broken, Moment now);
    void remove(std::int64_t id);
    /// False where it was deleted meanwhile.
    bool set_progress(std::int64_t id, std::int64_t done, std::int64_t whole);
    void finish(std::int64_t id, const Preview& preview, Moment now);
    void set_broken(std::int64_t id, Moment now);

    void put_late_law(const LateLawRow& row);
    std::vector<LateLawRow> late_law();

private:
    store::Database& database_;
};

}  // namespace kiepe::rules
