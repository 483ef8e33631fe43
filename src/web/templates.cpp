#include "web/templates.h"

#include <ctemplate/template.h>
#include <ctemplate/template_cache.h>
#include <ctemplate/template_dictionary_interface.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <stdexcept>

#include "web/template_source.h"

namespace kiepe::web {

struct Data::Impl {
    struct Value {
        std::string name, text;
        bool html = false;
    };
    struct Section {
        std::string name;
        std::vector<std::unique_ptr<Data>> entries;
    };
    const Impl* parent = nullptr;
    std::vector<Value> values;
    std::vector<Section> sections;

    // A page has some dozens of names: looking through them in order is faster than any map.
    Value& value(std::string name) {
        for (Value& v : values)
            if (v.name == name) return v;
        return values.emplace_back(Value{std::move(name), {}, false});
    }
    const Value* find_value(std::string_view name) const {
        for (const Impl* at = this; at; at = at->parent)
            for (const Value& v : at->values)
                if (v.name == name) return &v;
        return nullptr;
    }
    Section& section(std::string name) {
        for (Section& s : sections)
            if (s.name == name) return s;
        return sections.emplace_back(Section{std::move(name), {}});
    }
    const Section* find_section(std::string_view name) const {
        for (const Impl* at = this; at; at = at->parent)
            for (const Section& s : at->sections)
                if (s.name == name) return &s;
        return nullptr;
    }
    Data& append(std::string name) {
        auto& entries = section(std::move(name)).entries;
        Data& entry = *entries.emplace_back(std::make_unique<Data>());
        entry.impl_->parent = this;
        return entry;
    }
};

Data::Data() : impl_(std::make_unique<Impl>()) {}
Data::~Data() = default;
Data::Data(Data&&) noexcept = default;
Data& Data::operator=(Data&&) noexcept = default;

Data& Data::set(std::string name, std::string value) {
    Impl::Value& v = impl_->value(std::move(name));
    v.text = std::move(value);
    v.html = false;
    return *this;
}

Data& Data::set(std::string name, std::int64_t value) { return set(std::move(name), std::to_string(value)); }

Data& Data::set_html(std::string name, std::string rendered) {
    Impl::Value& v = impl_->value(std::move(name));
    v.text = std::move(rendered);
    v.html = true;
    return *this;
}

Data& Data::show(std::string section) {
    if (impl_->section(section).entries.empty()) impl_->append(std::move(section));
    return *this;
}

Data& Data::add(std::string section) { return impl_->append(std::move(section)); }

namespace {

using ctemplate::TemplateString;

std::string_view view(const TemplateString& text) { return {text.data(), text.size()}; }

struct Compiled {
    std::set<std::string, std::less<>> raw;     ///< names that stand as {{NAME:none}}
    std::string key;                            ///< in ctemplate's cache
};

/// One rendering: what all views of it share.
struct Expansion {
    const Compiled& compiled;
    std::string_view language, direction;
    std::string wrong;                          ///< the first name that is missing or of the wrong kind
};

/// ctemplate reads our data through its interface: nothing is copied, and a name that is not there is noticed.
class View final : public ctemplate::TemplateDictionaryInterface {
public:
    View(const Data::Impl& data, Expansion& at) : data_(&data), at_(&at) {}
    void look_at(const Data::Impl& data) { data_ = &data; }

protected:
    TemplateString GetValue(const TemplateString& variable) const override {
        const std::string_view name = view(variable);
        const Data::Impl::Value* value = data_->find_value(name);
        if (!value) return standard_value(name);
        if (value->html != (at_->compiled.raw.find(name) != at_->compiled.raw.end()) && at_->wrong.empty())
            at_->wrong = std::string(name) + (value->html ? " is HTML but stands without :none" : " is text but stands with :none");
        return TemplateString(value->text.data(), value->text.size());
    }
    bool IsHiddenSection(const TemplateString& name) const override {
        const auto* section = data_->find_section(view(name));
        return !section || section->entries.empty();
    }
    bool IsUnhiddenSection(const TemplateString& name) const override { return !IsHiddenSection(name); }
    Iterator* CreateSectionIterator(const TemplateString& name) const override;
    // Parts are put in before compiling: there are no includes at run time.
    bool IsHiddenTemplate(const TemplateString&) const override { return true; }
    const char* GetIncludeTemplateName(const TemplateString&, int) const override { return ""; }
    Iterator* CreateTemplateIterator(const TemplateString&) const override;
    void DumpToString(std::string*, int) const override {}

private:
    TemplateString standard_value(std::string_view name) const {
        if (name == "LANG") return TemplateString(at_->language.data(), at_->language.size());
        if (name == "DIR") return TemplateString(at_->direction.data(), at_->direction.size());
        if (name == "BI_SPACE") return TemplateString(" ", 1);
        if (name == "BI_NEWLINE") return TemplateString("\n", 1);
        if (at_->wrong.empty()) at_->wrong = std::string(name) + " has no value";
        return TemplateString("", 0);
    }

    class Entries;

    const Data::Impl* data_;
    Expansion* at_;
};

/// ctemplate takes ownership of iterators.
class View::Entries final : public ctemplate::TemplateDictionaryInterface::Iterator {
public:
    Entries(const Data::Impl::Section* section, const View& around) : section_(section), current_(*around.data_, *around.at_) {}
    bool HasNext() const override { return section_ && next_ < section_->entries.size(); }
    const TemplateDictionaryInterface& Next() override {
        current_.look_at(section_->entries[next_++]->impl());
        return current_;
    }

private:
    const Data::Impl::Section* section_;
    std::size_t next_ = 0;
    View current_;
};

View::Iterator* View::CreateSectionIterator(const TemplateString& name) const { return new Entries(data_->find_section(view(name)), *this); }
View::Iterator* View::CreateTemplateIterator(const TemplateString&) const { return new Entries(nullptr, *this); }

std::string_view direction_of(std::string_view language) {
    const std::string_view primary = language.substr(0, language.find('-'));
    return primary == "ar" || primary == "fa" || primary == "he" || primary == "ur" ? "rtl" : "ltr";
}

Compiled check_markers(const std::string& name, std::string_view source) {
    Compiled compiled;
    std::set<std::string> escaped;
    for (const Marker& marker : find_markers(source)) {
        if (marker.kind == '%' || marker.kind == '^')
            throw std::logic_error("template " + name + ": {{" + marker.kind + marker.name + "}} is not used here");
        if (marker.kind != 'v') continue;
        if (!marker.modifier.empty() && marker.modifier != "none" && marker.modifier != "u")
            throw std::logic_error("template " + name + ": unknown modifier of " + marker.name);
        if (marker.modifier == "none") compiled.raw.insert(marker.name);
        else escaped.insert(marker.name);
    }
    for (const auto& raw : compiled.raw)
        if (escaped.count(raw)) throw std::logic_error("template " + name + ": " + raw + " stands with and without :none");
    return compiled;
}

}  // namespace

struct Templates::Impl {
    Sources sources;
    void* self = nullptr;
    Translate translate = nullptr;

    struct Language {
        ctemplate::TemplateCache cache;
        std::map<std::string, Compiled, std::less<>> compiled;
    };
    mutable std::shared_mutex mutex;
    mutable std::map<std::string, std::unique_ptr<Language>, std::less<>> languages;

    std::unique_ptr<Language> compile(const std::string& tag) const;
    const Language& language(std::string_view tag) const;
};

std::unique_ptr<Templates::Impl::Language> Templates::Impl::compile(const std::string& tag) const {
    auto language = std::make_unique<Language>();
    for (const auto& [name, text] : sources) {
        const std::string whole = put_texts(assemble(sources, name), [&](std::string_view key) { return translate(self, tag, key); });
        Compiled compiled = check_markers(name, whole);
        compiled.key = name;
        // Never left to the author: a template without this line, or with a mistake in it, would not be escaped at all.
        const std::string source = "{{%AUTOESCAPE context=\"HTML\"}}" + whole;
        if (!language->cache.StringToTemplateCache(compiled.key, source, ctemplate::STRIP_BLANK_LINES))
            throw std::logic_error("template " + name + ": cannot be compiled (an attribute without quotes, or a section that is not closed?)");
        language->compiled.emplace(name, std::move(compiled));
    }
    language->cache.Freeze();
    return language;
}

const Templates::Impl::Language& Templates::Impl::language(std::string_view tag) const {
    {
        const std::shared_lock lock(mutex);
        if (const auto it = languages.find(tag); it != languages.end()) return *it->second;
    }
    auto made = compile(std::string(tag));
    const std::unique_lock lock(mutex);
    return *languages.try_emplace(std::string(tag), std::move(made)).first->second;
}

Templates::Templates(std::string folder, void* self, Translate translate) : impl_(std::make_unique<Impl>()) {
    impl_->sources = read_sources(folder);
    impl_->self = self;
    impl_->translate = translate;
}

Templates::~Templates() = default;

void Templates::prepare(const std::vector<std::string>& languages) const {
    for (const auto& tag : languages) impl_->language(tag);
}

std::string Templates::render(std::string_view name, std::string_view language, const Data& data) const {
    const Impl::Language& in = impl_->language(language);
    const auto compiled = in.compiled.find(name);
    if (compiled == in.compiled.end()) throw std::logic_error("there is no template " + std::string(name));
    Expansion at{compiled->second, language, direction_of(language), {}};
    const View root(data.impl(), at);
    std::string out;
    out.reserve(16 * 1024);
    const bool done = in.cache.ExpandNoLoad(compiled->second.key, ctemplate::STRIP_BLANK_LINES, &root, nullptr, &out);
    if (!at.wrong.empty()) throw std::logic_error("template " + std::string(name) + ": " + at.wrong);
    if (!done) throw std::logic_error("template " + std::string(name) + ": cannot be expanded");
    return out;
}

}  // namespace kiepe::web
