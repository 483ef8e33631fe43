#pragma once
// Names, plates, accounts and addresses of nobody. Only inside this room.
#include <string>
#include <vector>

#include "catalogue/catalogue.h"
#include "rules/dice.h"

namespace kiepe::rules {

/// Given names that sound of different origin and sex, and of neither.
const std::vector<std::string>& first_names();
/// Family names that sound of different origin: with letters beyond ASCII, of one part and of several, short and long.
const std::vector<std::string>& last_names();
std::string invented_word(Dice& dice);
std::string invented_plate(Dice& dice);
/// ISO 13616 with right check digits, at a bank that does not exist.
std::string invented_iban(Dice& dice);
std::string invented_email(Dice& dice);
std::string invented_phone(Dice& dice);
/// Every address of the city's register, as a form would hold it, in a fixed order.
std::vector<feel::Value> addresses_of(const catalogue::City& city);
/// A house in another municipality, as a register would give it.
feel::Value address_elsewhere(Dice& dice);
/// A house in the city that its register does not know yet.
feel::Value new_house(const catalogue::City& city, Dice& dice);

}  // namespace kiepe::rules
