#pragma once
// The workings behind Cases. Every action makes a plan from a snapshot, looks what the case becomes by it (gate, requests), and
// commits plan and snapshot's version in one transaction; where somebody was faster, residents' actions are planned anew and
// clerks are told. Only inside this room.
#include <functional>
#include <mutex>
#include <set>

#include "casework/case_number.h"
#include "casework/case_state.h"
#include "casework/pdf_maker.h"

namespace kiepe::casework {

struct NewFile {
    CaseFile file;
    std::string read_text;
};

/// What one action changes.
struct Plan {
    std::vector<Pending> events;
    std::vector<NewFile> new_files;
    std::vector<CaseFile> changed_files;
    std::optional<std::string> subject, assigned;
    std::optional<bool> has_new;
    std::optional<Day> delete_on;           ///< set when the case ends
    bool keep_on = false;                   ///< it goes on after all: its day of deletion is open again
    std::string prepared_outcome;
    bool is_new = false;                    ///< the case does not exist yet
    bool clear_notice_draft = false;
    std::function<void(store::Session&)> also = [](store::Session&) {};
};

/// What decides about a case at this moment.
struct Rules {
    std::shared_ptr<const catalogue::Catalogue> catalogue;
    std::shared_ptr<const catalogue::Package> package;
    const catalogue::Law& law() const { return catalogue->law(); }
    const catalogue::City& city() const { return catalogue->city(); }
    const std::set<Day>& holidays() const { return catalogue->law().holidays(catalogue->city().state); }
};

struct Cases::Impl {
    explicit Impl(Surround s);

    Surround around;
    NumberSource numbers;
    PdfMaker pdfs;
    std::mutex versions_mutex;
    std::map<std::string, std::shared_ptr<const catalogue::Package>> versions;
    std::set<std::string> kept_versions;    ///< hashes known to stand in the database

    /// What the rules said of a case when a page last asked; prepare() is pure, so the same application and rules give the same again.
    struct Prepared {
        Application application;
        Rules rules;
        Preparation preparation;
    };
    std::mutex prepared_mutex;
    std::map<std::int64_t, std::shared_ptr<const Prepared>> prepared;   ///< by case; a few hundred at most
    /// Null where the service is no longer known.
    std::shared_ptr<const Prepared> prepared_of(const Case& c);
    std::map<std::int64_t, std::pair<std::shared_ptr<const Prepared>, std::shared_ptr<const WhatIfNow>>> searched;   ///< beside `prepared`
    std::shared_ptr<const WhatIfNow> what_if_of(const Case& c);

    Day today() const;
    /// The newest rules for a service; where it is no longer offered, the version the case began with. Empty package: neither.
    Rules rules_for(const std::string& service, const std::string& hash);
    std::shared_ptr<const catalogue::Package> version(const std::string& hash, const Rules& rules);
    void keep_version(const Rules& rules);

    // -- reading
    std::optional<Stored> load(store::Session& session, std::int64_t id);
    std::optional<Stored> load(std::int64_t id);
    Case folded(const Stored& stored, const Rules& rules) const;
    std::optional<Case> read_case(std::int64_t id);
    /// The case as it will be after `plan`.
    Case after(const Stored& stored, const Plan& plan, const Rules& rules) const;

    // -- changing
    /// False where the version is no longer the snapshot's.
    bool commit(const Stored& stored, const Plan& plan, const Rules& rules);
    /// Plans on fresh snapshots until it fits; for residents and jobs.
    Result<void> change(std::int64_t id, const std::function<Result<void>(const Case&, const Stored&, const Rules&, Plan&)>& make);
    /// Plans once on the version the clerk saw.
    Result<void> change_as_clerk(std::int64_t id, std::int64_t version,
                                 const std::function<Result<void>(const Case&, const Stored&, const Rules&, Plan&)>& make);

    // -- deciding
    /// After what happened: completes requests, asks for what is missing, and decides where the gate is open.
    void advance(const Stored& stored, Plan& plan, const Rules& rules);
    void ask_for(const Case& c, const Rules& rules, const Preparation& preparation, std::vector<std::string> answers,
                 std::vector<std::string> papers, Day until, const std::string& text, const std::string& role, const std::string& actor,
                 const std::string& author, Plan& plan);
    Rendered notice(const Case& c, const Rules& rules, const Preparation& preparation, const std::string& outcome, std::string_view language,
                    bool automatic, const std::string& signed_by);
    void add_decision(const Case& c, const Rules& rules, const Preparation& preparation, const std::string& outcome, const Rendered& rendered,
                      bool automatic, const std::string& signed_by, const std::string& actor, Plan& plan);
    Day in_use_since(const std::string& package_hash) const;
    RulesVersion rules_version(const Rules& rules, const Preparation& preparation) const;
    /// The last line of a notice: by which rules and which day's law it was decided.
    documents::Block version_block(const Rules& rules, const Preparation& preparation, std::string_view language, bool automatic) const;
    LetterFacts letter_facts(const Case& c, const Rules& rules, const Preparation& preparation, std::string_view language) const;
    std::optional<Day> deletion_day(const Rules& rules, Day end, const feel::Value& until) const;
    /// Makes the PDFs of notices that have none yet, if the typesetter answers in time; the job does it otherwise.
    void make_pdfs(std::int64_t id);
    bool make_pdf(std::int64_t id, std::int64_t notice, std::chrono::milliseconds patience);

    // -- correcting
    std::optional<Day> remedy_until(const Case& c, const Rules& rules) const;
    Result<std::vector<documents::Block>> kept_letter(const Case& c, const Rules& rules, const Preparation& preparation, const std::string& text,
                                                      const std::string& signed_by) const;

    // -- jobs
    void send_mail(const store::Job& job);
    void remind(const store::Job& job);
    void deadline(const store::Job& job);
    void daily();
};

/// Names of what is missing in the words of the package: question labels and paper labels, with the entry they are about.
std::vector<std::string> missing_texts(const catalogue::Package& package, std::string_view language, const Preparation& preparation,
                                       const std::vector<std::string>& answers, const std::vector<std::string>& papers);
/// Name and postal address of the applicant from the answers: lines of the letter's recipient.
std::vector<std::string> recipient_of(const Case& c, const catalogue::Package& package);
/// First answer whose question takes the profile's `attribute`.
feel::Value answer_from_profile(const Preparation& preparation, const std::string& attribute);

}  // namespace kiepe::casework
