// Reading XML within limits.
#include <fmt/format.h>

#include <pugixml.hpp>

#include "base/text.h"
#include "dmn/reader.h"

namespace kiepe::dmn {
namespace {

/// True where no element is nested deeper than `most`; walks without recursion.
bool shallow(const pugi::xml_document& document, int most) {
    int depth = 0;
    pugi::xml_node node = document.first_child();
    while (node) {
        if (depth > most) return false;
        if (node.first_child()) {
            node = node.first_child();
            ++depth;
            continue;
        }
        while (node && !node.next_sibling()) {
            node = node.parent();
            --depth;
        }
        node = node ? node.next_sibling() : node;
    }
    return true;
}

bool has_document_type(const pugi::xml_document& document) {
    for (const pugi::xml_node node : document.children()) {
        if (node.type() == pugi::node_doctype) return true;
    }
    return false;
}

void append_text(const pugi::xml_node& node, std::string& text) {
    for (const pugi::xml_node part : node.children()) {
        if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) text += part.value();
    }
}

}  // namespace

std::string_view local_name(const pugi::xml_node& node) {
    const std::string_view name = node.name();
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
    for (const pugi::xml_node each : node.children()) {
        if (each.type() == pugi::node_element && local_name(each) == name) return each;
    }
    return {};
}

std::vector<pugi::xml_node> children(const pugi::xml_node& node, std::string_view name) {
    std::vector<pugi::xml_node> found;
    for (const pugi::xml_node each : node.children()) {
        if (each.type() == pugi::node_element && local_name(each) == name) found.push_back(each);
    }
    return found;
}

std::string attribute(const pugi::xml_node& node, const char* name) { return node.attribute(name).as_string(); }

std::string text_of(const pugi::xml_node& node) {
    std::string text;
    const pugi::xml_node inner = child(node, "text");
    append_text(inner ? inner : node, text);
    return text;
}

std::string element_of(const pugi::xml_node& node) {
    for (pugi::xml_node each = node; each; each = each.parent()) {
        if (each.attribute("id")) return each.attribute("id").as_string();
        if (each.attribute("name")) return each.attribute("name").as_string();
    }
    return {};
}

Result<std::unique_ptr<pugi::xml_document>> parse_xml(std::string_view xml, const Limits& limits) {
    if (xml.size() > limits.xml_bytes) return Error{"dmn.too_large", "", {}, fmt::format("more than {} bytes", limits.xml_bytes)};
    if (!valid_utf8(xml)) return Error{"dmn.xml", "", {}, "not UTF-8"};
    auto document = std::make_unique<pugi::xml_document>();
    constexpr unsigned kFlags = pugi::parse_default | pugi::parse_doctype | pugi::parse_ws_pcdata_single;
    const auto parsed = document->load_buffer(xml.data(), xml.size(), kFlags, pugi::encoding_utf8);
    if (!parsed) return Error{"dmn.xml", line_column(xml, static_cast<std::size_t>(parsed.offset)), {}, parsed.description()};
    if (has_document_type(*document)) return Error{"dmn.document_type", "", {}, "a document type declaration is not accepted"};
    if (!shallow(*document, limits.depth)) return Error{"dmn.too_deep", "", {}, fmt::format("more than {} nested elements", limits.depth)};
    return document;
}

}  // namespace kiepe::dmn
