#pragma once
// From XML to the compiled model. Internal to this room: only its .cpp files see pugixml.
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <pugixml.hpp>

#include "dmn/model.h"


namespace kiepe::dmn {

/// Small questions to XML that do not care for prefixes.
std::string_view local_name(const pugi::xml_node& node);
pugi::xml_node child(const pugi::xml_node& node, std::string_view name);
std::vector<pugi::xml_node> children(const pugi::xml_node& node, std::string_view name);
std::string attribute(const pugi::xml_node& node, const char* name);
/// All text and CDATA of the element's <text> child, else of the element itself.
std::string text_of(const pugi::xml_node& node);
/// The id, else the name: what a diagnostic calls the element.
std::string element_of(const pugi::xml_node& node);

/// Parses within the limits: no document type (so no entities), no deep nesting, no more bytes than allowed.
Result<std::unique_ptr<pugi::xml_document>> parse_xml(std::string_view xml, const Limits& limits);

class Reader {
public:
    using Imported = std::function<std::string(std::string_view)>;
    Reader(Model::Impl& impl, const Imported& imported) : impl_(impl), imported_(imported) {}
    Result<void> read(std::string_view xml);

private:
    struct Source {
        Unit* unit;
        std::unique_ptr<pugi::xml_document> document;
        std::shared_ptr<const std::map<std::string, feel::Type>> types = nullptr;
    };
    using Names = feel::Names;

    // read_model.cpp: elements and their requirements
    Result<Unit*> declare(std::string_view xml, int depth);
    void declare_imports(Unit& unit, const pugi::xml_node& root, int depth);
    void declare_elements(Unit& unit, const pugi::xml_node& root);
    void remember(Unit& unit, const pugi::xml_node& node, Element element);
    void compile(const Source& source);
    void compile_decision(Decision& decision, const pugi::xml_node& node, const Source& source);
    void compile_knowledge(Knowledge& knowledge, const pugi::xml_node& node, const Source& source);
    void compile_service(Service& service, const pugi::xml_node& node, const Unit& unit);
    std::vector<Requirement> requirements(const pugi::xml_node& node, const Unit& unit);
    Requirement resolve(const std::string& href, const Unit& unit, const pugi::xml_node& place);
    /// `functions`: the first place of the required functions of a knowledge model; nullopt for a decision, which sees the run's places.
    Names names_of(const std::vector<Requirement>& required, const Source& source, std::optional<std::uint32_t> functions);
    void find_cycles();
    void finish();

    // read_types.cpp
    void declare_types(Unit& unit, const pugi::xml_node& root);
    void fill_type(ItemType& type, const pugi::xml_node& node, const Unit& unit);
    const ItemType* component_type(const pugi::xml_node& node, const Unit& unit);
    const ItemType* type_ref(const std::string& text, const Unit& unit, const std::string& element);
    const ItemType* builtin(std::string_view name);
    void add_tests(ItemType& type, const pugi::xml_node& node);
    const feel::Type& feel_type(const ItemType* type);
    void link_types(Source& source);

    // read_logic.cpp: boxed expressions
    const ItemType* node_type(const pugi::xml_node& node, const Unit& unit);
    /// The first child that is an expression; empty where there is none.
    NodePtr logic_in(const pugi::xml_node& parent, const Names& names, const Source& source);
    NodePtr logic(const pugi::xml_node& node, const Names& names, const Source& source);
    void check_language(const pugi::xml_node& node);
    Literal literal(const pugi::xml_node& node, const Names& names);
    ContextBox context(const pugi::xml_node& node, Names names, const Source& source);
    RelationBox relation(const pugi::xml_node& node, const Names& names, const Source& source);
    InvocationBox invocation(const pugi::xml_node& node, const Names& names, const Source& source);
    FunctionBox function(const pugi::xml_node& node, Names names, const Source& source);
    Literal java_function(const pugi::xml_node& node, const Names& names);
    IterationBox iteration(const pugi::xml_node& node, const Names& names, const Source& source);
    FilterBox filter(const pugi::xml_node& node, const Names& names, const Source& source);
    std::vector<Parameter> parameters(const pugi::xml_node& node, Names& names, const Unit& unit);

    // read_table.cpp
    Table table(const pugi::xml_node& node, const Names& names, const Source& source);
    void table_policy(Table& table, const pugi::xml_node& node);
    InputColumn input_column(const pugi::xml_node& node, const Names& names, const Source& source);
    OutputColumn output_column(const pugi::xml_node& node, const Names& names, const Source& source, const ItemType* whole, bool only);
    Rule rule(const pugi::xml_node& node, const Table& table, const Names& names, Names& tested);

    /// Reports an expression whose static type can never be what its element declares.
    void check_type(const Text& text, const ItemType* wanted);
    Text expression(std::string text, const std::string& element, const Names& names);
    Text unary_tests(std::string text, const std::string& element, const Names& names);
    Text compiled(std::string text, const std::string& element, const Names& names, bool tests);
    void report(std::string code, std::string message, std::string element, std::string hint = {});
    static void add_name(Names& names, const std::string& name, const feel::Type& type);
    void set_place(Names& names, const std::string& name, std::uint32_t place);
    /// A name that begins inside of a decision or knowledge model, and its place.
    std::uint32_t add_local(Names& names, const std::string& name, const feel::Type& type);

    Model::Impl& impl_;
    const Imported& imported_;
    std::deque<Source> sources_;
    std::map<std::string, Unit*> by_namespace_;
    std::map<const Unit*, std::map<std::string, std::size_t>> waiting_;   ///< item definitions not yet filled: index in definitions_
    std::vector<pugi::xml_node> definitions_;
    std::set<const ItemType*> linking_;
    std::set<const ItemType*> linked_;
    std::map<std::string, const ItemType*, std::less<>> builtins_;
    std::uint32_t* next_place_ = nullptr;
    bool placeable_ = true;                                                ///< what is being compiled can be evaluated from places
    std::map<std::string, feel::Expression, std::less<>> literals_[2];     ///< expressions and tests without a name, by their text
};

}  // namespace kiepe::dmn
