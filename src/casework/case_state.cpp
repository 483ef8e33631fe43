#include "casework/case_state.h"

#include <algorithm>

#include "base/date.h"
#include "casework/json.h"
#include "casework/promise.h"
#include "casework/read_papers.h"
#include "casework/surroundings.h"

namespace kiepe::casework {

using documents::Block;
using feel::Value;

std::string_view name_of(State state) {
    switch (state) {
        case State::waiting_for_applicant: return "waiting_for_applicant";
        case State::decided: return "decided";
        case State::withdrawn: return "withdrawn";
        case State::in_review: break;
    }
    return "in_review";
}

store::Event as_event(const Pending& pending, std::int64_t case_id, std::int64_t number, Moment at) {
    store::Event event{};
    event.case_id = case_id;
    event.number = number;
    event.kind = pending.kind;
    event.at = at;
    event.role = pending.role;
    event.actor = pending.actor;
    if (!pending.payload.is_null()) event.payload = feel::to_json(pending.payload);
    return event;
}

const catalogue::Need* need_of(const catalogue::Form& form, const std::string& need_name) {
    const std::string plain = need_name.substr(0, need_name.find('/'));
    for (const auto& need : form.needs)
        if (need.name == plain) return &need;
    return nullptr;
}

std::string proved_path(const catalogue::Need& need, const std::string& need_name, const std::string& proves) {
    const auto slash = need_name.find('/');
    if (need.for_variable.empty() || slash == std::string::npos) return proves;
    const std::string start = need.for_variable + ".";
    if (!proves.starts_with(start)) return proves;
    return need.for_list + "[" + need_name.substr(slash + 1) + "]." + proves.substr(start.size());
}

namespace {

bool covers(const std::string& outer, const std::string& inner) {
    return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '.' || inner[outer.size()] == '[');
}

class Folding {
public:
    Folding(const Stored& stored, const catalogue::Package& package) : stored_(stored), package_(package), case_(stored.row) {
        case_.files = stored.files;
    }

    Case run(Day today, const std::set<Day>& holidays) {
        for (const auto& event : stored_.events) {
            payload_ = Value();
            if (event.payload)
                if (auto parsed = feel::from_json(*event.payload)) payload_ = std::move(parsed).value();
            take(event);
            if (event.kind != "note_added" && event.kind != "assigned") case_.timeline.push_back({event.at, code_, args_, event.role});
        }
        papers();
        open_requests();
        case_.state = case_.withdrawn ? State::withdrawn
                      : decided_      ? State::decided
                      : waiting_      ? State::waiting_for_applicant
                                      : State::in_review;
        case_.promise = promise_of(package_.service, stored_.events, today, holidays);
        return std::move(case_);
    }

private:
    void take(const store::Event& event) {
        code_ = event.kind;
        args_.clear();
        if (event.kind == "submitted") submitted();
        else if (event.kind == "request_sent") request(event);
        else if (event.kind == "more_time") more_time();
        else if (event.kind == "completed" || event.kind == "deadline_passed") waiting_ = false;
        else if (event.kind == "answers_supplied") answers(event);
        else if (event.kind == "message_received" || event.kind == "reply_sent") message(event, case_.messages);
        else if (event.kind == "note_added") message(event, case_.notes);
        else if (event.kind == "decided") decided(event);
        else if (event.kind == "withdrawn") case_.withdrawn = true;
        else if (event.kind == "objection_received") objected(event);
        else if (event.kind == "objection_refused") kept(event);
        else if (event.kind == "reopened") reopened(event);
        else if (event.kind == "notice_printed") printed(event);
        if (event.kind == "message_received") answered_by_message_ = event.number;
    }

    void submitted() {
        case_.application = application_from(payload_.get("application"));
        case_.application.case_number = case_.number;
    }

    void request(const store::Event& event) {
        Request request;
        request.number = event.number;
        request.sent = event.at;
        if (const Value until = payload_.get("until"); until.kind() == feel::Kind::date) request.until = until.as_date();
        request.answers = texts_in(payload_, "answers");
        request.papers = texts_in(payload_, "papers");
        request.text = text_in(payload_, "text");
        case_.requests.push_back(std::move(request));
        case_.messages.push_back({event.number, event.at, event.role, text_in(payload_, "author"), text_in(payload_, "letter")});
        waiting_ = true;
    }

    void more_time() {
        for (auto& request : case_.requests)
            if (request.number == number_in(payload_, "request"))
                if (const Value until = payload_.get("until"); until.kind() == feel::Kind::date) request.until = until.as_date();
    }

    void answers(const store::Event& event) {
        const Value list = payload_.get("answers");
        if (list.kind() != feel::Kind::list) return;
        for (const auto& item : list.as_list()) {
            const std::string path = text_in(item, "path");
            case_.application.answers = case_.application.answers.with(path, item.get("value"));
            // Said anew: whatever made the old answer sure says nothing about this one.
            std::erase_if(case_.application.sure, [&](const auto& entry) { return covers(path, entry.first); });
            case_.application.sure[path] = Level::stated;
            restated_[path] = event.at;
        }
    }

    void message(const store::Event& event, std::vector<Message>& to) {
        to.push_back({event.number, event.at, event.role, text_in(payload_, "author"), text_in(payload_, "text")});
    }

    Notice notice(const store::Event& event) {
        Notice notice;
        notice.number = event.number;
        notice.at = event.at;
        notice.outcome = text_in(payload_, "outcome");
        notice.title = text_in(payload_, "title");
        notice.automatic = payload_.get("automatic").is_true();
        notice.signed_by = text_in(payload_, "signed_by");
        notice.language = text_in(payload_, "language");
        notice.blocks = blocks_from(payload_.get("blocks"));
        notice.delivery = text_in(payload_, "delivery");
        notice.rules = {text_in(payload_, "package_hash"), text_in(payload_, "package_version"), text_in(payload_, "law_hash"),
                        day_in("rules_since").value_or(Day{}), day_in("law_day").value_or(Day{})};
        if (const auto pdf = stored_.pdfs.find(event.number); pdf != stored_.pdfs.end()) notice.attachment = pdf->second;
        return notice;
    }

    std::optional<Day> day_in(std::string_view name) const {
        const Value day = payload_.get(name);
        return day.kind() == feel::Kind::date ? std::optional(day.as_date()) : std::nullopt;
    }

    /// A new decision takes the place of the one that was opened again (VwVfG section 43(2): it holds until then).
    void decided(const store::Event& event) {
        for (auto& before : case_.notices)
            if (before.keeps == 0 && before.replaced_by == 0) {
                before.replaced_by = event.number;
                before.under_review = false;
            }
        case_.notices.push_back(notice(event));
        decided_ = true;
        waiting_ = false;
    }

    void objected(const store::Event& event) {
        case_.objections.push_back({event.number, event.at, number_in(payload_, "notice"), text_in(payload_, "text"), day_in("until"),
                                    payload_.get("late").is_true(), ""});
    }

    void answer_objection(const char* answer) {
        for (auto& objection : case_.objections)
            if (objection.answer.empty()) objection.answer = answer;
    }

    void kept(const store::Event& event) {
        answer_objection("kept");
        case_.notices.push_back(notice(event));
        case_.notices.back().keeps = number_in(payload_, "notice");
    }

    void reopened(const store::Event& event) {
        const std::int64_t about = number_in(payload_, "notice");
        Correction correction{event.number, event.at, about, number_in(payload_, "objection"), text_in(payload_, "reason"),
                              text_in(payload_, "text"), text_in(payload_, "author")};
        for (auto& notice : case_.notices)
            if (notice.number == about) notice.under_review = true;
        answer_objection("reopened");
        case_.application.corrected = true;
        decided_ = false;
        if (!correction.kind.empty()) code_ += "_" + correction.kind;
        args_["why"] = correction.text;
        case_.corrections.push_back(std::move(correction));
    }

    void printed(const store::Event& event) {
        for (auto& notice : case_.notices)
            if (notice.number == number_in(payload_, "notice")) notice.posted = event.at;
    }

    /// Files that were not refused are the papers of the case and make sure what they prove.
    void papers() {
        for (const auto& file : case_.files) {
            if (file.state == "refused") continue;
            case_.application.papers[file.need] = file.paper;
            const auto* need = need_of(package_.form, file.need);
            if (!need) continue;
            const auto* paper = package_.form.paper(file.paper);
            const bool looked_at = file.state == "checked";
            if (!looked_at && paper && !confirmed_by(package_.form, *paper, file.read_text, case_.application.answers)) continue;
            const Level level = looked_at ? Level::checked : Level::document;
            for (const auto& proves : need->proves) prove(proved_path(*need, file.need, proves), level, file.received);
        }
    }

    void prove(const std::string& path, Level level, Moment received) {
        for (const auto& [said, at] : restated_)
            if ((covers(said, path) || covers(path, said)) && received <= at) return;
        for (const auto& [said, at] : restated_)
            if (covers(path, said)) case_.application.sure.erase(said);
        if (level_at(case_.application.sure, path) < level) case_.application.sure[path] = level;
    }

    void open_requests() {
        for (auto& request : case_.requests) {
            const bool only_text = request.answers.empty() && request.papers.empty();
            std::erase_if(request.answers, [&](const auto& path) {
                const auto restated = restated_.find(path);
                return restated != restated_.end() && restated->second >= request.sent;
            });
            std::erase_if(request.papers, [&](const auto& need) {
                return std::any_of(case_.files.begin(), case_.files.end(), [&](const auto& file) {
                    return file.need == need && file.state != "refused" && file.received >= request.sent;
                });
            });
            request.answered = only_text ? answered_by_message_ > request.number : request.answers.empty() && request.papers.empty();
        }
    }

    const Stored& stored_;
    const catalogue::Package& package_;
    Case case_;
    Value payload_;
    std::string code_;                       ///< of this event's line in the timeline
    std::map<std::string, std::string> args_;
    std::map<std::string, Moment> restated_;
    std::int64_t answered_by_message_ = 0;
    bool waiting_ = false, decided_ = false;
};

Value runs_value(const documents::Runs& runs) {
    feel::List list;
    for (const auto& run : runs) list.push_back(Value::context({{"t", Value::string(run.text)}, {"b", Value::boolean(run.bold)}}));
    return Value::list(std::move(list));
}

documents::Runs runs_from(const Value& value) {
    documents::Runs runs;
    if (value.kind() == feel::Kind::list)
        for (const auto& item : value.as_list()) runs.push_back({text_in(item, "t"), item.get("b").is_true()});
    return runs;
}

constexpr std::pair<Block::Kind, const char*> kKinds[] = {{Block::Kind::h1, "h1"},           {Block::Kind::h2, "h2"},
                                                          {Block::Kind::paragraph, "p"},     {Block::Kind::bullets, "ul"},
                                                          {Block::Kind::numbers, "ol"}};

}  // namespace

const Objection* Case::contested() const {
    if (state != State::decided) return nullptr;
    for (const auto& objection : objections)
        if (objection.answer.empty()) return &objection;
    return nullptr;
}

const Notice* Case::decision() const {
    for (const auto& notice : notices)
        if (notice.keeps == 0 && notice.replaced_by == 0) return &notice;
    return nullptr;
}

Case fold(const Stored& stored, const catalogue::Package& package, Day today, const std::set<Day>& holidays) {
    return Folding(stored, package).run(today, holidays);
}

Value to_value(const std::vector<Block>& blocks) {
    feel::List list;
    for (const auto& block : blocks) {
        std::string kind = "p";
        for (const auto& [known, name] : kKinds)
            if (known == block.kind) kind = name;
        feel::List items;
        for (const auto& item : block.items) items.push_back(runs_value(item));
        list.push_back(Value::context(
            {{"kind", Value::string(kind)}, {"runs", runs_value(block.runs)}, {"items", Value::list(std::move(items))}}));
    }
    return Value::list(std::move(list));
}

std::vector<Block> blocks_from(const Value& value) {
    std::vector<Block> blocks;
    if (value.kind() != feel::Kind::list) return blocks;
    for (const auto& entry : value.as_list()) {
        Block block;
        for (const auto& [known, name] : kKinds)
            if (text_in(entry, "kind") == name) block.kind = known;
        block.runs = runs_from(entry.get("runs"));
        if (const Value items = entry.get("items"); items.kind() == feel::Kind::list)
            for (const auto& item : items.as_list()) block.items.push_back(runs_from(item));
        blocks.push_back(std::move(block));
    }
    return blocks;
}

}  // namespace kiepe::casework
