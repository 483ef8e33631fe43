#pragma once
// Pages that are equal for everybody are rendered once and kept until what they show has changed.
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "web/web.h"

namespace kiepe::web {

/// Thread-safe. Only for requests without a session and without a query: what a person types never becomes a key.
class PageMemo {
public:
    /// `stamp` names what the pages are made from (version of the content, day); a new stamp forgets all pages. Only pages with
    /// status 200 are kept.
    Response get(const Request& request, const std::string& stamp, const std::function<Response()>& make);

private:
    std::mutex mutex_;
    std::string stamp_;
    std::map<std::string, std::shared_ptr<const Response>, std::less<>> pages_;
};

}  // namespace kiepe::web
