#pragma once
// For tests: the city folder of this repository with its packages, and an office that works on a fresh database.
#include <gtest/gtest.h>

#include "base/date.h"
#include "casework/cases.h"
#include "casework/surroundings.h"
#include "store/jobs.h"
#include "store/test_database.h"

namespace kiepe::casework::test {

inline std::shared_ptr<const language::Texts> texts() {
    static const auto loaded = [] {
        auto all = language::Texts::load(std::string(KIEPE_SOURCE_DIR) + "/locales", {"de", "en"});
        if (!all) throw std::runtime_error(all.error().code + " " + all.error().where + " " + all.error().detail);
        return std::make_shared<const language::Texts>(std::move(all).value());
    }();
    return loaded;
}

inline std::shared_ptr<const catalogue::Catalogue> city() {
    static const auto loaded = [] {
        const std::string root = KIEPE_SOURCE_DIR;
        std::vector<catalogue::Finding> findings;
        auto all = catalogue::Catalogue::load({root + "/packages", root + "/law", root + "/cities/muenster", false}, texts(), findings);
        if (!all) throw std::runtime_error(all.error().code + " " + all.error().where);
        return *all;
    }();
    return loaded;
}

inline feel::Value text(const std::string& words) { return feel::Value::string(words); }

/// Answers of a person who lives in zone K3 and drives a short car.
inline feel::Value parking_answers() {
    using feel::Value;
    const Value address = Value::context({{"street", text("Finkenstraße")}, {"number", text("12a")},       {"postcode", text("48147")},
                                          {"place", text("Münster")},       {"ags", text("05515000")},      {"district", text("Kreuzviertel")},
                                          {"x", Value::number(*Decimal::parse("7.6190"))}, {"y", Value::number(*Decimal::parse("51.9700"))}});
    return Value::context({{"home", Value::context({{"address", address}, {"main", Value::boolean(true)}})},
                           {"applicant", Value::context({{"first_name", text("Jana")}, {"last_name", text("Beispiel")}})},
                           {"permits_held", Value::number(std::int64_t{0})},
                           {"vehicle", Value::context({{"plate", text("MS-JB 123")},
                                                       {"kind", text("car")},
                                                       {"length", Value::number(*Decimal::parse("4.28"))},
                                                       {"keeper", text("me")}})},
                           {"garage", Value::boolean(false)}});
}

inline Application parking_application() {
    Application application;
    application.received = *parse_day("2026-11-24");
    application.answers = parking_answers();
    application.sure = {{"home.address", Level::registered}, {"home.main", Level::registered},
                        {"vehicle.plate", Level::document}, {"vehicle.keeper", Level::document}};
    application.papers = {{"registration", "registration_certificate"}};
    return completed(*city()->package("resident-parking"), city()->law(), city()->city(), application);
}

class NoTypesetter final : public documents::Typesetter {
public:
    Result<std::string> pdf(const documents::Letter& letter) override { return "%PDF " + letter.title; }
    Result<std::string> form_pdf(const documents::PrintForm&) override { return std::string("%PDF"); }
};

class KeptMail final : public mail::Mailer {
public:
    Result<void> send(const mail::Mail& mail) override {
        sent.push_back(mail);
        return {};
    }
    std::vector<mail::Mail> sent;
};

class NobodySignsIn final : public identity::SignIn {
public:
    std::vector<identity::Person> invented_persons() const override { return {}; }
    std::optional<identity::Person> person(std::string_view) const override { return std::nullopt; }
};

/// A register that knows what the person says about her home.
class HomeRegister final : public identity::Register {
public:
    feel::Value attribute(std::string_view, std::string_view name) const override {
        if (name == "registered_address") return parking_answers().at("home.address");
        if (name == "main_home") return feel::Value::boolean(true);
        if (name == "first_name") return text("Jana");
        if (name == "last_name") return text("Beispiel");
        return {};
    }
    std::string source_key() const override { return "source_demo_register"; }
    std::string level() const override { return "register"; }
};

/// Everything that Cases needs, on one database.
struct Office {
    explicit Office(store::Database& d) : database(d), identity(database, clock, std::make_shared<NobodySignsIn>()), drafts(database, clock) {
        database.migrate(store::migrations(), clock.now());
        database.migrate(catalogue::migrations(), clock.now());
        database.migrate(identity::Identity::migrations(), clock.now());
        database.migrate(Cases::migrations(), clock.now());
        cases = std::make_unique<Cases>(Surround{.database = database,
                                                 .clock = clock,
                                                 .catalogue = [] { return city(); },
                                                 .identity = identity,
                                                 .typesetter = typesetter,
                                                 .mailer = mailer,
                                                 .texts = *texts(),
                                                 .public_origin = "https://kiepe.example",
                                                 .poke_worker = [] {},
                                                 .profile = &profile});
    }

    /// A draft of a person who signed in, with the registration paper.
    std::string parking_draft(const std::function<void(Draft&)>& change = [](Draft&) {}, bool with_paper = true) {
        Draft draft;
        draft.service = "resident-parking";
        draft.package_hash = city()->package("resident-parking")->hash;
        draft.language = "de";
        draft.answers = parking_application().answers;
        draft.subject = "demo:jana-beispiel";
        draft.email = "jana@example.org";
        change(draft);
        const std::string token = drafts.begin(draft);
        if (!with_paper) return token;
        auto kept = drafts.load(token);
        const auto id = drafts.put_file(token, "scan of a paper", "application/pdf", "schein.pdf");
        kept->files.push_back({id, "registration", "registration_certificate", "schein.pdf", "application/pdf", 15, 1, "A MS-JB 123, 18 4280"});
        EXPECT_TRUE(drafts.save(token, *kept));
        return token;
    }

    Receipt submit(const std::string& token) {
        auto receipt = cases->submit(token, {});
        if (!receipt) throw std::runtime_error(receipt.error().code + " " + receipt.error().where);
        return *receipt;
    }

    void run_jobs() { store::Worker(database, clock, cases->jobs()).run_due(); }

    store::Database& database;
    FixedClock clock{start_of(*parse_day("2026-11-24")) + std::chrono::hours(10)};
    HomeRegister profile;
    NoTypesetter typesetter;
    KeptMail mailer;
    identity::Identity identity;
    Drafts drafts;
    std::unique_ptr<Cases> cases;
    identity::Staff clerk{"berger", "Frau Berger", "buergerbuero", {"case_workers"}, ""};
    identity::Staff colleague{"yilmaz", "Herr Yılmaz", "buergerbuero", {"case_workers", "parking_clerk"}, ""};
};

}  // namespace kiepe::casework::test
