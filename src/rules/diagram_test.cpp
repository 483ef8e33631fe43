#include "rules/diagram.h"

#include <gtest/gtest.h>

#include "casework/example_reader.h"
#include "casework/test_city.h"
#include "rules/drawing.h"

namespace kiepe::rules {
namespace {

using casework::test::city;

bool overlap(const Box& a, const Box& b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

const std::string& model_of(const std::string& service) { return *model_file(city()->package(service)->files); }

TEST(Drawing, places_no_box_on_another_and_what_is_needed_to_the_left) {
    for (const char* service : {"housing-benefit", "dog-tax", "resident-parking", "registration-certificate"}) {
        auto graph = graph_of(model_of(service));
        const auto layout = lay_out(graph.boxes, graph.arrows);
        ASSERT_FALSE(layout.boxes.empty());
        EXPECT_EQ(layout.arrows.size(), graph.arrows.size()) << service;
        std::map<std::string, const Box*> boxes;
        for (const auto& box : layout.boxes) boxes[box.id] = &box;
        for (std::size_t i = 0; i < layout.boxes.size(); ++i)
            for (std::size_t j = i + 1; j < layout.boxes.size(); ++j)
                EXPECT_FALSE(overlap(layout.boxes[i], layout.boxes[j])) << service << ": " << layout.boxes[i].id << " on " << layout.boxes[j].id;
        for (const auto& arrow : layout.arrows) {
            EXPECT_LT(boxes.at(arrow.from)->x + boxes.at(arrow.from)->width, boxes.at(arrow.to)->x) << service << ": " << arrow.id;
            ASSERT_GE(arrow.points.size(), 2u);
            EXPECT_EQ(arrow.points.front().first, boxes.at(arrow.from)->x + boxes.at(arrow.from)->width);
            EXPECT_EQ(arrow.points.back().first, boxes.at(arrow.to)->x);
        }
    }
}

TEST(Drawing, leads_no_arrow_through_a_box) {
    auto graph = graph_of(model_of("housing-benefit"));
    const auto layout = lay_out(graph.boxes, graph.arrows);
    for (const auto& arrow : layout.arrows)
        for (const auto& [x, y] : arrow.points)
            for (const auto& box : layout.boxes) {
                if (box.id == arrow.from || box.id == arrow.to) continue;
                EXPECT_FALSE(x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height) << arrow.id << " through " << box.id;
            }
}

TEST(Drawing, stays_a_model_that_decides_the_same) {
    const auto xml = drawn(model_of("housing-benefit"), {{"wogg", "Wohngeldgesetz"}});
    const auto model = dmn::Model::load(xml);
    ASSERT_TRUE(model.ok());
    EXPECT_NE(xml.find("DMNEdge"), std::string::npos);
    EXPECT_NE(xml.find("name=\"Wohngeldgesetz\""), std::string::npos);
    EXPECT_EQ(model->decisions().size(), city()->package("housing-benefit")->model->decisions().size());
}

TEST(Drawing, takes_what_is_no_model_calmly) {
    EXPECT_EQ(drawn("", {}), "");
    EXPECT_EQ(drawn("<html/>", {}), "");
    EXPECT_NE(drawn("<definitions><decision id=\"a\"><informationRequirement><requiredDecision href=\"#a\"/></informationRequirement></decision></definitions>", {}), "");
    EXPECT_NE(drawn("<definitions><decision id=\"a\"><informationRequirement><requiredDecision href=\"#b\"/></informationRequirement></decision>"
                    "<decision id=\"b\"><informationRequirement><requiredDecision href=\"#a\"/></informationRequirement></decision></definitions>",
                    {}),
              "")
        << "decisions that need each other end in a drawing, not in a loop";
}

/// The rows that a page marks are those whose outputs the decision gave.
TEST(CasePath, marks_the_rows_that_matched) {
    const auto& package = *city()->package("resident-parking");
    const auto outline = package.model->outline();
    std::vector<catalogue::Finding> findings;
    int marked = 0;
    for (const auto& example : casework::read_examples(package, findings).examples) {
        const auto application = casework::completed(package, city()->law(), city()->city(), example.application);
        const auto preparation = casework::prepare(package, city()->law(), city()->city(), application);
        if (preparation.outcome.empty()) continue;
        const auto path = path_of(casework::trace(package, preparation));
        for (const auto& [name, codes] : {std::pair{std::string("obstacles"), preparation.reasons}, {std::string("looks"), preparation.looks}}) {
            std::vector<std::string> given;
            for (const int row : path.at(name).rows) {
                const auto& output = outline.decision(name)->logic.rules.at(static_cast<std::size_t>(row - 1)).outputs.front();
                given.push_back(output.substr(1, output.size() - 2));
                ++marked;
            }
            EXPECT_EQ(given, codes) << example.name;
        }
        ASSERT_EQ(path.at("outcome").rows.size(), 1u) << example.name;
        EXPECT_EQ(path.at("outcome").value.as_string(), preparation.outcome) << example.name;
        EXPECT_EQ(path.at("obstacles").columns.size(), outline.decision("obstacles")->logic.inputs.size());
    }
    EXPECT_GT(marked, 5);
}

TEST(Diagram, begins_with_the_result_and_leaves_no_decision_out) {
    const auto outline = city()->package("housing-benefit")->model->outline();
    const auto order = from_the_result(outline, "outcome");
    ASSERT_EQ(order.size(), outline.decisions.size());
    EXPECT_EQ(order.front()->info.name, "outcome");
    EXPECT_EQ(order.back()->info.requires_decisions.size(), 0u);
}

TEST(Diagram, lists_the_law_that_the_rules_name) {
    const auto& package = *city()->package("resident-parking");
    std::set<std::string> named;
    for (const auto& [act, parameter] : parameters_named(package, city()->law(), package.model->outline())) named.insert(parameter->name);
    EXPECT_TRUE(named.count("longest_vehicle"));
    EXPECT_TRUE(named.count("fee_year"));
    EXPECT_FALSE(named.count("start_months")) << "the form asks that, not the rules";
}

}  // namespace
}  // namespace kiepe::rules
