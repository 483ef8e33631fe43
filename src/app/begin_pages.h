#pragma once
// The page before a form begins, and the printable form: they need the service, the person and the typesetter at once.
#include <string>
#include <vector>

#include "casework/pages.h"

namespace kiepe::app {

std::vector<web::Route> begin_routes(const casework::Pages& pages);
/// The files that browsers ask for at the root: favicon, manifest, service worker.
std::vector<web::Route> root_files(const std::string& folder);

}  // namespace kiepe::app
