#pragma once
// A decision model as a drawing: the same file with a layout that reads from left to right, for the viewer in the browser. The file that
// decides is never changed; people get it as it is beside the drawing.
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kiepe::rules {

struct Box {
    std::string id;
    enum class Kind { input, knowledge, decision } kind = Kind::decision;
    int x = 0, y = 0, width = 0, height = 0;
};

struct Arrow {
    std::string id, from, to;                            ///< id of the requirement; ids of boxes
    std::vector<std::pair<int, int>> points;
};

struct Layout {
    std::vector<Box> boxes;
    std::vector<Arrow> arrows;
};

/// A layered layout (Sugiyama, Tagawa, Toda 1981): what is needed stands left of what needs it, long arrows get a lane of their own
/// between the boxes, neighbours are ordered so that few arrows cross. Deterministic.
Layout lay_out(std::vector<Box> boxes, std::vector<Arrow> arrows);
/// Boxes and arrows of a model; sizes set, nothing placed.
Layout graph_of(std::string_view dmn);
/// The model with a new diagram (DMN 1.5 chapter 13, DMNDI) and, as names, the labels that people read; `labels`: for inputs without a
/// label of their own, by name. Empty where the text is no model.
std::string drawn(std::string_view dmn, const std::map<std::string, std::string>& labels);

}  // namespace kiepe::rules
