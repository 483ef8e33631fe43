#pragma once
// The parts of a letter that the house writes: {{> reasons }}, {{> remedy }} and so on. Only inside this room.
#include <string>
#include <vector>

#include "casework/letters.h"
#include "casework/printing.h"

namespace kiepe::casework {

/// Everything that a letter is written from.
struct LetterWork {
    const catalogue::Package& package;
    const catalogue::City& city;
    const catalogue::Law& law;
    std::string language;
    const Application& application;
    const Preparation& preparation;
    const LetterFacts& facts;
};

/// Appends the part `name` to `blocks`; an unknown name is a problem of the printer.
void house_part(const std::string& name, const LetterWork& work, Printer& printer, const feel::Value& scope,
                std::vector<documents::Block>& blocks);

}  // namespace kiepe::casework
