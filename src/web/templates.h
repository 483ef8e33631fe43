#pragma once
// HTML templates (ctemplate) in ui/templates, escaped for their context by default. A name that the template uses and the data does
// not have is an error, not an empty place; the lint in script/test reads all templates.
//
// Beside ctemplate's {{NAME}}, {{#SECTION}}..{{/SECTION}} and {{!comment}}, a file may use
//   {{!layout base.html}}   as its first line: the file is put into base.html where that says {{!content}}
//   {{>parts/x.html}}       the text of another file, put in as it stands
//   {{T_some_key}}          the text "some_key" of the catalogue; `{date}` in that text is the value {{DATE}}
//   {{NAME:none}}           HTML set with set_html, {{NAME:u}} a value inside a query ("?q={{QUERY:u}}")
//   {{#ROWS_separator}}     inside ROWS: what stands between two entries
// {{LANG}} and {{DIR}} (ltr, rtl) are always there. Every attribute value stands in quotes.
#include <cstdint>
#include <functional>
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

/// Loads ui/templates once at start. Thread-safe after construction.
class Templates {
public:
    /// `translate(language, key)` gives the text of a catalogue key: a template says {{T_some_key}} and gets the text of
    /// "some_key" in the page's language, escaped. Unknown keys fail the lint.
    using Translate = std::string (*)(void* self, std::string_view language, std::string_view key);
    Templates(std::string folder, void* self, Translate translate);
    ~Templates();
    /// Compiles all templates in these languages now and not with the first page. Throws std::logic_error for a template that is wrong.
    void prepare(const std::vector<std::string>& languages) const;
    /// Renders `name` ("service.html") in `language`. Throws std::logic_error with template and name for missing data.
    std::string render(std::string_view name, std::string_view language, const Data& data) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// What a careful reader would find, as "file:line: what": attribute values or variables without quotes, style and on* attributes,
/// style and script inside the page, javascript: links, unknown texts, unknown markers.
std::vector<std::string> lint_templates(const std::string& folder, const std::function<bool(std::string_view key)>& has_text);

}  // namespace kiepe::web
