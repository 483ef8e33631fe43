#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace kiepe::catalogue {

/// A text of a package: German as it stands inline, and its place, which is the msgctxt of its translations
/// ("form/vehicle.plate/label", "reasons/too_long/say").
struct Text {
    std::string german;
    std::string place;
    bool empty() const { return german.empty(); }
};

/// Gives a package's texts in a language; what is not translated (or whose German has changed since) comes in German and says so.
class Translator {
public:
    struct Said {
        std::string text;
        bool in_german = false;      ///< shown in German although another language was asked for
    };
    virtual ~Translator() = default;
    virtual Said say(std::string_view language, const Text& text) const = 0;
    /// Texts of the program that this room needs: "yes", "no", ...
    virtual std::string program_text(std::string_view language, std::string_view key) const = 0;
};

}  // namespace kiepe::catalogue
