#pragma once
// HTML templates (ctemplate) in ui/templates, escaped for their context by default. A name that the template uses and the data does
// not have is an error, not an empty place; the lint in script/test reads all templates.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kiepe::web {

/// Data for a template: values, sections (shown once if present) and lists (shown once an entry). A section sees the values of
/// the dictionaries around it.
class Data {
public:
    Data& set(std::string name, std::string value);                    ///< {{NAME}}
    Data& set(std::string name, std::int64_t value);
    Data& show(std::string section);                                    ///< {{#SECTION}}
    Data& show_if(bool condition, std::string section) { return condition ? show(std::move(section)) : *this; }
    /// One more entry of a list section; the reference stays valid until `this` ends.
    Data& add(std::string section);
    /// HTML that a component has already rendered from its own template: goes in unescaped as {{NAME:none}}. Nothing else may.
    Data& set_html(std::string name, std::string rendered);

    struct Impl;
    const Impl& impl() const { return *impl_; }
    Data();
    ~Data();
    Data(Data&&) noexcept;
    Data& operator=(Data&&) noexcept;
    Data(const Data&) = delete;
    Data& operator=(const Data&) = delete;

private:
    std::unique_ptr<Impl> impl_;
};

/// Loads ui/templates once at start. Texts in templates are written {{_key}}... see `translate`. Thread-safe after construction.
class Templates {
public:
    /// `translate(language, key)` gives the text of a catalogue key: a template says {{T_some_key}} and gets the text of
    /// "some_key" in the page's language, escaped. Unknown keys fail the lint.
    using Translate = std::string (*)(void* self, std::string_view language, std::string_view key);
    Templates(std::string folder, void* self, Translate translate);
    ~Templates();
    /// Renders `name` ("service.html") in `language`. Throws std::logic_error with template and name for missing data.
    std::string render(std::string_view name, std::string_view language, const Data& data) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kiepe::web
