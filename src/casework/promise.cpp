#include "casework/promise.h"

#include "base/date.h"

namespace kiepe::casework {
namespace {

/// When the clock ran: [start, stop) in days; an open stretch has no stop.
struct Clockwork {
    std::set<Day> const& holidays;
    bool pauses_for_applicant;
    std::optional<Day> running_since = {};
    int used_before = 0;                     ///< in finished stretches
    std::optional<Day> first_start = {};
    int days_paused = 0;                     ///< calendar days between the first start and the last one
    std::optional<Day> paused_since = {};

    void start(Day day) {
        if (running_since) return;
        if (!first_start) first_start = day;
        if (paused_since) days_paused += static_cast<int>((day - *paused_since).count());
        paused_since.reset();
        running_since = day;
    }
    /// From the first day again: a new promise.
    void start_anew(Day day) {
        running_since = first_start = day;
        used_before = days_paused = 0;
        paused_since.reset();
    }
    void stop(Day day) {
        if (!running_since) return;
        used_before += working_days_between(*running_since, day, holidays);
        running_since.reset();
        paused_since = day;
    }
};

Day due_of(const catalogue::Period& answer, const Clockwork& clock, Day today) {
    const Day from = clock.running_since.value_or(today);
    if (answer.unit == catalogue::Period::Unit::working_days)
        return add_working_days(from, std::max(answer.count - clock.used_before, 0), clock.holidays);
    int paused = clock.days_paused;
    if (clock.paused_since) paused += static_cast<int>((today - *clock.paused_since).count());
    Day due = catalogue::add(clock.first_start.value_or(today), answer, clock.holidays) + std::chrono::days(paused);
    while (!is_working_day(due, clock.holidays)) due += std::chrono::days(1);  // BGB section 193
    return due;
}

}  // namespace

Promise promise_of(const catalogue::Service& service, const std::vector<store::Event>& events, Day today, const std::set<Day>& holidays) {
    Clockwork clock{holidays, service.promise.pauses.empty() || service.promise.pauses.contains("waiting_for_applicant")};
    const bool waits_for_complete = service.promise.starts == "complete";
    const auto& answer = service.promise.answer;
    std::optional<Day> answered, broken;    ///< broken: the day that was promised, where a pause began only after it
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto& event = events[i];
        const Day day = local_day(event.at);
        if (event.kind == "submitted") {
            // What the city asks for with the receipt was missing from the start: the application is not complete yet.
            const bool incomplete = i + 1 < events.size() && events[i + 1].kind == "request_sent" && events[i + 1].role == "system";
            if (!waits_for_complete || !incomplete) clock.start(day);
        } else if (event.kind == "request_sent") {
            if (!clock.pauses_for_applicant) continue;
            if (const Day due = due_of(answer, clock, day); clock.running_since && day > due && !broken) broken = due;
            clock.stop(day);
        } else if (event.kind == "completed" || event.kind == "deadline_passed") {
            clock.start(day);
        } else if (event.kind == "decided" || event.kind == "withdrawn" || event.kind == "objection_refused") {
            answered = day;
        } else if (event.kind == "objection_received" || event.kind == "reopened") {
            answered.reset();
            broken.reset();
            clock.start_anew(day);
        }
    }
    Promise promise;
    const Day now = answered.value_or(today);
    promise.due = broken.value_or(due_of(answer, clock, now));  // a question asked too late does not mend what was promised
    promise.working_days = answer.count;
    promise.used = clock.used_before + (clock.running_since ? working_days_between(*clock.running_since, now, holidays) : 0);
    promise.running = clock.running_since.has_value() && !answered;
    promise.overdue = promise.running && now > promise.due;
    promise.kept = now <= promise.due;
    promise.soon = promise.running && !promise.overdue && promise.used * 100 >= answer.count * service.promise.warn_percent;
    return promise;
}

}  // namespace kiepe::casework
