// What would have to be different, kept beside the preparation: the search is pure, so the same application and rules give the same again.
#include "casework/cases_impl.h"

namespace kiepe::casework {

namespace {

constexpr std::size_t kMostSearched = 512;

}  // namespace

std::shared_ptr<const WhatIfNow> Cases::Impl::what_if_of(const Case& c) {
    const auto known = prepared_of(c);
    if (!known) return nullptr;
    {
        std::lock_guard lock(prepared_mutex);
        const auto found = searched.find(c.id);
        if (found != searched.end() && found->second.first == known) return found->second.second;
    }
    const Rules& rules = known->rules;
    auto made = std::make_shared<WhatIfNow>(
        WhatIfNow{rules.package, known->preparation, casework::what_if(*rules.package, rules.law(), rules.city(), c.application, known->preparation)});
    std::lock_guard lock(prepared_mutex);
    if (searched.size() >= kMostSearched) searched.clear();
    searched[c.id] = {known, made};
    return made;
}

std::shared_ptr<const WhatIfNow> Cases::what_if(const Case& c) { return impl_->what_if_of(c); }

}  // namespace kiepe::casework
