#pragma once
// Where pages of cases and drafts lead to "Was müsste anders sein?"; not for other rooms.
#include <vector>

#include "casework/pages.h"

namespace kiepe::casework {

struct DraftView;
struct Screen;

/// The rules themselves are against it: a refusal that only a person has found has no nearest answer.
bool refused_by_rules(const catalogue::Package& package, const Preparation& preparation);
/// The decision that holds is against her, and by today's rules still would be.
bool decided_against(const Pages& pages, const Case& c);
/// Section WHAT_IF of a case at the desk, where the rules are against the applicant.
void put_what_if(const Pages& pages, const web::Request& request, web::Data& data, const Case& c, const Preparation& preparation,
                 const identity::Staff& who);
/// Section STANDING of a draft's screens after the pages of the pre-check: what stands against the application already is said before anybody
/// looks for papers.
void put_standing(const Pages& pages, const web::Request& request, web::Data& data, const DraftView& view, const Screen& screen);
std::vector<web::Route> what_if_routes(const Pages& pages);

}  // namespace kiepe::casework
