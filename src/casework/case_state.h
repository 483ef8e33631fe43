#pragma once
// A case as its journal, its files and its row say. Only inside this room.
#include <map>
#include <string>
#include <vector>

#include "casework/cases.h"

namespace kiepe::casework {

/// Something that happens, before it stands in the journal.
struct Pending {
    std::string kind, role, actor;
    feel::Value payload;                    ///< null: none
};

/// Everything that is stored of one case.
struct Stored {
    Case row;                               ///< what the columns say; the rest empty
    std::vector<store::Event> events;
    std::vector<CaseFile> files;
    std::map<std::int64_t, std::int64_t> pdfs;   ///< notice -> attachment
    bool waiting = false, has_new = false;
    std::string prepared_outcome, token_hash, search_words;
};

/// Derives the case: state, requests, messages, notices, timeline, promise, and how sure each fact is.
Case fold(const Stored& stored, const catalogue::Package& package, Day today, const std::set<Day>& holidays);
/// The event that `pending` will be, as number `number`.
store::Event as_event(const Pending& pending, std::int64_t case_id, std::int64_t number, Moment at);

/// The path that a need's `proves` means for this entry: need "income_proof/2" proves "person.incomes" -> "persons[2].incomes".
std::string proved_path(const catalogue::Need& need, const std::string& need_name, const std::string& proves);
const catalogue::Need* need_of(const catalogue::Form& form, const std::string& need_name);

feel::Value to_value(const std::vector<documents::Block>& blocks);
std::vector<documents::Block> blocks_from(const feel::Value& value);

}  // namespace kiepe::casework
