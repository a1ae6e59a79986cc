#include "engage/report.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdio>

#include "index/kept.hpp"
#include "insight/activation.hpp"
#include "insight/attribution.hpp"

namespace qiao::engage {

namespace json = boost::json;

// One campaign as one principal sees it, on one snapshot.
struct Reports::View {
    const audience::Evaluation& evaluation;
    const insight::AcquisitionBook& steps;
    const Campaign& campaign;
    const access::Principal& who;
    index::Snapshot snapshot;
    Time as_of{};
    Day first_day = 0;

    // Nobody where the set does not exist for this campaign.
    Result<index::People> people(PeopleSet set, std::string_view reason = {}) const {
        return people(set, reason, as_of);
    }
    Result<index::People> people(PeopleSet set, std::string_view reason, Time until) const {
        if (!has_set(campaign, set))
            return index::People(snapshot->customers);
        if (set == PeopleSet::activated || set == PeopleSet::control_activated)
            return activated(set, until);
        SetWords words{reason, {}};
        if (set == PeopleSet::acquired || set == PeopleSet::control_acquired) {
            words.customer = insight::customer_rule(steps.get().rules);
            until = std::min(until, settled_at(campaign).value_or(until));
        }
        const auto prepared =
            evaluation.prepare(*rule_of_set(campaign, set, first_day, words), "", who);
        if (!prepared)
            return fail(prepared.error());
        return evaluation.evaluate(*prepared, snapshot, until);
    }
    Result<index::People> activated(PeopleSet set, Time until) const {
        const Time begin = campaign.launched_at.value_or(campaign.created_at);
        const rule::Interval looked_at{to_ms(begin - insight::quiet_before), to_ms(until)};
        if (auto kept = index::check_kept(*snapshot, looked_at, ""); !kept)
            return fail(kept.error());
        const auto everyone = evaluation.everyone(snapshot, who);
        if (!everyone)
            return fail(everyone.error());
        const auto entry =
            rule::parse_event_match(json::parse(entry_of_customer(campaign, set)).as_object(), "");
        if (!entry)
            return fail(entry.error());
        const auto event = rule::resolve(*entry, evaluation.vocabularies().current());
        if (!event)
            return fail(event.error());
        try {
            return insight::activated_after(*event, campaign.draft.goal->window, until, *snapshot,
                                            *everyone, evaluation.execution());
        } catch (const index::DamagedSegment&) {
            return fail(index::rebuilding());
        }
    }
    // Whether its entries say who was a customer: those before there was such a word do not.
    Result<bool> tells_who_was_customer() const {
        const auto prepared = evaluation.prepare(entry_that_tells(campaign, first_day), "", who);
        if (!prepared)
            return fail(prepared.error());
        const auto found = evaluation.evaluate(*prepared, snapshot, as_of);
        if (!found)
            return fail(found.error());
        return found->count() > 0;
    }
    // Of both arms how many are in these sets. Nothing where facts of that time are not kept any
    // more, or a step of acquisition names what there is no more.
    Result<std::optional<Lift>> compare(std::int64_t treated, PeopleSet of_treated,
                                        std::int64_t control, PeopleSet of_control) const {
        std::array<Arm, 2> arms{Arm{treated, 0}, Arm{control, 0}};
        for (std::size_t i = 0; i < arms.size(); ++i) {
            const auto found = people(i == 0 ? of_treated : of_control);
            if (!found && (found.error().reason == "index.not_kept" ||
                           found.error().reason.starts_with("rule.")))
                return std::optional<Lift>{};
            if (!found)
                return fail(found.error());
            arms[i].converted = static_cast<std::int64_t>(found->count());
        }
        return std::optional(judge_lift(arms[0], arms[1]));
    }
    // False once a count failed; the error stays.
    bool count(PeopleSet set, std::int64_t& into) {
        if (error)
            return false;
        const auto found = people(set);
        if (!found)
            error = found.error();
        if (found)
            into = static_cast<std::int64_t>(found->count());
        return found.has_value();
    }
    std::optional<Error> error = std::nullopt;
};

namespace {

constexpr auto kept_when_over = std::chrono::minutes(1);
constexpr std::size_t most_kept = 1'000;

json::object metric_of(const Campaign& campaign, std::string_view event, Day from,
                       const char* per) {
    return {{"event", event},
            {"where", json::array{json::object{
                          {"property", "campaign"}, {"op", "eq"}, {"value", campaign.id}}}},
            {"measure", "unique"},
            {"per", per},
            {"from", format_day(from)}};
}

std::int64_t whole(const std::optional<Decimal>& value) {
    return value ? value->scaled() / 10'000 : 0;
}

// The last days that matter: until today, or until the last goal can have been reached.
std::pair<Day, Day> days_of(const Campaign& campaign, Day first_day, Time now,
                            const Calendar& calendar) {
    Day last = calendar.day_of(now);
    if (campaign.ended_at) {
        const Duration window =
            campaign.draft.goal ? campaign.draft.goal->window : Duration(std::chrono::days(1));
        last = std::min(last, calendar.day_of(*campaign.ended_at + window));
    }
    last = std::max(last, first_day);
    return {std::max(first_day, last - most_days + 1), last};
}

}  // namespace

Reports::View Reports::view(const Campaign& campaign, const access::Principal& who) const {
    const auto& calendar = evaluation_.calendar();
    const Day first_day = calendar.day_of(campaign.launched_at.value_or(campaign.created_at));
    return View{evaluation_,       steps_,   campaign, who, evaluation_.snapshot(),
                evaluation_.now(), first_day};
}

Result<audience::Evaluated> Reports::people(const Campaign& campaign, PeopleSet set,
                                            std::string_view reason,
                                            const access::Principal& who) const {
    const auto seen = view(campaign, who);
    if (!has_set(campaign, set))
        return fail(ErrorCode::unprocessable, "campaign.no_goal",
                    "this campaign has no goal, so nobody can reach it", "/set");
    const auto turn = asking_.work_for(who);
    if (!turn)
        return fail(turn.error());
    auto people = seen.people(set, reason);
    if (!people)
        return fail(people.error());
    return audience::Evaluated{seen.snapshot, std::move(*people)};
}

Result<Report> Reports::report(const Campaign& campaign, const access::Principal& who) const {
    if (!campaign.launched_at)
        return Report{};
    auto seen = view(campaign, who);
    auto report = figures(seen);
    if (!report)
        return report;
    if (auto counted = count_reasons(seen, *report); !counted)
        return fail(counted.error());
    if (auto counted = count_by_day(seen, *report); !counted)
        return fail(counted.error());
    return report;
}

Result<Report> Reports::figures(const Campaign& campaign, const access::Principal& who) const {
    if (!campaign.launched_at)
        return Report{};
    auto seen = view(campaign, who);
    return figures(seen);
}

// As one question of theirs; what is asked of metrics and attribution afterwards takes its own
// turns.
Result<void> Reports::count_people(View& seen, Report& report) const {
    const auto turn = asking_.work_for(seen.who);
    if (!turn)
        return fail(turn.error());
    using enum PeopleSet;
    seen.count(eligible, report.eligible);
    seen.count(held_out, report.held_out);
    seen.count(treated, report.treated);
    seen.count(sent, report.sent);
    seen.count(delivered, report.delivered);
    seen.count(failed, report.failed);
    seen.count(unknown, report.unknown);
    seen.count(opened, report.opened);
    seen.count(clicked, report.clicked);
    seen.count(complained, report.complained);
    seen.count(converted, report.converted);
    seen.count(holdout, report.holdout.people);
    seen.count(holdout_converted, report.holdout.converted);
    Arm control_arm;
    seen.count(control, control_arm.people);
    seen.count(control_converted, control_arm.converted);
    if (seen.error)
        return fail(*seen.error);
    if (seen.campaign.draft.goal) {
        report.lifts.converted = judge_lift({report.treated, report.converted}, control_arm);
        const auto tells = seen.tells_who_was_customer();
        if (!tells)
            return fail(tells.error());
        if (report.treated > 0 && !*tells)
            return {};
        const auto won = [&](PeopleSet of_treated, PeopleSet of_control) {
            return seen.compare(report.treated, of_treated, control_arm.people, of_control);
        };
        const auto new_ones = won(acquired, control_acquired);
        if (!new_ones)
            return fail(new_ones.error());
        report.lifts.acquired = *new_ones;
        const auto woken = won(activated, control_activated);
        if (!woken)
            return fail(woken.error());
        report.lifts.activated = *woken;
    }
    return {};
}

Result<Report> Reports::figures(View& seen) const {
    Report report;
    if (auto counted = count_people(seen, report); !counted)
        return fail(counted.error());
    const auto spent = cost(seen);
    if (!spent)
        return fail(spent.error());
    const auto earned = incomes(seen);
    if (!earned)
        return fail(earned.error());
    report.returns = judge_returns(*spent, {report.delivered, report.clicked, report.converted},
                                   report.lifts, *earned);
    return report;
}

Result<Decimal> Reports::cost(const View& view) const {
    // A bank that sends a "cost" of its own as text has no number to sum.
    if (asking_.vocabulary().property("$message_accepted", "cost") != ValueType::number)
        return Decimal{};
    std::int64_t scaled = 0;
    for (const auto* event : {"$message_accepted", "$message_delivered", "$message_unknown"}) {
        auto question = metric_of(view.campaign, event, view.first_day, "total");
        question["measure"] = "sum:cost";
        const auto parsed = insight::parse_metric(question);
        if (!parsed)
            return fail(parsed.error());
        const auto answer = metrics_.ask(*parsed, "", view.who);
        if (!answer)
            return fail(answer.error());
        for (const auto& row : answer->now.rows)
            scaled += row.total ? row.total->scaled() : 0;
    }
    return Decimal::from_scaled(scaled);
}

// A goal is owed to the entry before it within the window: of each arm, as it was assigned.
Result<std::optional<ArmIncomes>> Reports::incomes(const View& view) const {
    const auto& goal = view.campaign.draft.goal;
    if (!goal || goal->value.empty())
        return std::optional<ArmIncomes>{};
    const auto entered = metric_of(view.campaign, "$campaign_entered", view.first_day, "total");
    const json::object question{
        {"goal",
         {{"event", goal->event}, {"where", json::parse(goal->where)}, {"value", goal->value}}},
        {"touches",
         json::array{json::object{{"event", "$campaign_entered"}, {"where", entered.at("where")}}}},
        {"by", "arm"},
        {"window", format_duration(goal->window)},
        {"model", "first"},
        {"from", format_day(view.first_day)}};
    const auto parsed = insight::parse_attribution(question);
    if (!parsed)
        return fail(parsed.error());
    const auto answer = insight::ask(asking_, *parsed, "", view.who);
    // Attribution looks a window before the launch, of which there may be no rows any more.
    if (!answer && answer.error().reason == "index.not_kept")
        return std::optional<ArmIncomes>{};
    if (!answer)
        return fail(answer.error());
    ArmIncomes made;
    for (const auto& row : answer->result->rows) {
        const auto* arm = std::get_if<std::string>(&row.group.front());
        const auto worth = Decimal::from_double(row.value.value_or(0) * goal->income_share);
        if (!arm || !worth)
            continue;
        if (*arm == "treated")
            made.treated = *worth;
        if (*arm == "control")
            made.control = *worth;
    }
    return std::optional(made);
}

Result<void> Reports::count_reasons(const View& view, Report& report) const {
    auto question = metric_of(view.campaign, "$message_suppressed", view.first_day, "total");
    question["by"] = json::array{"reason"};
    const auto parsed = insight::parse_metric(question);
    if (!parsed)
        return fail(parsed.error());
    const auto answer = metrics_.ask(*parsed, "", view.who);
    if (!answer)
        return fail(answer.error());
    for (const auto& row : answer->now.rows) {
        const auto* reason = std::get_if<std::string>(&row.group.front());
        if (reason)
            report.suppressed.push_back({*reason, whole(row.total)});
    }
    std::stable_sort(report.suppressed.begin(), report.suppressed.end(),
                     [](const auto& a, const auto& b) {
                         return a.count != b.count ? a.count > b.count : a.reason < b.reason;
                     });
    return {};
}

Result<void> Reports::count_by_day(const View& view, Report& report) const {
    const auto& calendar = evaluation_.calendar();
    const auto [first, last] = days_of(view.campaign, view.first_day, view.as_of, calendar);
    for (Day day = first; day <= last; ++day)
        report.by_day.push_back({day, 0, 0, 0, 0});
    struct Line {
        const char* event;
        std::int64_t Report::OnDay::*number;
    };
    // The inbox takes and delivers in one step, and tells the delivery alone.
    constexpr Line lines[] = {{"$message_accepted", &Report::OnDay::sent},
                              {"$message_delivered", &Report::OnDay::delivered},
                              {"$message_opened", &Report::OnDay::opened}};
    for (const auto& line : lines) {
        auto question = metric_of(view.campaign, line.event, first, "day");
        question["to"] = format_day(last + 1);
        const auto parsed = insight::parse_metric(question);
        if (!parsed)
            return fail(parsed.error());
        const auto answer = metrics_.ask(*parsed, "", view.who);
        if (!answer)
            return fail(answer.error());
        const auto& values = answer->now.rows.front().values;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto at = answer->now.units[i].day - first;
            if (at >= 0 && at <= last - first)
                report.by_day[static_cast<std::size_t>(at)].*line.number = whole(values[i]);
        }
    }
    if (view.campaign.draft.channel == action::ChannelKind::inbox)
        for (auto& day : report.by_day)
            day.sent = day.delivered;
    if (!view.campaign.draft.goal)
        return {};
    // As many as had converted by the end of the day, less those by the end of the day before.
    std::int64_t before = 0;
    for (Day day = first - 1; day <= last; ++day) {
        const Time end = std::min(calendar.start_of(day + 1) - Duration(1), view.as_of);
        const auto people = view.people(PeopleSet::converted, {}, end);
        if (!people)
            return fail(people.error());
        const auto now = static_cast<std::int64_t>(people->count());
        if (day >= first)
            report.by_day[static_cast<std::size_t>(day - first)].converted = now - before;
        before = now;
    }
    return {};
}

Result<Progress> Reports::progress(const Campaign& campaign, const access::Principal& who) {
    if (!campaign.launched_at)
        return Progress{};
    const auto key = campaign.id + "\n" + std::to_string(campaign.version) + "\n" + who.org;
    const auto now = std::chrono::steady_clock::now();
    auto seen = view(campaign, who);
    {
        const std::lock_guard lock(mutex_);
        const auto found = kept_.find(key);
        const bool is_same = found != kept_.end() &&
                             (found->second.data_version == seen.snapshot->version ||
                              (is_over(campaign.state) && now - found->second.at < kept_when_over));
        if (is_same)
            return found->second.progress;
    }
    Progress progress;
    seen.count(PeopleSet::treated, progress.planned);
    seen.count(PeopleSet::sent, progress.sent);
    seen.count(PeopleSet::suppressed, progress.suppressed);
    seen.count(PeopleSet::failed, progress.failed);
    if (seen.error)
        return fail(*seen.error);
    const std::lock_guard lock(mutex_);
    if (kept_.size() >= most_kept)
        kept_.clear();
    kept_[key] = {progress, seen.snapshot->version, now};
    return progress;
}

namespace {

// RFC 4180; a leading sign that a spreadsheet would take for a formula gets an apostrophe.
std::string field(std::string text) {
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        text.insert(text.begin(), '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

std::string share(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6f", value);
    return text;
}

std::string returns_csv(const Returns& returns) {
    std::string csv = "cost," + returns.cost.text() + "\r\n";
    const auto line = [&](const char* name, const std::optional<Decimal>& amount) {
        if (amount)
            csv += std::string(name) + "," + amount->text() + "\r\n";
    };
    line("cost_per_delivered", returns.per_delivered);
    line("cost_per_clicked", returns.per_clicked);
    line("cost_per_converted", returns.per_converted);
    line("cost_per_acquired", returns.per_acquired);
    line("cost_per_activated", returns.per_activated);
    line("cost_per_incremental", returns.per_incremental);
    line("income", returns.income);
    line("incremental_income", returns.incremental_income);
    line("gain", returns.gain);
    return csv;
}

std::string lift_csv(const Lift& lift) {
    const auto arm = [](const char* name, const Arm& a) {
        return std::string(name) + "_people," + std::to_string(a.people) + "\r\n" + name +
               "_converted," + std::to_string(a.converted) + "\r\n" + name + "_rate," +
               share(a.rate()) + "\r\n";
    };
    return arm("treated", lift.treated) + arm("control", lift.control) + "difference," +
           share(lift.difference) + "\r\ninterval_low," + share(lift.interval.low) +
           "\r\ninterval_high," + share(lift.interval.high) + "\r\np_value," + share(lift.p_value) +
           "\r\nenough_data," + (lift.has_enough_data ? "true" : "false") + "\r\nsentence_zh," +
           field(sentence_zh(lift)) + "\r\nsentence_en," + field(sentence_en(lift)) + "\r\n";
}

}  // namespace

std::string report_csv(const Campaign& campaign, const Report& report) {
    std::string csv = "\xEF\xBB\xBFmeasure,value\r\n";
    const auto line = [&](std::string_view name, std::int64_t value) {
        csv += field(std::string(name)) + "," + std::to_string(value) + "\r\n";
    };
    csv += "campaign," + field(campaign.draft.name) + "\r\n";
    line("eligible", report.eligible);
    line("treated", report.treated);
    line("held_out", report.held_out);
    for (const auto& [reason, count] : report.suppressed)
        line("suppressed_" + reason, count);
    line("sent", report.sent);
    line("delivered", report.delivered);
    line("failed", report.failed);
    line("unknown", report.unknown);
    line("opened", report.opened);
    line("clicked", report.clicked);
    line("complained", report.complained);
    line("converted", report.converted);
    if (report.lifts.acquired)
        line("acquired", report.lifts.acquired->treated.converted);
    if (report.lifts.activated)
        line("activated", report.lifts.activated->treated.converted);
    csv += returns_csv(report.returns);
    if (report.lifts.converted)
        csv += lift_csv(*report.lifts.converted);
    csv += "\r\nday,sent,delivered,opened,converted\r\n";
    for (const auto& day : report.by_day)
        csv += format_day(day.day) + "," + std::to_string(day.sent) + "," +
               std::to_string(day.delivered) + "," + std::to_string(day.opened) + "," +
               std::to_string(day.converted) + "\r\n";
    return csv;
}

}  // namespace qiao::engage
