// From a draft to a case, in one transaction.
#include <algorithm>

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"
#include "casework/cases_impl.h"
#include "casework/json.h"
#include "casework/search_words.h"
#include "casework/secrets.h"
#include "casework/sql.h"
#include "casework/surroundings.h"
#include "store/attachments.h"
#include "store/jobs.h"

namespace kiepe::casework {

using feel::Value;

namespace {

/// The key a page may confirm a warning by.
bool confirmed(const catalogue::Failed& failed, const std::vector<std::string>& keys) {
    const auto has = [&](const std::string& key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); };
    return (failed.check && has(failed.check->say.place)) || has(failed.path);
}

/// Never trusts the steps before: the form is judged once more as a whole.
Result<void> check_form(const Preparation& preparation, const Draft& draft, const std::vector<std::string>& keys) {
    if (!draft.entered_by.empty()) return {};  // on paper: received as it is; what is missing is asked for
    if (!preparation.missing_answers.empty()) return Error{"draft_incomplete", preparation.missing_answers.front()};
    for (const auto& failed : preparation.failed) {
        if (!failed.warn) return Error{"draft_incomplete", failed.path};
        if (!confirmed(failed, keys)) return Error{"warning_open", failed.check ? failed.check->say.place : failed.path};
    }
    for (const auto& paper : preparation.missing_papers)
        if (!paper.later) return Error{"draft_incomplete", "paper " + paper.name};
    return {};
}

/// Two values of a fact are the same for a register: of an address what stands on an envelope.
bool same_fact(const Value& said, const Value& known) {
    if (said.kind() != feel::Kind::context) return feel::equal(said, known).value_or(false);
    const std::string parts[] = {"street", "number", "postcode", "place"};
    return std::all_of(std::begin(parts), std::end(parts), [&](const auto& part) { return text_in(said, part) == text_in(known, part); });
}

/// What the register knows about the fact at `path`: of the person, or of somebody in her household.
bool register_says(const identity::Register& profile, const std::string& subject, const std::string& attribute, const std::string& path,
                   const Value& said, const Value& answers) {
    const auto entry = path.find('[');
    if (entry == std::string::npos || path.compare(entry, 3, "[1]") == 0)  // the first of her household is she herself, not every first entry below
        return same_fact(said, profile.attribute(subject, attribute));
    const Value household = profile.attribute(subject, "household");
    if (household.kind() != feel::Kind::list) return false;
    const std::string first_name = text_in(answers.at(path.substr(0, path.find(']') + 1)), "first_name");
    return std::any_of(household.as_list().begin(), household.as_list().end(), [&](const Value& member) {
        return text_in(member, "first_name") == first_name && same_fact(said, member.get(attribute));
    });
}

/// Facts that a register vouches for. A person who is not signed in has none.
std::map<std::string, Level> sure_facts(const Draft& draft, const Preparation& preparation, const identity::Register* profile) {
    std::map<std::string, Level> sure;
    if (draft.subject.empty()) return sure;
    if (!profile) {
        for (const auto& [path, level] : draft.sure)
            if (level == Level::registered) sure[path] = level;
        return sure;
    }
    if (profile->level() != "register") return sure;
    for (const auto& asked : preparation.evaluation.visible) {
        const Value said = preparation.context.at(asked.path);
        if (asked.question->from_profile.empty() || said.is_null()) continue;
        if (register_says(*profile, draft.subject, asked.question->from_profile, asked.path, said, draft.answers))
            sure[asked.path] = Level::registered;
    }
    return sure;
}

std::string person_name(const Preparation& preparation, const identity::Register* profile, const std::string& subject) {
    const auto part = [&](const char* attribute) {
        Value value = answer_from_profile(preparation, attribute);
        if (value.is_null() && profile && !subject.empty()) value = profile->attribute(subject, attribute);
        return value.kind() == feel::Kind::string ? value.as_string() : std::string();
    };
    return std::string(trim(part("first_name") + " " + part("last_name")));
}

/// Newer rules may have renamed questions since the draft began.
Value renamed(const catalogue::Form& form, Value answers) {
    for (const auto& [old, now] : form.renamed) {
        const Value value = answers.at(old);
        if (!value.is_null() && answers.at(now).is_null()) answers = answers.without(old).with(now, value);
    }
    return answers;
}

std::string office_of(const Rules& rules, const Preparation& preparation) {
    std::string duty = rules.package->service.office_duty;
    if (rules.package->service.office_rule) {
        const Value found = rules.package->service.office_rule->evaluate(preparation.context);
        if (found.kind() == feel::Kind::string) duty = found.as_string();
    }
    return rules.city().office_of(duty).id;
}

std::optional<Receipt> remembered_receipt(store::Session& session, const std::string& key, const DraftSecrets& secrets) {
    const auto kept = store::remembered(session, key);
    if (!kept) return std::nullopt;
    const auto value = feel::from_json(*kept);
    if (!value) return std::nullopt;
    // The link itself is never stored: it follows from the draft's link.
    return Receipt{secrets.case_token(), text_in(*value, "number"), value->get("decided").is_true(), number_in(*value, "id")};
}

std::string to_json(const Receipt& receipt) {
    return feel::to_json(Value::context({{"number", Value::string(receipt.number)},
                                         {"decided", Value::boolean(receipt.decided_at_once)},
                                         {"id", Value::number(receipt.id)}}));
}

}  // namespace

Result<Receipt> Cases::submit(std::string_view draft_token, const std::vector<std::string>& confirmed_warnings) {
    const DraftSecrets secrets(draft_token);
    const std::string key = Drafts::idempotency_key(draft_token);
    std::optional<Receipt> known;
    const auto look = [&] { impl_->around.database.read([&](store::Session& session) { known = remembered_receipt(session, key, secrets); }); };
    look();
    if (known) return *known;
    Drafts drafts(impl_->around.database, impl_->around.clock);
    auto draft = drafts.load(draft_token);
    if (!draft) {
        look();  // somebody else's click may have sent it just now
        if (known) return *known;
        return Error{"draft_gone"};
    }
    const Rules rules = impl_->rules_for(draft->service, draft->package_hash);
    if (!rules.package || rules.package->service.link_only) return Error{"unknown_service"};
    const std::string& needed = rules.package->service.identity_level;
    if (!needed.empty() && needed != "none" && draft->subject.empty() && draft->entered_by.empty()) return Error{"sign_in_needed"};

    const Moment now = impl_->around.clock.now();
    Application application;
    application.answers = renamed(rules.package->form, draft->answers);
    application.received = local_day(now);
    application.channel = draft->channel;
    application.previous = previous_of(draft->subject, draft->service);
    application.renewal = !application.previous.is_null();
    for (const auto& file : draft->files) application.papers[file.need] = file.paper;
    const Preparation judged = prepare(*rules.package, rules.law(), rules.city(), application);
    auto keys = draft->confirmed_warnings;
    keys.insert(keys.end(), confirmed_warnings.begin(), confirmed_warnings.end());
    if (auto good = check_form(judged, *draft, keys); !good) return good.error();
    application.sure = sure_facts(*draft, judged, impl_->around.profile);
    application.papers.clear();  // the files speak for themselves

    Stored stored;
    Case& c = stored.row;
    c.id = random_id();
    c.number = impl_->numbers.next(application.received);
    c.service = draft->service;
    c.package_hash = draft->package_hash.empty() ? rules.package->hash : draft->package_hash;
    c.language = draft->language;
    c.subject = draft->subject;
    c.person_name = person_name(judged, impl_->around.profile, draft->subject);
    c.email = draft->email;
    c.delivery = draft->subject.empty() && draft->delivery == "inbox" ? "post" : draft->delivery;
    c.channel = draft->channel;
    c.office = office_of(rules, judged);
    c.received = c.changed = now;
    stored.token_hash = case_token_hash(secrets.case_token());
    stored.search_words = search_words(c.person_name);
    application.case_number = c.number;

    Plan plan;
    plan.is_new = true;
    plan.has_new = true;
    const std::string soon = to_iso(application.received + std::chrono::days(2));
    for (const auto& file : draft->files) {
        const auto bytes = drafts.file_bytes(draft_token, file.attachment);
        if (!bytes) continue;
        NewFile added;
        added.file = {random_id(), 0, file.need, file.paper, file.name, file.type, file.size, file.pages, now, "new", "", "", ""};
        added.file.attachment = store::put_attachment(impl_->around.database, *bytes, file.type, file.name, soon, now);
        added.read_text = file.text;
        plan.new_files.push_back(std::move(added));
    }
    plan.events.push_back({"submitted", draft->entered_by.empty() ? "applicant" : "clerk", draft->entered_by,
                           Value::context({{"application", to_value(application)}, {"warnings", texts_value(keys)}})});
    impl_->advance(stored, plan, rules);
    Receipt receipt{secrets.case_token(), c.number, plan.events.back().kind == "decided", c.id};
    plan.also = [&](store::Session& session) {
        if (store::remembered(session, key)) throw store::Failure(store::Failure::Kind::unique, "sent meanwhile");
        store::remember(session, key, to_json(receipt), now);
        forget_draft(session, secrets.id());
    };
    impl_->keep_version(rules);
    try {
        impl_->commit(stored, plan, rules);
    } catch (const store::Failure& failure) {
        if (failure.kind != store::Failure::Kind::unique) throw;
        look();  // a second click was faster: its case is the case
        if (!known) throw;
        return *known;
    }
    if (receipt.decided_at_once) impl_->make_pdfs(c.id);
    impl_->around.poke_worker();
    return receipt;
}

feel::Value Cases::previous_of(std::string_view subject, const std::string& service) {
    if (subject.empty()) return {};
    std::vector<std::int64_t> ids;
    impl_->around.database.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::case_ids_of_service, {std::string(subject), service})) ids.push_back(row.number(0));
    });
    for (const auto id : ids) {
        const auto stored = impl_->load(id);
        if (!stored) continue;
        for (auto event = stored->events.rbegin(); event != stored->events.rend(); ++event) {
            if (event->kind != "decided" || !event->payload) continue;
            const auto payload = feel::from_json(*event->payload);
            if (!payload) break;
            const Rules rules = impl_->rules_for(service, text_in(*payload, "package_hash"));
            if (!rules.package) break;
            const auto rule = rules.package->service.outcomes.find(text_in(*payload, "outcome"));
            const bool granted = rule != rules.package->service.outcomes.end() &&
                                 rule->second.effect == catalogue::OutcomeRule::Effect::favourable;
            const Value until = payload->get("until");
            // Long over is no renewal: it is a first application again.
            if (!granted || until.kind() != feel::Kind::date || until.as_date() + std::chrono::days(92) < impl_->today()) break;
            return payload->get("application").get("answers").with("until", until);
        }
    }
    return {};
}

}  // namespace kiepe::casework
