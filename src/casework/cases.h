#pragma once
// Cases: everything that is stored and done after an application was sent. State is derived from the journal. Thread-safe.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "casework/corrections.h"
#include "casework/decided.h"
#include "casework/decider.h"
#include "casework/drafts.h"
#include "casework/letters.h"
#include "casework/what_if.h"
#include "documents/documents.h"
#include "identity/identity.h"
#include "mail/mail.h"
#include "store/jobs.h"
#include "store/journal.h"
#include "store/store.h"

namespace kiepe::casework {

enum class State { in_review, waiting_for_applicant, decided, withdrawn };
std::string_view name_of(State state);

/// The promise: by when the city answers. Working days of the state; the clock stops only while waiting for the applicant.
struct Promise {
    Day due{};                     ///< as things stand today
    int working_days = 0;          ///< promised
    int used = 0;                  ///< working days that have run
    bool running = true;           ///< false while waiting for the applicant
    bool kept = true;              ///< decided in time, or not yet overdue
    bool overdue = false;
    bool soon = false;             ///< warn_at reached
};

/// What is missing and was asked for, once.
struct Request {
    std::int64_t number = 0;       ///< event number
    Moment sent{};
    Day until{};
    std::vector<std::string> answers;     ///< paths still open
    std::vector<std::string> papers;      ///< needs still open ("registration", "income_proof/1")
    std::string text;                     ///< what a clerk wrote
    bool answered = false;
};

struct CaseFile {
    std::int64_t id = 0;
    std::int64_t attachment = 0;
    std::string need, paper, name, type;
    std::int64_t size = 0;
    int pages = 1;
    Moment received{};
    std::string state = "new";     ///< new | checked | refused
    std::string checked_by;        ///< staff id
    std::string refused_why;
    std::string read_text = {};    ///< what OCR or pdftotext read; for comparing with the answers, never shown
};

struct Message {
    std::int64_t number = 0;
    Moment at{};
    std::string role;              ///< applicant | clerk | system
    std::string author;            ///< clerk's name for people; empty for the applicant
    std::string text;
};

struct Notice {
    std::int64_t number = 0;       ///< event number of the decision, or of the answer to an objection
    Moment at{};
    std::string outcome;           ///< code
    std::string title;
    bool automatic = false;
    std::string signed_by;
    std::string language;
    std::vector<documents::Block> blocks;
    std::int64_t attachment = 0;   ///< PDF; 0 while it is being made
    std::string delivery;          ///< inbox | post | counter
    RulesVersion rules;            ///< by what it was decided
    Moment posted{};               ///< printed and posted or handed over; nothing where it was not
    std::int64_t keeps = 0;        ///< answers an objection: the notice of this number stays as it is
    bool under_review = false;     ///< opened again; holds until a new one replaces it
    std::int64_t replaced_by = 0;  ///< number of the notice that took its place
};

/// What the rules said of a case, with what they said it from.
struct Considered {
    std::shared_ptr<const catalogue::Package> package;
    std::shared_ptr<const catalogue::Law> law;
    Application application;
    Preparation preparation;
    bool decided = false;          ///< of the last decision, replayed with its versions; else of today's rules
    std::string outcome;           ///< of that decision: a person may have decided otherwise than the rules proposed
};

struct Fact {
    std::string path;
    const catalogue::Question* question = nullptr;
    feel::Value value;
    Level level = Level::stated;
    std::string proved_by;         ///< paper name where level is document or checked
};

/// One line of the timeline that the resident sees; `code` is the text key "event_" + code.
struct TimelineEntry {
    Moment at{};
    std::string code;
    std::map<std::string, std::string> args;
    std::string role;
};

/// A case as it is now.
struct Case {
    std::int64_t id = 0;
    std::string number;            ///< "26-048217-4": year, running part, check digit
    std::string service, package_hash, language;
    State state = State::in_review;
    std::int64_t version = 0;      ///< number of the last event: what a clerk saw when she acts
    Moment received{}, changed{};
    std::string subject;           ///< empty: the case lives on its link alone
    std::string person_name;       ///< of the applicant, for the desk
    std::string email, delivery, channel;
    std::string office;            ///< office id
    std::string assigned;          ///< staff id, may be empty
    Application application;
    std::map<std::string, bool> remark_read;
    Promise promise;
    std::vector<Request> requests;
    std::vector<CaseFile> files;
    std::vector<Message> messages;
    std::vector<Message> notes;    ///< between colleagues; the resident sees that there are notes only by asking for the file
    std::vector<Notice> notices;
    std::vector<Objection> objections;
    std::vector<Correction> corrections;
    std::vector<TimelineEntry> timeline;
    bool withdrawn = false;

    /// The objection that waits for an answer; null: none.
    const Objection* contested() const;
    /// The decision that holds today; null: not decided yet.
    const Notice* decision() const;
};

/// A row of the desk.
struct DeskRow {
    std::int64_t id = 0;
    std::string number, service, person_name, office, assigned, state, channel;
    Moment received{};
    Day due{};
    bool overdue = false, waiting = false, has_new = false, contested = false;
    std::string prepared_outcome;  ///< what the machine prepared, "" if nothing
};

/// Filters of the desk; all come from the address of the page.
struct DeskFilter {
    std::string office = {}, service = {}, state = {}, assigned = {}, words = {};   ///< words: number or name
    /// state: "" or "open" (in_review and waiting_for_applicant), "in_review", "waiting_for_applicant", "decided", "withdrawn", "closed".
    std::string order = "due";     ///< due | received | name
    int page = 1, page_size = 50;
};

struct Receipt {
    std::string case_token;        ///< secret of the case's page
    std::string number;
    bool decided_at_once = false;
    std::int64_t id = 0;
};

/// What Cases needs from the rooms around it.
struct Surround {
    store::Database& database;
    const Clock& clock;
    std::function<std::shared_ptr<const catalogue::Catalogue>()> catalogue;   ///< the newest
    identity::Identity& identity;
    documents::Typesetter& typesetter;
    mail::Mailer& mailer;
    const language::Texts& texts;
    std::string public_origin;     ///< for links in mails
    std::function<void()> poke_worker = [] {};
    /// The register behind `from_profile`: answers of a signed-in person that equal it are `register`. Null: what the draft says counts.
    const identity::Register* profile = nullptr;
};

/// Whether somebody may see answers of the question's category (`data.categories` of the service; a category that is not named is
/// open to everybody who works on the case).
bool may_see(const catalogue::Service& service, const std::string& category, const identity::Staff& who);

/// Service design and administration of the program give no right to read what people say (SGB X section 67a, GDPR Art. 25).
bool may_read_cases(const identity::Staff& who);
/// Who watches over data protection may read, but decides nothing (GDPR Art. 38(6)).
bool may_act_on_cases(const identity::Staff& who);

/// What would have to be different for a case, with what it was searched by.
struct WhatIfNow {
    std::shared_ptr<const catalogue::Package> package;
    Preparation preparation;
    WhatIf found;
};

class Cases {
public:
    explicit Cases(Surround surround);
    ~Cases();
    static std::vector<store::Migration> migrations();
    /// Handlers for the jobs of this room (reminders, deadlines, PDFs, mails, deletion): kind -> handler.
    std::map<std::string, std::function<void(const store::Job&)>> jobs();

    // -- what residents do --------------------------------------------------------------------------------------------------
    /// Makes a case of the draft in one transaction (case, files, facts, promise, journal, mail job) and, where the gate is open,
    /// decides it. Idempotent: a second click, a resent form or a retried request gives the same receipt. Errors: "draft_incomplete"
    /// (answers missing; `where` is the path, or "paper NEED"), "draft_gone", "sign_in_needed", "unknown_service", "warning_open" (a
    /// warning was not confirmed; `where` is its key). `confirmed_warnings`, here and in the draft: `say.place` of the check, or its path.
    /// A draft entered by staff (`entered_by`) may be incomplete: what is missing is then asked for.
    Result<Receipt> submit(std::string_view draft_token, const std::vector<std::string>& confirmed_warnings);
    /// By the link's token; nullopt for anything unknown. The link alone never shows a notice: outcome, title, blocks and PDF of the
    /// notices are empty unless `viewer` (subject of the person signed in) is the case's own person and the notice goes to the inbox.
    std::optional<Case> by_token(std::string_view token, std::string_view viewer = {});
    std::optional<Case> by_number_for(std::string_view number, std::string_view subject);
    std::vector<Case> of_person(std::string_view subject);
    /// Papers and answers that were asked for; when nothing is missing any more the case goes on by itself.
    Result<void> supply_file(std::int64_t case_id, const std::string& need, const std::string& paper, std::string_view bytes,
                             const std::string& type, const std::string& name, int pages, const std::string& read_text);
    Result<void> supply_answers(std::int64_t case_id, const std::vector<std::pair<std::string, feel::Value>>& answers);
    Result<void> write_message(std::int64_t case_id, const std::string& text, const std::string& idempotency_key);
    Result<void> more_time(std::int64_t case_id);                 ///< once a request: as long again
    Result<void> withdraw(std::int64_t case_id);
    /// "I do not agree": an event with the day of receipt, whether or not the period is over. Idempotent by key. Errors: "message_empty",
    /// "message_long", "nothing_decided", "under_review" (it is being decided anew), "objection_already" (once for each notice).
    Result<void> contest(std::int64_t case_id, const std::string& text, const std::string& idempotency_key);
    /// Attaches a case on a link to the account of the person who opened it signed in.
    Result<void> attach(std::int64_t case_id, const identity::Person& person);

    // -- what clerks do; each takes the version seen: "case_changed" when somebody was faster, nothing is overwritten ----------
    std::optional<Case> for_staff(std::int64_t case_id, const identity::Staff& who, std::string_view reason);
    std::optional<std::int64_t> id_of(std::string_view number);
    std::vector<DeskRow> desk(const DeskFilter& filter);
    std::int64_t desk_count(const DeskFilter& filter);
    Result<void> assign(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::string& to);
    Result<void> ask(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::vector<std::string>& answers,
                     const std::vector<std::string>& papers, Day until, const std::string& text);
    Result<void> reply(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::string& text);
    Result<void> note(std::int64_t case_id, const identity::Staff& who, const std::string& text);
    /// Paper looked at: its facts become `checked` and the gate runs again; refused: it is missing again and asked for.
    Result<void> check_paper(std::int64_t case_id, std::int64_t version, const identity::Staff& who, std::int64_t file, bool good,
                             const std::string& why);
    Result<void> save_notice_draft(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::string& outcome,
                                   const std::string& text);
    std::optional<std::pair<std::string, std::string>> notice_draft(std::int64_t case_id);   ///< outcome, text
    /// Signs and sends. `text`: the notice as edited, empty for the drafted one.
    Result<void> decide(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::string& outcome,
                        const std::string& text);
    /// Opens a decided case again, by one of kCorrectionKinds and a sentence that the applicant reads. A new promise begins, no machine
    /// decides it any more, the old notice holds until a new one replaces it. Errors: "not_decided", "reason_unknown", "reason_missing".
    Result<void> reopen(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::string& kind, const std::string& why);
    /// Answers the open objection: the decision stays. `text`: the grounds, for the letter. Errors: "nothing_contested", "reason_missing".
    Result<void> keep(std::int64_t case_id, std::int64_t version, const identity::Staff& who, const std::string& text);
    /// The rules' version as the notice names it, in its last line.
    std::string version_line(const Case& c, std::string_view language, bool automatic);
    /// Since when a package's version is in use here.
    Day in_use_since(const std::string& package_hash);
    /// Until when the decision that holds can be contested, as far as it can be said for sure; nullopt where the package names no remedy.
    std::optional<Day> remedy_until(const Case& c);
    /// What became of a service's decisions made since a moment.
    DecisionCounts decision_counts(const std::string& service, Moment since);
    /// Who else has this case open just now (last two minutes).
    std::vector<std::string> also_looking(std::int64_t case_id, const identity::Staff& who);
    /// Notices to be printed and posted or handed over at the counter.
    struct PrintItem { std::int64_t case_id = 0, notice = 0, attachment = 0; std::string number, person_name, title, delivery; Moment at{}; bool done = false; };
    /// `office` empty: of all offices.
    std::vector<PrintItem> print_queue(bool done = false, const std::string& office = {});
    Result<void> printed(std::int64_t case_id, std::int64_t notice, const identity::Staff& who);

    /// For a renewal: the answers of the person's last granted case of this service with `until` (its last day); null where there is none.
    feel::Value previous_of(std::string_view subject, const std::string& service);

    // -- both -------------------------------------------------------------------------------------------------------------------
    Preparation preparation(const Case& c);                        ///< with the newest rules, as of now
    /// For explanations: a decided case as it was decided, every other one as preparation() says. nullopt where the service is unknown.
    std::optional<Considered> considered(const Case& c);
    std::vector<Explained> explanation(const Case& c, std::string_view language);
    /// What would have to be different; null where the service is no longer known. Searched once for each state of the case.
    std::shared_ptr<const WhatIfNow> what_if(const Case& c);
    std::vector<Fact> facts(const Case& c);
    std::shared_ptr<const catalogue::Package> form_version(const Case& c);
    std::optional<std::string> file_bytes(std::int64_t case_id, std::int64_t attachment);
    /// Draft of the notice for an outcome, as blocks, from the package's letter.
    Rendered drafted_notice(const Case& c, const std::string& outcome, std::string_view language, const std::string& signed_by);
    /// Decisions of a service since a moment, at most `most` cases at once, in the order of the cases' ids. Whose content was deleted on its
    /// day is not among them.
    DecidedPage decided(const std::string& service, Moment since, std::int64_t after_case = 0, int most = 500);
    /// Replays a decision from the versions and inputs kept at the time: true where outcome, values and explanation are the same.
    Result<bool> replay(std::int64_t case_id, std::int64_t notice);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kiepe::casework
