#include "rules/invented.h"

#include <algorithm>
#include <tuple>

#include <fmt/core.h>

#include "catalogue/areas.h"

namespace kiepe::rules {

using feel::Value;

const std::vector<std::string>& first_names() {
    static const std::vector<std::string> names{"Annegret", "Jürgen",  "Ayşe",   "Mehmet",  "Olena", "Dmytro",   "Nguyệt", "Thanh",
                                                "Fatima",   "Omar",    "Ngozi",  "Kwame",   "Zofia", "Piotr",    "Ioana",  "Giulia",
                                                "Søren",    "Rivka",   "Yuki",   "Robin",   "Kim",   "Mary-Ann", "Ö",      "José María"};
    return names;
}

const std::vector<std::string>& last_names() {
    static const std::vector<std::string> names{"Heidmann",  "Westerkamp", "Yıldırım", "Şahin",     "Kovalenko", "Nguyen",        "Al-Haddad",
                                                "Okonkwo",   "Nowakowska", "Ștefan",   "Esposito",  "Goldblum",  "O’Neill",       "von der Linde",
                                                "Dąbrowski", "Li",         "Ø",        "Petrović",  "Rosenberg", "Müller-Bensaïd"};
    return names;
}

std::string invented_word(Dice& dice) {
    static const std::string consonants = "bdfgklmnprstvw", vowels = "aeiou";
    std::string word;
    for (std::int64_t i = dice.between(2, 4); i > 0; --i) {
        word += consonants[dice.below(consonants.size())];
        word += vowels[dice.below(vowels.size())];
    }
    word[0] = static_cast<char>(word[0] - 'a' + 'A');
    return word;
}

std::string invented_plate(Dice& dice) {
    static const std::vector<std::string> places{"MS", "ST", "COE", "B", "WAF", "K"};
    static const std::string letters = "ABCDEFGHJKLMNPRTUVWXYZ";
    const std::string& place = dice.pick(places);
    const char first = letters[dice.below(letters.size())], second = letters[dice.below(letters.size())];
    return fmt::format("{}-{}{} {}{}", place, first, second, dice.between(1, 9999), dice.chance(10) ? "E" : "");
}

std::string invented_iban(Dice& dice) {
    std::string account = "00000000";  // no bank has this code
    for (int i = 0; i < 10; ++i) account += static_cast<char>('0' + dice.below(10));
    int rest = 0;
    for (const char c : account + "131400") rest = (rest * 10 + (c - '0')) % 97;  // "DE00" as digits (ISO 7064, MOD 97-10)
    return fmt::format("DE{:02}{}", 98 - rest, account);
}

std::string invented_email(Dice& dice) {
    std::string name = invented_word(dice);
    name[0] = static_cast<char>(name[0] - 'A' + 'a');
    return name + "@example.org";  // RFC 2606
}

std::string invented_phone(Dice& dice) { return fmt::format("030 23125 {:03}", dice.below(1000)); }  // kept free for stories by the Bundesnetzagentur

std::vector<Value> addresses_of(const catalogue::City& city) {
    std::vector<Value> result;
    if (!city.areas) return result;
    std::vector<catalogue::AddressRow> rows;
    for (const auto& [key, same] : city.areas->addresses) rows.insert(rows.end(), same.begin(), same.end());
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
        return std::tie(a.street, a.number, a.postcode) < std::tie(b.street, b.number, b.postcode);
    });
    for (const auto& row : rows) {
        const auto found = city.find_address(Value::context({{"street", Value::string(row.street)},
                                                             {"number", Value::string(row.number)},
                                                             {"postcode", Value::string(row.postcode)},
                                                             {"place", Value::string(row.place)}}));
        if (found) result.push_back(*found);
    }
    return result;
}

Value address_elsewhere(Dice& dice) {
    return Value::context({{"street", Value::string(invented_word(dice) + "weg")},
                           {"number", Value::string(std::to_string(dice.between(1, 200)))},
                           {"postcode", Value::string("00999")},
                           {"place", Value::string(invented_word(dice) + "hausen")},
                           {"ags", Value::string("99999999")}});
}

Value new_house(const catalogue::City& city, Dice& dice) {
    return Value::context({{"street", Value::string(invented_word(dice) + "gasse")},
                           {"number", Value::string(std::to_string(dice.between(1, 99)))},
                           {"postcode", Value::string(city.postcode.size() == 5 ? city.postcode : "00998")},
                           {"place", Value::string(city.name)}});
}

}  // namespace kiepe::rules
