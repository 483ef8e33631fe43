#include "web/router.h"

#include <algorithm>
#include <stdexcept>

#include "web/url.h"

namespace kiepe::web {

struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> words;
    std::unique_ptr<Node> language, parameter, rest;
    std::vector<Route> routes;                        ///< of the path that ends here
    std::vector<std::vector<std::string>> names;      ///< of the parameters, for each route
};

struct Router::Search {
    std::string_view method;
    std::vector<std::string_view> values;
    const std::vector<std::string>* names = nullptr;
    std::vector<std::string> allowed;
};

namespace {

bool is_parameter(std::string_view segment) { return segment.size() > 2 && segment.front() == '{' && segment.back() == '}'; }

bool serves(std::string_view route_method, std::string_view method) {
    return route_method == method || (method == "HEAD" && route_method == "GET");
}

}  // namespace

Router::Router(const std::vector<Route>& routes, std::vector<std::string> languages)
    : root_(std::make_unique<Node>()), languages_(std::move(languages)) {
    for (const Route& route : routes) {
        std::string_view pattern = route.pattern;
        if (pattern.empty() || pattern.front() != '/') throw std::logic_error("route pattern does not begin with /: " + route.pattern);
        Node* node = root_.get();
        std::vector<std::string> names;
        bool ended = false;
        while (!pattern.empty()) {
            if (ended) throw std::logic_error("route pattern goes on behind {rest...}: " + route.pattern);
            pattern.remove_prefix(1);
            const std::string_view segment = pattern.substr(0, pattern.find('/'));
            pattern.remove_prefix(segment.size());
            std::unique_ptr<Node>* next = nullptr;
            if (is_parameter(segment)) {
                std::string_view name = segment.substr(1, segment.size() - 2);
                if (name.size() > 3 && name.substr(name.size() - 3) == "...") {
                    name.remove_suffix(3);
                    next = &node->rest;
                    ended = true;
                } else {
                    next = name == "lang" ? &node->language : &node->parameter;
                }
                names.emplace_back(name);
            } else {
                next = &node->words[std::string(segment)];
            }
            if (!*next) *next = std::make_unique<Node>();
            node = next->get();
        }
        for (const Route& other : node->routes)
            if (other.method == route.method) throw std::logic_error("route stands twice: " + route.method + " " + route.pattern);
        node->routes.push_back(route);
        node->names.push_back(std::move(names));
    }
}

Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

/// `rest` begins with the slash of the next segment; empty at the end of the path.
const Route* Router::search(const Node& node, std::string_view rest, Search& at) const {
    if (rest.empty()) {
        for (std::size_t i = 0; i < node.routes.size(); ++i) {
            if (serves(node.routes[i].method, at.method)) {
                at.names = &node.names[i];
                return &node.routes[i];
            }
            at.allowed.push_back(node.routes[i].method);
        }
        return nullptr;
    }
    const std::string_view segment = rest.substr(1, rest.find('/', 1) - 1);
    const std::string_view behind = rest.substr(1 + segment.size());
    if (const auto word = node.words.find(segment); word != node.words.end())
        if (const Route* found = search(*word->second, behind, at)) return found;
    const auto down = [&](const std::unique_ptr<Node>& next, std::string_view value, std::string_view left) -> const Route* {
        if (!next) return nullptr;
        at.values.push_back(value);
        const Route* found = search(*next, left, at);
        if (!found) at.values.pop_back();
        return found;
    };
    if (std::find(languages_.begin(), languages_.end(), segment) != languages_.end())
        if (const Route* found = down(node.language, segment, behind)) return found;
    if (!segment.empty())
        if (const Route* found = down(node.parameter, segment, behind)) return found;
    return rest.size() > 1 ? down(node.rest, rest.substr(1), {}) : nullptr;
}

Match Router::find(std::string_view method, std::string_view path) const {
    Match match;
    Search at{method, {}, nullptr, {}};
    match.route = search(*root_, path, at);
    if (match.route) {
        for (std::size_t i = 0; i < at.values.size(); ++i) match.parameters[(*at.names)[i]] = std::string(at.values[i]);
        return match;
    }
    match.allowed = std::move(at.allowed);
    if (!match.allowed.empty()) {
        if (std::find(match.allowed.begin(), match.allowed.end(), "GET") != match.allowed.end()) match.allowed.push_back("HEAD");
        std::sort(match.allowed.begin(), match.allowed.end());
        match.allowed.erase(std::unique(match.allowed.begin(), match.allowed.end()), match.allowed.end());
        return match;
    }
    if ((method == "GET" || method == "HEAD") && path.size() > 1) {
        std::string other(path);
        if (other.back() == '/') other.pop_back();
        else other += '/';
        Search again{method, {}, nullptr, {}};
        if (search(*root_, other, again)) match.redirect = percent_encode(other, "/");
    }
    return match;
}

}  // namespace kiepe::web
