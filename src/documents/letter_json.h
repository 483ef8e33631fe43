#pragma once
#include <string>

#include "documents/documents.h"

namespace kiepe::documents {

/// The form in which letter.typ reads a letter. Text is made well-formed UTF-8 without control characters.
std::string letter_json(const Letter& letter);
std::string form_json(const PrintForm& form);

}  // namespace kiepe::documents
