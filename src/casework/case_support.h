#pragma once
// What the resident's case page and the clerk's "what she sees" share; not for other rooms.
#include <string>
#include <vector>

#include "casework/pages.h"

namespace kiepe::casework {

/// A case and who looks at it: by its secret link, or signed in under "my".
struct Seen {
    Case c;
    std::string base;        ///< path of its page
    bool proved = false;     ///< signed in as the person whose case it is
    bool by_link = false;
};
std::optional<Seen> open_case(const Pages& pages, const web::Request& request);
/// Nothing to show. The link of a case on an account leads to the sign-in: mails carry it.
web::Response no_case(const Pages& pages, const web::Request& request);

/// Puts everything a resident sees of her case into a page: track, promise, requests, timeline, messages, notices, answers.
/// `base`: path under which files and actions of this case are found. `proved`: she has signed in, so that notices may be shown.
void put_case(const Pages& pages, const web::Request& request, web::Data& data, const Case& c, const std::string& base, bool proved);
/// "Wir antworten bis Freitag, 4. Dezember 2026", or what stops the clock.
std::string promise_text(const Pages& pages, std::string_view language, const Case& c);
std::string outcome_title(const Pages& pages, std::string_view language, const Case& c, const std::string& outcome);
/// "Fassung 1.0.0 vom 24. November 2026, Kennung 3f9a12c4d5e6, Recht vom 1. März 2026".
std::string version_text(const Pages& pages, std::string_view language, const RulesVersion& rules);
/// "Herr Berger" -> "HB".
std::string initials(std::string_view name);
/// Label of a need for people: "Mietvertrag oder Bescheinigung der Vermieterin (Inge Muster)".
std::string need_label(const catalogue::Package& package, const catalogue::Evaluation& evaluation, std::string_view need_name,
                       std::string_view language, std::string_view or_word);
/// Label of an answer's path, with the person's name where it belongs to one.
std::string answer_label(const catalogue::Package& package, const Preparation& preparation, std::string_view path, std::string_view language);
/// A notice that is in force and that nobody has said anything against yet.
bool may_contest(const Case& c, const Notice& notice);
/// Where the register says by which rules the service is decided; empty where it has no model.
std::string register_path(const Pages& pages, const web::Request& request, const std::string& service);
/// "Warum?" of both ways to a case (why_pages.cpp).
std::vector<web::Route> why_routes(const Pages& pages);
web::Response notice_pdf(const Pages& pages, const web::Request& request, const Case& c, std::int64_t number);
/// Blocks of a letter as data: list BLOCKS with one section each (IS_H1, IS_H2, IS_PARAGRAPH, IS_BULLETS, IS_NUMBERS, IS_TABLE).
void put_blocks(web::Data& data, const std::vector<documents::Block>& blocks);

}  // namespace kiepe::casework
