#pragma once
// The way through a form: which screens there are for this household, which one comes next. One thing a screen. Pure.
#include <string>
#include <string_view>
#include <vector>

#include "casework/drafts.h"
#include "catalogue/catalogue.h"

namespace kiepe::casework {

struct Screen {
    enum class Kind { questions, entries, paper, contact } kind = Kind::questions;
    std::string key;                          ///< for the address: "vehicle.vehicle-plate", "persons/2", "paper/income_proof/1", "contact"
    catalogue::Step step;                     ///< for questions and entries
    std::vector<catalogue::Asked> asked;      ///< what is asked on this screen
    const catalogue::Need* need = nullptr;    ///< for paper
    std::vector<int> indexes;                 ///< of the paper's person, 1-based
    bool last_of_step = true;                 ///< page-wide checks are judged here
};

/// All screens in order. Questions of a page come one by one; short texts that belong together (a name) and the entries of a list
/// (one person, one income) stay on one screen.
std::vector<Screen> screens(const catalogue::Form& form, const catalogue::Evaluation& evaluation);
const Screen* find_screen(const std::vector<Screen>& screens, std::string_view key);
/// The screen that shows an answer's path, for links from the list of what is missing.
const Screen* screen_of_path(const std::vector<Screen>& screens, std::string_view path);
/// Need with its entry as files and missing lists name it: "income_proof/1".
std::string need_name(const catalogue::Need& need, const std::vector<int>& indexes);
/// The path of a list ("persons", "persons[2].incomes") and of one of its entries; `indexes` as in catalogue::Step.
std::string list_path(const catalogue::Page& page, const std::vector<int>& indexes);
std::string entry_path(const catalogue::Page& page, const std::vector<int>& indexes);
/// Takes entry `number` out of a list with everything that hangs on it; what belongs to later entries moves up. Gives back its files.
std::vector<DraftFile> remove_entry(Draft& draft, const catalogue::Form& form, const catalogue::Step& list, int number);
/// Need -> paper of the files of a draft.
std::map<std::string, std::string> papers_of(const Draft& draft);
catalogue::Surroundings surroundings_of(const catalogue::Catalogue& catalogue, const catalogue::Package& package, Day received,
                                        const std::string& channel);

}  // namespace kiepe::casework
