#include "identity/identity_pages.h"

#include <algorithm>

namespace kiepe::identity {
namespace {

using web::Request;
using web::Response;

Response show_sign_in(const SignInPages& pages, const Request& request, bool failed, int status) {
    auto data = pages.site.frame(request, pages.texts.get(request.language, "sign_in_title"));
    data.set("ACTION", "/" + request.language + "/sign-in");
    data.set("RETURN", safe_return(request.method == "GET" ? request.query_value("return") : request.field("return")));
    bool first = true;
    for (const auto& person : pages.sign_in->invented_persons()) {
        data.add("PERSONS")
            .set("PERSON_ID", person.subject)
            .set("PERSON_TEXT", person.first_name + " " + person.last_name)
            .set("PERSON_NOTE", pages.texts.get(request.language, "sign_in_invented"))
            .show_if(first, "PERSON_FIRST");
        first = false;
    }
    data.show_if(failed, "ERROR_SHOWN");
    return pages.site.render(request, "sign-in.html", data, status);
}

Response sign_in(const SignInPages& pages, const Request& request) {
    auto session = pages.identity.sign_in_resident(request.field("subject"), request.session_token);
    if (!session) return show_sign_in(pages, request, true, 422);
    const auto back = safe_return(request.field("return"));
    auto response = web::redirect("/" + request.language + (back.empty() ? "/my" : back));
    response.session_cookie = session->token;
    return response;
}

Response sign_out(const SignInPages& pages, const Request& request, const std::string& to) {
    pages.identity.end(request.session_token);
    auto response = web::redirect("/" + request.language + to);
    response.session_cookie = "";
    response.headers.emplace_back("Clear-Site-Data", "\"cache\", \"storage\"");  // ASVS 14.3.1
    return response;
}

Response show_staff_sign_in(const SignInPages& pages, const Request& request, const std::string& problem, int status) {
    auto data = pages.site.frame(request, pages.texts.get(request.language, "staff_sign_in_title"));
    data.set("ACTION", "/" + request.language + "/desk/sign-in").set("LOGIN", std::string(request.field("login")));
    data.set("RETURN", safe_return(request.method == "GET" ? request.query_value("return") : request.field("return")));
    if (!problem.empty()) data.add("FAILED").set("FAILED_TEXT", pages.texts.get(request.language, problem));
    return pages.site.render(request, "staff-sign-in.html", data, status);
}

Response staff_sign_in(const SignInPages& pages, const Request& request) {
    auto session = pages.identity.sign_in_staff(request.field("login"), request.field("password"), request.session_token, request.client);
    if (!session) {
        const bool throttled = session.error().code.find("throttled") != std::string::npos;
        return show_staff_sign_in(pages, request, throttled ? "sign_in_throttled" : "sign_in_failed", throttled ? 429 : 422);
    }
    const auto back = safe_return(request.field("return"));
    auto response = web::redirect("/" + request.language + (back.starts_with("/desk") ? back : "/desk"));
    response.session_cookie = session->token;
    return response;
}

}  // namespace

std::string safe_return(std::string_view path) {
    const bool plain = path.size() > 1 && path.size() < 300 && path[0] == '/' && path[1] != '/' && path.find('\\') == std::string_view::npos &&
                       path.find(':') == std::string_view::npos && path.find("..") == std::string_view::npos &&
                       std::all_of(path.begin(), path.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    return plain ? std::string(path) : std::string();
}

std::vector<web::Route> sign_in_routes(const SignInPages& pages) {
    return {
        {"GET", "/{lang}/sign-in", web::Kind::page, [pages](const Request& r) { return show_sign_in(pages, r, false, 200); }},
        {"POST", "/{lang}/sign-in", web::Kind::form, [pages](const Request& r) { return sign_in(pages, r); }},
        {"POST", "/{lang}/sign-out", web::Kind::form, [pages](const Request& r) { return sign_out(pages, r, ""); }},
        {"GET", "/{lang}/desk/sign-in", web::Kind::page, [pages](const Request& r) { return show_staff_sign_in(pages, r, "", 200); }},
        {"POST", "/{lang}/desk/sign-in", web::Kind::form, [pages](const Request& r) { return staff_sign_in(pages, r); }},
        {"POST", "/{lang}/desk/sign-out", web::Kind::form, [pages](const Request& r) { return sign_out(pages, r, "/desk/sign-in"); }},
    };
}

}  // namespace kiepe::identity
