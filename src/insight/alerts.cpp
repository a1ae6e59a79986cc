#include "insight/alerts.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "insight/alerts_sql.hpp"
#include "insight/edits.hpp"
#include "runtime/log.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;

constexpr std::size_t most_recipients = 20, most_checks = 400;

tl::unexpected<Error> refuse(std::string detail, std::string pointer) {
    return fail(ErrorCode::invalid, "insight.alert", std::move(detail), std::move(pointer));
}
tl::unexpected<Error> not_found() {
    return fail(ErrorCode::not_found, "insight.no_alert",
                "There is no such alert, or it is about customers outside your part of the bank.");
}

Result<json::value> parsed(std::string_view text, std::string_view pointer) {
    json::error_code error;
    auto value = json::parse(json::string_view(text.data(), text.size()), error);
    if (error)
        return refuse("This is missing.", std::string(pointer));
    return value;
}

void apply(const AlertChange& change, Alert& to) {
    to.name = change.name.value_or(to.name);
    to.metric = change.metric.value_or(to.metric);
    to.rule = change.rule.value_or(to.rule);
    to.assignee = change.assignee.value_or(to.assignee);
    to.minute = change.minute.value_or(to.minute);
    to.recipients = change.recipients.value_or(to.recipients);
    to.opens_item = change.opens_item.value_or(to.opens_item);
    to.active = change.active.value_or(to.active);
}

void begin_anew(Alert& alert) {
    alert.state = AlertState::ok;
    alert.since.reset();
    alert.acknowledged_by.clear();
    alert.checked_unit.reset();
    alert.checked_at.reset();
    alert.problem.clear();
}

Day units_before(Day unit, Per per, std::size_t count) {
    for (; count > 0; --count)
        unit = unit_start(unit - 1, per);
    return unit;
}

// A line of zeros alone is no news: nothing has been sent yet, or not for this long.
std::size_t units_of_silence(Per per) { return per == Per::day ? 28 : per == Per::week ? 8 : 6; }

json::value number_json(const std::optional<Decimal>& number) {
    return number ? to_json(Value(*number)) : json::value(nullptr);
}

std::string figures_of(const AlertCheck& check, Per per) {
    constexpr std::string_view names[] = {"day", "week", "month", "total"};
    return json::serialize(json::object{{"at", format_day(check.unit)},
                                        {"per", names[static_cast<std::size_t>(per)]},
                                        {"value", number_json(check.value)},
                                        {"low", number_json(check.verdict.low)},
                                        {"high", number_json(check.verdict.high)}});
}

}  // namespace

Result<Alerts::Sound> Alerts::sound(std::string_view metric, std::string_view rule) const {
    const auto metric_json = parsed(metric, "/metric"), rule_json = parsed(rule, "/rule");
    if (!metric_json)
        return fail(metric_json.error());
    if (!rule_json)
        return fail(rule_json.error());
    auto question = parse_metric(*metric_json, "/metric");
    if (!question)
        return fail(question.error());
    if (!question->by.empty() || !question->split.empty())
        return refuse("An alert watches one number; take the split away.", "/metric/by");
    if (question->per == Per::total)
        return refuse("An alert watches a number per day, week or month.", "/metric/per");
    if (auto known = parts_.metrics.check(*question, "/metric"); !known)
        return fail(known.error());
    auto judged_by = parse_alert_rule(*rule_json, "/rule");
    if (!judged_by)
        return fail(judged_by.error());
    return Sound{std::move(*question), *judged_by};
}

Result<void> Alerts::check_draft(const Alert& alert) const {
    if (alert.name.find_first_not_of(" \t\r\n") == std::string::npos || alert.name.size() > 200)
        return refuse("Give the alert a name of at most 200 bytes.", "/name");
    if (alert.minute < 0 || alert.minute >= 24 * 60)
        return refuse("The time of day is from 00:00 to 23:59.", "/at");
    if (alert.recipients.size() > most_recipients)
        return refuse("An alert tells at most 20 people.", "/recipients");
    const auto is_person = [&](const std::string& id) {
        const auto who = parts_.access.principal(id);
        return who && !who->through_token && id != access::system_principal().id;
    };
    for (std::size_t i = 0; i < alert.recipients.size(); ++i)
        if (!is_person(alert.recipients[i]))
            return refuse("This person cannot sign in (any more).",
                          "/recipients/" + std::to_string(i));
    if (!alert.assignee.empty() && !is_person(alert.assignee))
        return refuse("This person cannot sign in (any more).", "/assignee");
    if (auto fine = sound(alert.metric, alert.rule); !fine)
        return fail(fine.error());
    return {};
}

bool Alerts::sees(const access::Principal& who, const Alert& alert) const {
    return parts_.orgs.in_scope(who.org, alert.org);
}

Result<Alert> Alerts::create(const AlertChange& draft, const access::Principal& who) {
    Alert alert;
    apply(draft, alert);
    mark_made(alert, "alr", parts_.clock.now(), who);
    alert.org = who.org;
    if (auto fine = check_draft(alert); !fine)
        return fail(fine.error());
    auto transaction = parts_.database.begin();
    queries::put(*transaction, alert);
    parts_.audit.add(*transaction, who, {"alert.created", alert.id, alert.name});
    transaction->commit();
    return alert;
}

Result<Alert> Alerts::change(std::string_view id, const AlertChange& change,
                             std::optional<std::int64_t> expected_version,
                             const access::Principal& who) {
    const auto before = get(id, who);
    if (!before)
        return fail(before.error());
    Alert drafted = *before;
    apply(change, drafted);
    if (auto fine = check_draft(drafted); !fine)
        return fail(fine.error());
    auto transaction = parts_.database.begin();
    auto alert = queries::find_alert(*transaction, id);
    if (!alert)
        return not_found();
    // What was checked is what was read first.
    if (auto fresh = mark_changed(*alert, expected_version.value_or(before->version),
                                  parts_.clock.now(), who);
        !fresh)
        return fail(fresh.error());
    const bool is_other = drafted.metric != alert->metric || drafted.rule != alert->rule;
    apply(change, *alert);
    if (is_other) {
        begin_anew(*alert);
        queries::forget_checks(*transaction, alert->id);
    }
    if (!alert->active)
        alert->state = AlertState::ok;
    queries::put(*transaction, *alert);
    parts_.audit.add(*transaction, who, {"alert.updated", alert->id, alert->name});
    transaction->commit();
    return std::move(*alert);
}

Result<void> Alerts::remove(std::string_view id, const access::Principal& who) {
    const auto alert = get(id, who);
    if (!alert)
        return fail(alert.error());
    auto transaction = parts_.database.begin();
    queries::remove_alert(*transaction, id);
    parts_.audit.add(*transaction, who, {"alert.removed", alert->id, alert->name});
    transaction->commit();
    return {};
}

Result<Alert> Alerts::acknowledge(std::string_view id, const access::Principal& who) {
    auto transaction = parts_.database.begin();
    auto alert = queries::find_alert(*transaction, id);
    if (!alert || !sees(who, *alert))
        return not_found();
    if (alert->state != AlertState::firing)
        return fail(ErrorCode::conflict, "insight.not_firing",
                    "This alert is not firing; there is nothing to acknowledge.");
    alert->state = AlertState::acknowledged;
    alert->since = parts_.clock.now();
    alert->acknowledged_by = who.id;
    queries::put(*transaction, *alert);
    parts_.audit.add(*transaction, who, {"alert.acknowledged", alert->id, alert->name});
    transaction->commit();
    return std::move(*alert);
}

Result<Alert> Alerts::get(std::string_view id, const access::Principal& who) const {
    auto alert = queries::find_alert(*parts_.database.read(), id);
    if (!alert || !sees(who, *alert))
        return not_found();
    return std::move(*alert);
}

std::vector<Alert> Alerts::list(const access::Principal& who) const {
    auto alerts = queries::all_alerts(*parts_.database.read());
    std::erase_if(alerts, [&](const Alert& alert) { return !sees(who, alert); });
    return alerts;
}

Result<std::vector<AlertCheck>> Alerts::checks(std::string_view id,
                                               const access::Principal& who) const {
    const auto alert = get(id, who);
    if (!alert)
        return fail(alert.error());
    return queries::checks_of(*parts_.database.read(), alert->id, most_checks);
}

Result<Numbers> Alerts::line(std::string_view metric, Per per, Day first, Day last,
                             const access::Principal& who) const {
    auto asked = json::parse(json::string_view(metric.data(), metric.size())).as_object();
    for (const char* member : {"within", "as_of", "compare", "average", "top"})
        asked.erase(member);
    asked["from"] = format_day(first);
    asked["to"] = format_day(next_unit(last, per));
    asked["fresh"] = true;
    const auto question = parse_metric(asked, "/metric");
    if (!question)
        return fail(question.error());
    auto answer = parts_.metrics.ask(*question, "/metric", who);
    if (!answer)
        return fail(answer.error());
    auto values = std::move(answer->now.rows.front().values);
    for (auto& value : values) {
        if (value && value->scaled() != 0)
            break;
        value.reset();
    }
    return values;
}

Result<AlertPreview> Alerts::preview(std::string_view metric, std::string_view rule,
                                     const access::Principal& who) const {
    const auto fine = sound(metric, rule);
    if (!fine)
        return fail(fine.error());
    const auto per = fine->question.per;
    std::size_t shown = per == Per::day ? 90 : per == Per::week ? 52 : 24;
    const Day last = last_due_unit(parts_.clock.now(), 0, per, parts_.calendar);
    const auto skip = look_back(fine->rule, per);
    auto numbers = line(metric, per, units_before(last, per, shown - 1 + skip), last, who);
    while (!numbers && numbers.error().reason == "index.not_kept" && shown > 1) {
        shown /= 2;
        numbers = line(metric, per, units_before(last, per, shown - 1 + skip), last, who);
    }
    if (!numbers)
        return fail(numbers.error());
    const auto verdicts = judge_all(fine->rule, per, *numbers, skip);
    AlertPreview made;
    made.episodes = episodes(verdicts);
    for (std::size_t i = 0; i < verdicts.size(); ++i)
        made.checks.push_back(
            {units_before(last, per, verdicts.size() - 1 - i), (*numbers)[skip + i], verdicts[i]});
    return made;
}

Result<AlertCheck> Alerts::look(const Alert& alert, const Sound& sound, Day unit,
                                const access::Principal& owner) const {
    const auto per = sound.question.per;
    // Where events are not kept for so long, less silence has to do.
    auto silence = units_of_silence(per), skip = look_back(sound.rule, per) + silence;
    auto numbers = line(alert.metric, per, units_before(unit, per, skip), unit, owner);
    while (!numbers && numbers.error().reason == "index.not_kept" && silence > 0) {
        silence /= 2;
        skip = look_back(sound.rule, per) + silence;
        numbers = line(alert.metric, per, units_before(unit, per, skip), unit, owner);
    }
    if (!numbers)
        return fail(numbers.error());
    return AlertCheck{unit, numbers->back(), judge_all(sound.rule, per, *numbers, skip).front()};
}

void Alerts::run_due() {
    const std::scoped_lock lock(running_);
    for (const auto& alert : queries::all_alerts(*parts_.database.read()))
        if (alert.active)
            check_one(alert);
}

void Alerts::check_one(const Alert& alert) {
    const auto asked = parse_metric(json::parse(alert.metric));
    if (!asked)
        return;  // a form that this version does not know; the page says so
    const Day unit = last_due_unit(parts_.clock.now(), alert.minute, asked->per, parts_.calendar);
    if (alert.checked_unit && unit <= *alert.checked_unit)
        return;
    const auto owner = parts_.access.principal(alert.created_by);
    if (!owner)
        return settle(alert, unit, access::system_principal(), fail(owner.error()));
    const auto fine = sound(alert.metric, alert.rule);
    if (!fine)
        return settle(alert, unit, *owner, fail(fine.error()));
    settle(alert, unit, *owner, look(alert, *fine, unit, *owner));
}

// What cannot be answered now is asked again at the next run; what cannot be answered at all waits
// for the next unit or for somebody to mend it.
void Alerts::settle(const Alert& seen, Day unit, const access::Principal& owner,
                    const Result<AlertCheck>& found) {
    auto transaction = parts_.database.begin();
    auto alert = queries::find_alert(*transaction, seen.id);
    if (!alert || alert->version != seen.version)
        return;
    const Time now = parts_.clock.now();
    alert->checked_at = now;
    if (!found) {
        if (found.error().code != ErrorCode::unavailable)
            alert->checked_unit = unit;
        if (alert->problem != found.error().detail)
            log::warn("insight: the alert " + alert->id +
                      " was not checked: " + found.error().detail);
        alert->problem = found.error().detail;
        queries::put(*transaction, *alert);
        transaction->commit();
        return;
    }
    // Numbers of another part of the bank are not for those who see this one.
    if (alert->org != owner.org)
        queries::forget_checks(*transaction, alert->id);
    alert->org = owner.org;
    alert->problem.clear();
    alert->checked_unit = unit;
    queries::put_check(*transaction, alert->id, *found);
    const auto next = after(alert->state, found->verdict);
    if (next != alert->state) {
        alert->state = next;
        alert->since = now;
        alert->acknowledged_by.clear();
        if (next == AlertState::firing)
            tell(*transaction, *alert, *found);
    }
    queries::put(*transaction, *alert);
    transaction->commit();
}

void Alerts::tell(sql::Transaction& transaction, const Alert& alert, const AlertCheck& check) {
    const auto per = parse_metric(json::parse(alert.metric))->per;
    const auto figures = figures_of(check, per);
    const std::string link = "/insights/alerts/" + alert.id;
    for (const auto& person : alert.recipients) {
        const auto reader = parts_.access.principal(person);
        if (!reader)
            continue;
        const bool may = parts_.orgs.in_scope(reader->org, alert.org);
        parts_.notices.add(transaction, {{},
                                         person,
                                         "alert",
                                         alert.name,
                                         may ? figures : "{}",
                                         may ? link : "",
                                         {},
                                         false,
                                         alert.org});
    }
    const auto qiao = access::system_principal();
    parts_.audit.add(transaction, qiao, {"alert.fired", alert.id, alert.name});
    if (!alert.opens_item)
        return;
    work::Item item;
    item.kind = "alert";
    item.title = alert.name;
    item.figures = figures;
    item.link = link;
    item.subject = alert.id;
    item.org = alert.org;
    item.assignee = alert.assignee;
    parts_.items.open(transaction, std::move(item), qiao);
}

}  // namespace qiao::insight
