#pragma once
// Shared by the files of the desk; not for other rooms.
#include <functional>
#include <optional>
#include <string>

#include "casework/case_support.h"
#include "casework/pages.h"

namespace kiepe::casework {

/// A handler that only staff reaches; everybody else is sent to the sign-in and comes back afterwards.
using DeskHandler = web::Response (*)(const Pages&, const web::Request&, const identity::Staff&);
web::Handler for_staff_only(const Pages& pages, DeskHandler handler);

/// The case named in the address; opening it is written into the access log that the person sees.
std::optional<Case> open_for_staff(const Pages& pages, const web::Request& request, const identity::Staff& who);
std::string desk_case_path(const web::Request& request, const std::string& number);
/// After an action: back to the case, or the page that says what somebody else has changed, with what was typed.
web::Response after_action(const Pages& pages, const web::Request& request, const Case& c, const Result<void>& done, std::string_view done_code);
std::int64_t version_of(const web::Request& request);
/// Shape of the promise's light: over, now, ok, hold, done.
std::string light_of(const Case& c);

/// What happened, in the words of the desk (the resident's timeline speaks to her).
std::string desk_event_text(const Pages& pages, const web::Request& request, const TimelineEntry& entry);
/// Words for an argument of a text: days become dates.
language::Arguments desk_arguments(const web::Request& request, const std::map<std::string, std::string>& args);

/// A text of several lines: list `name` with one LINE each (templates turn the line breaks inside a value into spaces).
void put_lines(web::Data& data, const std::string& name, std::string_view text);

/// Every step of the rules in one case (desk_trace.cpp).
web::Response show_trace(const Pages& pages, const web::Request& request, const identity::Staff& who);

/// Actions of a case (desk_actions.cpp), print queue and paper applications.
std::vector<web::Route> desk_action_routes(const Pages& pages);
std::vector<web::Route> desk_case_routes(const Pages& pages);
/// What was said against the decision, and what can be done about it (desk_corrections.cpp): section CORRECT.
void put_corrections(const Pages& pages, const web::Request& request, web::Data& data, const Case& c, const catalogue::Package& package);
std::vector<web::Route> desk_correction_routes(const Pages& pages);

}  // namespace kiepe::casework
