#include "web/memo.h"

namespace kiepe::web {
namespace {

constexpr std::size_t kMostPages = 2000;

}  // namespace

Response PageMemo::get(const Request& request, const std::string& stamp, const std::function<Response()>& make) {
    if (!request.session_token.empty() || !request.query_text.empty()) return make();
    {
        std::lock_guard lock(mutex_);
        if (stamp_ != stamp) {
            stamp_ = stamp;
            pages_.clear();
        }
        if (const auto found = pages_.find(request.path); found != pages_.end()) return *found->second;
    }
    auto made = std::make_shared<const Response>(make());
    if (made->status == 200) {
        std::lock_guard lock(mutex_);
        if (stamp_ == stamp && pages_.size() < kMostPages) pages_[request.path] = made;
    }
    return *made;
}

}  // namespace kiepe::web
