#include "app/house.h"

#include <yaml-cpp/yaml.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/begin_pages.h"
#include "app/mailbox_page.h"
#include "base/date.h"
#include "base/id.h"
#include "base/log.h"
#include "base/text.h"
#include "casework/cases.h"
#include "casework/pages.h"
#include "catalogue/catalogue_pages.h"
#include "documents/uploads.h"
#include "identity/accounts.h"
#include "identity/identity_pages.h"
#include "identity/passkey_pages.h"
#include "rules/pages.h"
#include "store/journal.h"

namespace kiepe::app {
namespace {

namespace fs = std::filesystem;

/// Path of a built asset by its plain name, from the list that the front-end build writes.
std::map<std::string, std::string> assets_of(const std::string& ui) {
    std::map<std::string, std::string> assets;
    const auto list = nlohmann::json::parse(read_file(ui + "/dist/assets.json"));
    for (const auto& [name, path] : list.items()) assets[name] = path.get<std::string>();
    return assets;
}

std::string beside_program(const std::string& name) {
    std::error_code ignored;
    return (fs::read_symlink("/proc/self/exe", ignored).parent_path() / name).string();
}

std::string node_program() { return fs::exists("node_modules/node/bin/node") ? "node_modules/node/bin/node" : "node"; }

struct DemoStaff {
    identity::Staff staff;
    std::string password;
};

/// Invented staff of the demonstration (cities/<city>/demo/staff.yaml). Passwords are random, made once, and kept beside the keys.
std::vector<DemoStaff> demo_staff(const Settings& settings) {
    std::vector<DemoStaff> all;
    const auto file = settings.city + "/demo/staff.yaml";
    if (!fs::exists(file)) return all;
    fs::create_directories(settings.keys);
    fs::permissions(settings.keys, fs::perms::owner_all);
    const auto passwords_file = settings.keys + "/demo-passwords.yaml";
    auto passwords = fs::exists(passwords_file) ? YAML::LoadFile(passwords_file) : YAML::Node(YAML::NodeType::Map);
    for (const auto& entry : YAML::LoadFile(file)["staff"]) {
        DemoStaff one;
        one.staff.id = entry["id"].as<std::string>();
        one.staff.name = entry["name"].as<std::string>();
        one.staff.office = entry["office"].as<std::string>();
        one.staff.phone = entry["phone"].as<std::string>("");
        for (const auto& role : entry["roles"]) one.staff.roles.insert(role.as<std::string>());
        if (!passwords[one.staff.id]) passwords[one.staff.id] = random_token().substr(0, 12);
        one.password = passwords[one.staff.id].as<std::string>();
        all.push_back(std::move(one));
    }
    std::ofstream out(passwords_file);
    out << passwords << '\n';
    fs::permissions(passwords_file, fs::perms::owner_read | fs::perms::owner_write);
    return all;
}

/// Errors one by one; warnings only counted, because `kiepe package check` is the place to read them.
void log_findings(const std::vector<catalogue::Finding>& findings) {
    std::size_t warnings = 0;
    for (const auto& finding : findings) {
        if (finding.severity == catalogue::Finding::Severity::error)
            log::write(log::Level::error, "package_error", {{"what", finding.file + ":" + std::to_string(finding.line) + ": " + finding.code}});
        else if (finding.severity == catalogue::Finding::Severity::warning)
            ++warnings;
    }
    if (warnings > 0) log::write(log::Level::info, "package_warnings", {{"count", std::to_string(warnings)}});
}

}  // namespace

struct House::Impl {
    Settings settings;
    SystemClock clock;
    std::shared_ptr<const language::Texts> texts;
    std::shared_ptr<const catalogue::Catalogue> catalogue;
    std::unique_ptr<store::Database> database;
    std::shared_ptr<const identity::DemoRegister> demo;
    std::shared_ptr<identity::Accounts> accounts;
    std::shared_ptr<const identity::People> people;
    std::unique_ptr<identity::Identity> identity;
    std::unique_ptr<documents::Typesetter> typesetter;
    std::unique_ptr<mail::DemoMailbox> mailbox;
    std::unique_ptr<mail::Mailer> smtp;
    std::unique_ptr<casework::Drafts> drafts;
    std::unique_ptr<casework::Cases> cases;
    std::unique_ptr<web::Templates> templates;
    std::unique_ptr<web::Site> site;
    std::unique_ptr<store::Worker> worker, slow_worker;   ///< comparing rules takes long: mails and notices must not wait for it
    std::unique_ptr<web::Server> server;
    std::vector<DemoStaff> staff;

    Result<void> load();
    void open_store();
    void make_casework();
    void make_site();
    web::Settings web_settings() const;
    rules::Work rules_work() const;
    rules::Pages rules_pages() const;
    std::map<std::string, std::function<void(const store::Job&)>> jobs() const;
    std::vector<web::Route> routes() const;
    web::Viewer viewer(const web::Request& request) const;
};

Result<void> House::Impl::load() {
    auto read = language::Texts::load(settings.locales, settings.languages);
    if (!read) return read.error();
    texts = std::make_shared<const language::Texts>(std::move(*read));
    std::vector<catalogue::Finding> findings;
    auto loaded = catalogue::Catalogue::load({settings.packages, settings.law, settings.city, settings.production}, texts, findings);
    if (!loaded) {
        log_findings(findings);
        return loaded.error();
    }
    catalogue = *loaded;
    for (const auto* package : catalogue->packages())
        for (auto& finding : catalogue::check_package(*package, *catalogue, local_day(clock.now()))) findings.push_back(std::move(finding));
    log_findings(findings);
    auto persons = identity::DemoRegister::load(settings.city + "/demo/persons.yaml");
    if (!persons) return persons.error();
    demo = std::make_shared<const identity::DemoRegister>(std::move(*persons));
    return {};
}

void House::Impl::open_store() {
    if (settings.database.starts_with("sqlite:")) {
        auto folder = fs::path(settings.database.substr(7)).parent_path();
        if (!folder.empty()) fs::create_directories(folder);
    }
    database = store::open(settings.database);
    std::vector<store::Migration> all;
    for (auto* list : {+[] { return store::migrations(); }, +[] { return identity::Identity::migrations(); }, +[] { return catalogue::migrations(); },
                       +[] { return mail::migrations(); }, +[] { return casework::Cases::migrations(); }, +[] { return rules::migrations(); }})
        for (auto& migration : list()) all.push_back(std::move(migration));
    database->migrate(all, clock.now());
    for (const auto* package : catalogue->packages()) catalogue::keep_version(*database, *package, catalogue->law(), clock.now());
}

void House::Impl::make_casework() {
    accounts = std::make_shared<identity::Accounts>(*database, clock);
    people = std::make_shared<identity::People>(std::vector<std::shared_ptr<const identity::SignIn>>{demo, accounts});
    identity = std::make_unique<identity::Identity>(*database, clock, people);
    if (settings.demo) {
        staff = demo_staff(settings);
        for (const auto& one : staff) identity->put_staff(one.staff, one.password);
    }
    documents::TypesetterSettings look;
    look.node = node_program();
    look.look = settings.packages + "/common/letters/letter.typ";
    if (const auto own = settings.city + "/packages/common/letters/letter.typ"; fs::exists(own)) look.look = own;
    typesetter = documents::make_typesetter(look);
    mailbox = std::make_unique<mail::DemoMailbox>(*database, clock);
    if (!settings.demo) smtp = mail::make_smtp_mailer(settings.smtp, clock);
    drafts = std::make_unique<casework::Drafts>(*database, clock);
    cases = std::make_unique<casework::Cases>(casework::Surround{
        *database, clock, [this] { return catalogue; }, *identity, *typesetter, settings.demo ? static_cast<mail::Mailer&>(*mailbox) : *smtp, *texts,
        settings.public_origin, [this] {
            if (worker) worker->poke();
        },
        demo.get()});
}

web::Viewer House::Impl::viewer(const web::Request& request) const {
    if (request.session_token.empty()) return {};
    auto session = identity->session(request.session_token);
    if (!session) return {};
    web::Viewer viewer;
    viewer.csrf = session->csrf;
    if (session->person) {
        viewer.signed_in = true;
        viewer.name = session->person->first_name + " " + session->person->last_name;
    } else if (session->staff) {
        viewer.staff = true;
        viewer.name = session->staff->name;
        for (const auto& word : split(viewer.name, ' '))
            if (!word.empty()) viewer.initials += word[0];
        auto office = catalogue->city().offices.find(session->staff->office);
        if (rules::may_see_rules(*session->staff)) viewer.nav.push_back({{"rules_nav", "/desk/rules", 40, "scales"}, {"/desk/reform", "/desk/late-law"}});
        viewer.team = office == catalogue->city().offices.end() ? session->staff->office : office->second.name;
    }
    return viewer;
}

web::Settings House::Impl::web_settings() const {
    web::Settings web;
    web.address = settings.address;
    web.port = settings.port;
    web.threads = settings.threads;
    web.workers = settings.workers;
    web.languages = settings.languages;
    web.trusted_proxies = settings.trusted_proxies;
    web.secure_cookies = settings.secure_cookies;
    web.public_origin = settings.public_origin;
    return web;
}

void House::Impl::make_site() {
    templates = std::make_unique<web::Templates>(settings.ui + "/templates", this, [](void* self, std::string_view language, std::string_view key) {
        return static_cast<Impl*>(self)->texts->get(language, key);
    });
    const auto assets = assets_of(settings.ui);
    const auto& city = catalogue->city();
    web::SiteInfo info;
    info.owner = city.name;
    info.phone = city.phone;
    info.address = city.street + ", " + city.postcode + " " + city.place;
    info.hours = join(city.office_hours, ", ");
    info.styles = assets.at("site.css");
    info.staff_styles = assets.at("staff.css");
    info.script = assets.at("site.js");
    info.icons = assets.at("icons.svg");
    info.demo = settings.demo;
    std::vector<web::NavEntry> nav{{"all_services", "/services", 10, "paper"}, {"my_title", "/my", 20, "basket"}};
    std::vector<web::NavEntry> staff_nav{{"desk_nav_cases", "/desk", 10, "basket"}, {"desk_nav_print", "/desk/print", 20, "print"}, {"desk_nav_new", "/desk/new", 30, "pen"}};
    if (settings.demo) {
        nav.push_back({"mailbox_nav", "/demo/mailbox", 90, "chat"});
    }
    std::map<std::string, std::string> names;
    for (const auto& language : settings.languages) names[language] = language::own_name(language);
    site = std::make_unique<web::Site>(
        info, *templates, web_settings(), nav, staff_nav,
        [texts = texts](std::string_view language, std::string_view key) { return texts->get(language, key); },
        [names](std::string_view language) { return names.at(std::string(language)); }, [this](const web::Request& request) { return viewer(request); });
}

rules::Pages House::Impl::rules_pages() const {
    return {rules_work(), *site, *identity, [this] {
                if (slow_worker) slow_worker->poke();
            }};
}

rules::Work House::Impl::rules_work() const {
    return {*cases, *database, *texts, clock, [this] { return catalogue; }};
}

std::map<std::string, std::function<void(const store::Job&)>> House::Impl::jobs() const {
    auto all = cases->jobs();
    all.merge(rules::jobs(rules_work()));
    return all;
}

std::vector<web::Route> House::Impl::routes() const {
    auto newest = [this] { return catalogue; };
    documents::UploadRules uploads;
    uploads.checker = beside_program("kiepe-upload-check");
    const casework::Pages pages{*site, *cases, *drafts, *identity, *demo, *database, *typesetter, *texts, clock, newest, uploads, settings.public_origin};
    const catalogue::PublicPages open{*site, *texts, clock, newest, settings.imprint_email, settings.represented_by, settings.privacy,
                                      settings.barriers, settings.arbitration, settings.reviewed_on, settings.source};
    std::vector<web::Route> all;
    auto add = [&](std::vector<web::Route> routes) {
        for (auto& route : routes) all.push_back(std::move(route));
    };
    add(catalogue::public_routes(open));
    add(begin_routes(pages));
    add(casework::apply_routes(pages));
    add(casework::case_routes(pages));
    add(casework::contest_routes(pages));
    add(casework::desk_routes(pages));
    const auto governed = rules_pages();
    add(rules::register_routes(governed));
    add(rules::diagram_routes(governed));
    add(rules::reform_routes(governed));
    add(identity::sign_in_routes({*site, *identity, demo, *texts}));
    add(identity::passkey_routes({*site, *identity, *accounts, people, settings.demo ? static_cast<mail::Mailer&>(*mailbox) : *smtp, *texts, clock,
                                  std::make_shared<identity::Passkeys>(*database, clock, *accounts)}));
    if (settings.demo) add(mailbox_routes(*site, *mailbox, *texts));
    all.push_back(web::static_files("/assets", settings.ui + "/dist/assets"));
    for (auto& route : root_files(settings.ui + "/dist/root")) all.push_back(std::move(route));
    all.push_back({"GET", "/health", web::Kind::api, [this](const web::Request&) {
                       database->read([](store::Session&) {});
                       auto answer = web::text("{\"status\":\"ok\"}");
                       answer.type = "application/json";
                       return answer;
                   }});
    return all;
}

House::House(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

House::~House() { stop(); }

Result<std::unique_ptr<House>> House::open(const Settings& settings) {
    auto impl = std::make_unique<Impl>();
    impl->settings = settings;
    auto loaded = impl->load();
    if (!loaded) return loaded.error();
    impl->open_store();
    impl->make_casework();
    return std::unique_ptr<House>(new House(std::move(impl)));
}

void House::serve() {
    impl_->make_site();
    impl_->worker = std::make_unique<store::Worker>(*impl_->database, impl_->clock, impl_->cases->jobs());
    impl_->slow_worker = std::make_unique<store::Worker>(*impl_->database, impl_->clock, rules::jobs(impl_->rules_work()));
    impl_->server = std::make_unique<web::Server>(
        impl_->web_settings(), impl_->routes(),
        [site = impl_->site.get()](const web::Request& request, int status, std::string_view code) { return site->error(request, status, code); },
        impl_->identity.get());
    impl_->server->start();
    log::write(log::Level::info, "serving", {{"port", std::to_string(port())}, {"engine", std::string(impl_->database->engine())}});
}

std::uint16_t House::port() const { return impl_->server->port(); }

void House::stop() {
    if (!impl_) return;
    if (impl_->server) impl_->server->stop();
    impl_->server.reset();
    impl_->worker.reset();
    impl_->slow_worker.reset();
}

int House::run_due_jobs() { return store::Worker(*impl_->database, impl_->clock, impl_->jobs()).run_due(); }

std::string House::verify() {
    std::optional<store::Broken> broken;
    impl_->database->read([&](store::Session& session) { broken = store::verify_all(session); });
    return broken ? "case " + std::to_string(broken->case_id) + ", event " + std::to_string(broken->number) + ": " + broken->what : "";
}

void House::backup(const std::string& folder) {
    fs::create_directories(folder);
    impl_->database->backup(folder + "/kiepe.backup");
    if (fs::exists(impl_->settings.keys))
        fs::copy(impl_->settings.keys, folder + "/keys", fs::copy_options::recursive | fs::copy_options::overwrite_existing);
}

std::string House::demo_logins() const {
    std::string out;
    for (const auto& one : impl_->staff) out += "  " + one.staff.id + "  " + one.password + "  (" + one.staff.name + ", " + one.staff.office + ")\n";
    return out;
}

}  // namespace kiepe::app
