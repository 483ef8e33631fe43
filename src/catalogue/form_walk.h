#pragma once
// Walks a form in file order over one set of answers. Everything that Form says about answers comes from this walk.
#include <optional>
#include <string>
#include <vector>

#include "catalogue/form.h"

namespace kiepe::catalogue {

/// Path of the entry a page's variable stands for; "" where the page has no such variable.
std::string for_entry(const Page& page, const std::vector<int>& indexes);
std::string add_list_path(const Page& page, const std::vector<int>& indexes);
std::string add_entry(const Page& page, const std::vector<int>& indexes);
/// The context of expressions of a page: everything, and the page's variables.
feel::Value scope_of(const Page& page, const std::vector<int>& indexes, const feel::Value& context);
bool is_shown(const std::optional<feel::Expression>& show, const feel::Value& scope);
std::size_t entries_in(const feel::Value& list);

class FormWalk {
public:
    struct Options {
        const LookUps* look_ups = nullptr;  ///< asks what was not asked yet
        bool defaults = false;              ///< fills in defaults
    };
    FormWalk(const Form& form, const feel::Value& answers, const Surroundings& around, Options options);
    void run();

    Evaluation result;
    feel::Value answers;  ///< as given, completed by the options

private:
    void page(const Page& page, std::vector<int> indexes);
    void hide(const Page& page, const std::vector<int>& indexes);
    void adding_page(const Page& page, const std::vector<int>& indexes);
    void questions(const Page& page, const std::vector<int>& indexes, Step::Kind kind);
    bool ask(const Page& page, const std::vector<int>& indexes, const Question& question);
    void derive(const Page& page, const std::vector<int>& indexes, const Question& question);
    void look_up(const Page& page, const std::vector<int>& indexes, const Question& question);
    void check(const Page& page, const std::vector<int>& indexes, const Check& check, const std::string& path);
    void page_checks(const Page& page, const std::vector<int>& indexes, bool of_entry);
    void step(const Page& page, const std::vector<int>& indexes, Step::Kind kind);
    std::string entry_title(const Page& page, const std::vector<int>& indexes) const;
    void needs();
    void set(const std::string& path, feel::Value value) { result.context = result.context.with(path, std::move(value)); }

    const Form& form_;
    Options options_;
};

}  // namespace kiepe::catalogue
