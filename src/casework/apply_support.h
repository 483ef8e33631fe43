#pragma once
// Shared by the files of the apply pages; not for other rooms.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casework/apply_flow.h"
#include "casework/pages.h"

namespace kiepe::casework {

/// A draft as a page needs it: with its form version and what the form says about its answers.
struct DraftView {
    std::string token;
    Draft draft;
    std::shared_ptr<const catalogue::Package> package;
    catalogue::Surroundings around;
    catalogue::Evaluation evaluation;
    std::vector<Screen> screens;

    /// Name of the person a paper is asked for; empty for the whole household.
    std::string about_person(const Screen& screen) const;
    /// What an entry of a list is called: "Inge Muster", "Rente"; `otherwise` where nothing is known of it yet.
    std::string entry_name(const catalogue::Step& step, std::string_view language, const std::string& otherwise) const;
};

/// A handler of a draft's pages. The link alone opens a draft that nobody has put a name to; one that a person began signed in opens for
/// her alone, and an application on paper for staff alone: both hold what a register said of somebody.
using DraftHandler = web::Response (*)(const Pages&, const web::Request&);
web::Handler for_owner(const Pages& pages, DraftHandler handler);
std::optional<DraftView> open_draft(const Pages& pages, const web::Request& request);
std::string draft_path(const web::Request& request, std::string_view token);
/// A package's text in the language, its placeholders filled from the answers.
std::string fill_text(const DraftView& view, const catalogue::Text& text, std::string_view language);
/// Saves; where somebody else saved meanwhile, says so instead of overwriting.
web::Response save_and_go(const Pages& pages, const web::Request& request, DraftView& view, const std::string& path);
/// Saves a screen as done and goes to the next one, or back to the check page when nothing new is asked.
web::Response save_and_go_on(const Pages& pages, const web::Request& request, DraftView& view, const std::string& key);
bool looks_like_email(std::string_view text);

void put_upload(const Pages& pages, const web::Request& request, web::Data& question, const catalogue::Package& package,
                const catalogue::Need& need, const std::string& name, const std::vector<DraftFile>& files, const std::string& base);
/// What the paper may come as (`accept` of the form).
documents::UploadRules upload_rules(const Pages& pages, const catalogue::Package& package, std::string_view paper);
/// What the rules would see if the draft were sent on that day.
Application application_of(const DraftView& view, Day received);
web::Response post_paper(const Pages& pages, const web::Request& request, DraftView& view, const Screen& screen);
/// Overview, check your answers, send, files, discard (apply_send.cpp).
std::vector<web::Route> send_routes(const Pages& pages);

}  // namespace kiepe::casework
