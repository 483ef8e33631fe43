#pragma once
// The table of routes as a tree of path segments. Immutable after construction, thread-safe.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "web/web.h"

namespace kiepe::web {

/// What a path leads to.
struct Match {
    const Route* route = nullptr;                     ///< nullptr: see below
    std::map<std::string, std::string> parameters;
    std::vector<std::string> allowed;                 ///< methods of this path, when only the method does not fit: 405
    std::string redirect;                             ///< the same path with or without its last slash, percent-encoded
};

class Router {
public:
    /// Throws std::logic_error for a pattern that is wrong or stands there twice.
    Router(const std::vector<Route>& routes, std::vector<std::string> languages);
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    /// A segment as it stands wins over {lang}, that over {name}, that over {rest...}. HEAD finds the route of GET.
    Match find(std::string_view method, std::string_view path) const;

private:
    struct Node;
    struct Search;
    const Route* search(const Node& node, std::string_view rest, Search& at) const;
    std::unique_ptr<Node> root_;
    std::vector<std::string> languages_;
};

}  // namespace kiepe::web
