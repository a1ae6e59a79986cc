// Qiao's sequence index: its files loaded directly, the last day by the feed's way, then merges and
// erasures, so that deltas, moved rows and dead ids are there as in a running bank.
#include <boost/json.hpp>
#include <map>
#include <stdexcept>
#include <thread>

#include "engine.hpp"
#include "index/index.hpp"
#include "index/plan.hpp"
#include "insight/funnel.hpp"
#include "insight/metric_engine.hpp"
#include "insight/paths.hpp"
#include "insight/retention.hpp"
#include "runtime/executor.hpp"
#include "runtime/memory_budget.hpp"

namespace qiao::bench {

namespace {

constexpr std::size_t batch = 20'000;

std::string event_name(int event) { return "event_" + std::to_string(event); }

rule::EventMatch match_of(int event) {
    rule::EventMatch match;
    match.event = event_name(event);
    return match;
}

insight::Doing doing_of(int event) { return {insight::Subject::event, match_of(event)}; }

ProfileId profile_of(std::uint32_t customer) {
    return static_cast<ProfileId>((std::uint64_t{customer} + 1) * 0x9E3779B97F4A7C15ull);
}

// The names of the bank, as a dictionary would know them.
class Names final : public rule::Vocabulary {
public:
    std::optional<ValueType> tag(std::string_view name) const override {
        if (name == "vip")
            return ValueType::boolean;
        return name == "level" || name == "city" ? ValueType::string : ValueType::number;
    }
    bool has_event(std::string_view) const override { return true; }
    std::optional<ValueType> property(std::string_view, std::string_view name) const override {
        return name == "amount" ? ValueType::number : ValueType::string;
    }
    bool has_score(std::string_view) const override { return true; }
    bool has_identity(std::string_view) const override { return true; }
    bool has_consent(std::string_view) const override { return true; }
    std::optional<std::vector<std::string>> org(std::string_view code) const override {
        return std::vector<std::string>{std::string(code)};
    }
    const rule::Node* audience(std::string_view) const override { return nullptr; }
};

class Qiao final : public Engine {
public:
    Qiao(const std::string& directory, unsigned threads)
        : directory_(directory), pool_(threads > 1 ? threads - 1 : 1, 64) {
        how_.pool = &pool_;
        how_.threads = threads;
    }
    std::string name() const override { return "Qiao"; }
    void load(const Bank& bank) override;
    Numbers ask(Question question) override;
    double taken_mb() const override { return taken_mb_; }

private:
    void load_base(const Bank& bank);
    void apply_last_day(const Bank& bank);
    void merge_and_erase(const Bank& bank);
    void go_on();
    void apply(std::vector<index::IndexChange>& changes);
    std::vector<index::BulkTag> tags_of(const Bank& bank);

    Numbers answer(Question question);
    std::uint64_t count(const char* rule);
    Numbers funnel() const;
    Numbers retention() const;
    Numbers daily_actives() const;
    Numbers paths() const;
    Numbers last_events() const;
    rule::Interval last(int count) const { return {end_ms_ - count * day_ms, end_ms_}; }
    Time as_of() const { return time_from_ms(end_ms_ - 1); }

    std::string directory_;
    WorkerPool pool_;
    index::Execution how_;
    std::unique_ptr<index::Index> index_;
    Calendar calendar_ = *Calendar::of_zone("Asia/Shanghai");
    std::int64_t end_ms_ = 0;
    double taken_mb_ = 0;
};

template <class Made>
Made value_of(Result<Made> result) {
    if (!result)
        throw std::runtime_error("Qiao: " + result.error().detail);
    return std::move(*result);
}

void Qiao::load(const Bank& bank) {
    end_ms_ = bank.end_ms();
    index::IndexOptions options;
    options.directory = directory_;
    index_ = value_of(index::Index::open(options));
    load_base(bank);
    apply_last_day(bank);
    merge_and_erase(bank);
    go_on();
    index_->flush();
}

std::vector<index::BulkTag> Qiao::tags_of(const Bank& bank) {
    auto& strings = index_->strings();
    std::vector<index::BulkTag> tags;
    const auto add = [&](const char* name, ValueType type, auto&& cell) {
        index::BulkTag tag{name, type, std::vector<index::Cell>(bank.customers())};
        for (std::uint32_t customer = 0; customer < bank.customers(); ++customer)
            tag.cells[customer] = cell(bank.tags(customer));
        tags.push_back(std::move(tag));
    };
    const auto text = [&](int value) {
        return value < 0 ? index::missing : index::Cell{strings.code(std::to_string(value))};
    };
    add("level", ValueType::string, [&](const Tags& t) { return text(t.level); });
    add("city", ValueType::string, [&](const Tags& t) { return text(t.city); });
    add("org", ValueType::string, [&](const Tags& t) { return text(t.org); });
    add("gender", ValueType::string, [&](const Tags& t) { return text(t.gender); });
    add("age", ValueType::number, [](const Tags& t) { return t.age * Decimal::scale; });
    add("holdings", ValueType::number, [](const Tags& t) { return t.holdings * Decimal::scale; });
    add("balance", ValueType::number, [](const Tags& t) { return t.balance; });
    add("churn", ValueType::number, [](const Tags& t) { return index::Cell{t.churn}; });
    add("vip", ValueType::boolean, [](const Tags& t) { return index::Cell{t.vip}; });
    add("since", ValueType::time, [](const Tags& t) { return t.since_ms; });
    return tags;
}

void Qiao::load_base(const Bank& bank) {
    std::vector<index::BulkEvent> events(event_types);
    index::Cell channels[4];
    for (int i = 0; i < 4; ++i)
        channels[i] = index_->strings().code(std::to_string(i));
    std::vector<Row> rows;
    for (int event = 0; event < event_types; ++event) {
        events[event].event = event_name(event);
        events[event].columns.push_back({"channel", ValueType::string, {}});
        if (event == payment || event == purchase)
            events[event].columns.push_back({"amount", ValueType::number, {}});
    }
    std::vector<ProfileId> profiles;
    for (std::uint32_t customer = 0; customer < bank.customers(); ++customer) {
        profiles.push_back(profile_of(customer));
        bank.rows(customer, rows);
        for (const auto& row : rows) {
            if (row.time_ms >= end_ms_ - day_ms)
                break;
            auto& event = events[row.event];
            event.customer.push_back(customer);
            event.time_ms.push_back(row.time_ms);
            event.columns[0].cells.push_back(channels[row.channel]);
            if (event.columns.size() > 1)
                event.columns[1].cells.push_back(row.amount);
        }
    }
    std::size_t next = 0;
    index_->load(
        std::move(profiles), tags_of(bank),
        [&](index::BulkEvent& event) {
            if (next == events.size())
                return false;
            event = std::move(events[next++]);
            return true;
        },
        index::Positions{});
    index_->compact();
}

void Qiao::apply(std::vector<index::IndexChange>& changes) {
    index_->apply(changes, index::Positions{});
    changes.clear();
}

void Qiao::apply_last_day(const Bank& bank) {
    std::vector<Row> rows;
    std::vector<index::IndexChange> changes;
    for (std::uint32_t customer = 0; customer < bank.customers(); ++customer) {
        bank.rows(customer, rows);
        for (const auto& row : rows) {
            if (row.time_ms < end_ms_ - day_ms)
                continue;
            index::IndexChange change;
            change.profile = profile_of(customer);
            change.name = event_name(row.event);
            change.time = time_from_ms(row.time_ms);
            change.properties.emplace_back("channel", std::to_string(row.channel));
            if (row.amount != no_amount)
                change.properties.emplace_back("amount", Decimal::from_scaled(row.amount));
            changes.push_back(std::move(change));
        }
        if (changes.size() >= batch)
            apply(changes);
    }
    apply(changes);
}

void Qiao::merge_and_erase(const Bank& bank) {
    std::vector<index::IndexChange> changes;
    for (std::uint32_t customer = 0; customer < bank.customers(); ++customer) {
        index::IndexChange change;
        if (bank.is_merged_away(customer)) {
            change.kind = index::IndexChange::Kind::merge;
            change.profile = profile_of(customer - 1);
            change.other = profile_of(customer);
        } else if (bank.is_erased(customer)) {
            change.kind = index::IndexChange::Kind::erase;
            change.profile = profile_of(customer);
        } else {
            continue;
        }
        changes.push_back(std::move(change));
        if (changes.size() >= batch)
            apply(changes);
    }
    apply(changes);
}

// The feeder of a running bank applies something all the time, and meanwhile puts blocks that
// changes have scattered in a row again.
void Qiao::go_on() {
    std::vector<index::IndexChange> nothing;
    for (int i = 0; i < 8; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        apply(nothing);
    }
}

std::uint64_t Qiao::count(const char* text) {
    pool_.expect(how_.threads - 1);  // as audience::Evaluation does before it reads a rule
    const auto rule =
        value_of(rule::resolve(value_of(rule::parse(boost::json::parse(text))), Names()));
    const index::Plan plan(rule, index_->snapshot(), as_of(), calendar_);
    return value_of(plan.count(how_));
}

Numbers Qiao::funnel() const {
    insight::FunnelQuestion question;
    for (const auto step : asked::steps)
        question.steps.push_back(match_of(step));
    question.window = Duration(asked::window_ms);
    const auto state = index_->snapshot();
    const auto answer =
        value_of(insight::compute(question, *state, *state->alive, last(days), {}, how_));
    return {answer.steps.begin(), answer.steps.end()};
}

Numbers Qiao::retention() const {
    insight::RetentionQuestion question;
    question.first = question.then = doing_of(app_open);
    question.periods = asked::periods;
    const auto state = index_->snapshot();
    const insight::RetentionTime time{last(asked::cohorts), as_of(), &calendar_};
    const auto answer = value_of(insight::compute(question, *state, *state->alive, time, how_));
    Numbers numbers;
    for (const auto& cohort : answer.cohorts)
        numbers.insert(numbers.end(), cohort.returned.begin(), cohort.returned.end());
    return numbers;
}

Numbers Qiao::daily_actives() const {
    insight::ResolvedMetric metric;
    metric.doing = doing_of(app_open);
    metric.measure.kind = insight::MeasureKind::unique;
    metric.by = {{insight::By::Kind::property, "channel"}};
    metric.by_types = {ValueType::string};
    const auto units = insight::units_of(last(days), insight::Per::day, calendar_);
    const auto state = index_->snapshot();
    const auto answer = value_of(insight::compute(metric, state, *state->alive, units, how_));
    std::map<std::string, const insight::Series*> by_channel;
    for (const auto& series : answer.series)
        by_channel[std::get<std::string>(series.group[0])] = &series;
    Numbers numbers;
    for (std::size_t day = 0; day < units.size(); ++day)
        for (const auto& [channel, series] : by_channel)
            numbers.push_back(static_cast<std::int64_t>(series->points[day].people));
    return numbers;
}

Numbers Qiao::paths() const {
    insight::PathQuestion question;
    question.from = doing_of(app_open);
    question.gap = Duration(asked::gap_ms);
    question.steps = 3;
    question.limit = asked::paths;
    const auto state = index_->snapshot();
    const auto answer =
        value_of(insight::compute(question, *state, *state->alive, last(days), how_));
    Numbers numbers;
    for (const auto& path : answer.paths)
        numbers.push_back(static_cast<std::int64_t>(path.count));
    return numbers;
}

Numbers Qiao::last_events() const {
    const auto state = index_->snapshot();
    const auto customer = index_->find(*state, profile_of(asked::customer));
    const auto rows = index::history_of(*state, *customer, 50);
    Numbers numbers;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row)
        numbers.push_back(to_ms(row->time));
    return numbers;
}

// As a server counts it for every question.
Numbers Qiao::ask(Question question) {
    MemoryBudget budget(SIZE_MAX);
    Numbers numbers;
    {
        const MemoryScope counted(&budget);
        numbers = answer(question);
    }
    taken_mb_ = static_cast<double>(budget.most()) / (1 << 20);
    return numbers;
}

Numbers Qiao::answer(Question question) {
    switch (question) {
        case Question::funnel:
            return funnel();
        case Question::retention:
            return retention();
        case Question::audience:
            return {static_cast<std::int64_t>(count(
                R"({"all":[{"tag":"level","op":"in","value":["0","1","2"]},
                {"tag":"age","op":"between","value":[25,60]},{"tag":"vip","op":"eq","value":false},
                {"event":"event_3","within":"30d",
                 "where":[{"property":"channel","op":"eq","value":"0"}]},
                {"not":{"event":"event_6","within":"7d"}}]})"))};
        case Question::tags:
            return {static_cast<std::int64_t>(count(
                R"({"all":[{"tag":"level","op":"in","value":["0","1"]},
                {"tag":"age","op":"between","value":[25,40]},{"tag":"vip","op":"eq","value":false},
                {"not":{"tag":"city","op":"in","value":["1","2","3"]}}]})"))};
        case Question::daily_actives:
            return daily_actives();
        case Question::paths:
            return paths();
        case Question::last_events:
            return last_events();
    }
    return {};
}

}  // namespace

std::unique_ptr<Engine> make_qiao(const std::string& directory, unsigned threads) {
    return std::make_unique<Qiao>(directory, threads);
}

}  // namespace qiao::bench
