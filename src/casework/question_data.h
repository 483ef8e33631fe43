#pragma once
// A question of a package as data for ui/templates/components/question.html.
#include <map>
#include <string>
#include <string_view>

#include "catalogue/catalogue.h"
#include "language/language.h"
#include "web/templates.h"

namespace kiepe::casework {

/// What one question is shown with.
struct ShownQuestion {
    const catalogue::Package& package;
    const language::Texts& texts;
    std::string_view language;
    const catalogue::Asked& asked;
    feel::Value value;                                 ///< the answer so far, or the default
    const std::map<std::string, std::string>& typed;   ///< fields as typed where they were not understood
    std::string error;                                 ///< sentence for people; empty: none
    std::string label, help;                           ///< with placeholders filled
    bool is_title = false;                             ///< the only question of its page
};

/// Html id of a field: the error summary links to it.
std::string field_id(std::string_view path);
/// Under this name the typed fields of a draft say which part of an address is wrong.
std::string wrong_part_key(std::string_view path);
void put_question(web::Data& entry, const ShownQuestion& shown);

}  // namespace kiepe::casework
