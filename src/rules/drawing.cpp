#include "rules/drawing.h"

#include <cstring>
#include <sstream>

#include <pugixml.hpp>

namespace kiepe::rules {
namespace {

constexpr const char* kDmndi = "https://www.omg.org/spec/DMN/20191111/DMNDI/";
constexpr const char* kDc = "http://www.omg.org/spec/DMN/20180521/DC/";
constexpr const char* kDi = "http://www.omg.org/spec/DMN/20180521/DI/";

std::string_view local(const char* name) {
    const char* colon = std::strchr(name, ':');
    return colon == nullptr ? name : colon + 1;
}

bool is(const pugi::xml_node& node, std::string_view name) { return local(node.name()) == name; }

std::string target_of(const pugi::xml_node& requirement) {
    for (const auto& child : requirement.children())
        if (const std::string_view href = child.attribute("href").value(); href.starts_with("#")) return std::string(href.substr(1));
    return "";
}

pugi::xml_node definitions_of(const pugi::xml_document& document) {
    const auto root = document.document_element();
    return root && is(root, "definitions") ? root : pugi::xml_node();
}

Box box_of(const pugi::xml_node& node) {
    Box box;
    box.id = node.attribute("id").value();
    if (is(node, "inputData")) box = {box.id, Box::Kind::input, 0, 0, 150, 50};
    else if (is(node, "businessKnowledgeModel")) box = {box.id, Box::Kind::knowledge, 0, 0, 170, 80};
    else box = {box.id, Box::Kind::decision, 0, 0, 180, 80};
    return box;
}

bool is_shape(const pugi::xml_node& node) { return is(node, "inputData") || is(node, "businessKnowledgeModel") || is(node, "decision"); }

/// Requirements without an id get one: an arrow of the diagram names its requirement.
Layout read_graph(pugi::xml_node definitions) {
    Layout graph;
    int unnamed = 0;
    for (auto node : definitions.children()) {
        if (!is_shape(node)) continue;
        graph.boxes.push_back(box_of(node));
        for (auto child : node.children()) {
            if (!is(child, "informationRequirement") && !is(child, "knowledgeRequirement")) continue;
            if (!child.attribute("id")) child.append_attribute("id") = ("requirement_" + std::to_string(++unnamed)).c_str();
            graph.arrows.push_back({child.attribute("id").value(), target_of(child), node.attribute("id").value(), {}});
        }
    }
    return graph;
}

void name_for_people(pugi::xml_node definitions, const std::map<std::string, std::string>& labels) {
    for (auto node : definitions.children()) {
        if (!is_shape(node)) continue;
        std::string label = node.attribute("label").value();
        if (const auto known = labels.find(node.attribute("name").value()); label.empty() && known != labels.end()) label = known->second;
        if (!label.empty()) node.attribute("name") = label.c_str();
    }
}

void write_diagram(pugi::xml_node definitions, const Layout& layout) {
    for (auto child = definitions.first_child(); child;) {
        const auto next = child.next_sibling();
        if (is(child, "DMNDI")) definitions.remove_child(child);
        child = next;
    }
    auto diagram = definitions.append_child("dmndi:DMNDI");
    for (const auto& [name, space] : {std::pair{"xmlns:dmndi", kDmndi}, {"xmlns:dc", kDc}, {"xmlns:di", kDi}}) {
        definitions.remove_attribute(name);
        diagram.append_attribute(name) = space;
    }
    auto sheet = diagram.append_child("dmndi:DMNDiagram");
    sheet.append_attribute("id") = "drawing";
    for (const auto& box : layout.boxes) {
        auto shape = sheet.append_child("dmndi:DMNShape");
        shape.append_attribute("id") = ("drawn_" + box.id).c_str();
        shape.append_attribute("dmnElementRef") = box.id.c_str();
        auto bounds = shape.append_child("dc:Bounds");
        bounds.append_attribute("height") = box.height;
        bounds.append_attribute("width") = box.width;
        bounds.append_attribute("x") = box.x;
        bounds.append_attribute("y") = box.y;
    }
    for (const auto& arrow : layout.arrows) {
        auto edge = sheet.append_child("dmndi:DMNEdge");
        edge.append_attribute("id") = ("drawn_" + arrow.id).c_str();
        edge.append_attribute("dmnElementRef") = arrow.id.c_str();
        for (const auto& [x, y] : arrow.points) {
            auto point = edge.append_child("di:waypoint");
            point.append_attribute("x") = x;
            point.append_attribute("y") = y;
        }
    }
}

}  // namespace

Layout graph_of(std::string_view dmn) {
    pugi::xml_document document;
    if (!document.load_buffer(dmn.data(), dmn.size())) return {};
    return read_graph(definitions_of(document));
}

std::string drawn(std::string_view dmn, const std::map<std::string, std::string>& labels) {
    pugi::xml_document document;
    if (!document.load_buffer(dmn.data(), dmn.size())) return "";
    auto definitions = definitions_of(document);
    if (!definitions) return "";
    auto graph = read_graph(definitions);
    write_diagram(definitions, lay_out(std::move(graph.boxes), std::move(graph.arrows)));
    name_for_people(definitions, labels);
    std::ostringstream out;
    document.save(out, "", pugi::format_raw);
    return out.str();
}

}  // namespace kiepe::rules
