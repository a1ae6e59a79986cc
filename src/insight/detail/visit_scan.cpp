#include "insight/detail/visit_scan.hpp"

#include <algorithm>

namespace qiao::insight::detail {

using index::Dense;
using index::Scan;

void Visit::clear() {
    clicks.clear();
    versions.clear();
    uses.clear();
    transactions.clear();
    screens.clear();
    met.clear();
}

std::uint64_t Visit::taps(std::int64_t after_ms, std::int64_t until_ms) const {
    return static_cast<std::uint64_t>(std::upper_bound(clicks.begin(), clicks.end(), until_ms) -
                                      std::upper_bound(clicks.begin(), clicks.end(), after_ms));
}

std::int64_t Visit::last_transaction(std::int64_t before_ms) const {
    const auto at = std::lower_bound(
        transactions.begin(), transactions.end(), before_ms,
        [](const Act& act, std::int64_t time_ms) { return act.time_ms < time_ms; });
    return at == transactions.begin() ? INT64_MIN : std::prev(at)->time_ms;
}

std::optional<std::int64_t> Visit::first_use(std::uint32_t function, std::int64_t after_ms,
                                             std::int64_t until_ms) const {
    auto use = std::upper_bound(
        uses.begin(), uses.end(), after_ms,
        [](std::int64_t time_ms, const Act& act) { return time_ms < act.time_ms; });
    for (; use != uses.end() && use->time_ms <= until_ms; ++use)
        if (use->function == function)
            return use->time_ms;
    return std::nullopt;
}

std::uint64_t Visit::depth(const Met& of) const {
    const auto at = std::lower_bound(
        screens.begin(), screens.end(), of.first_ms,
        [](const Met& other, std::int64_t time_ms) { return other.first_ms < time_ms; });
    return static_cast<std::uint64_t>(at - screens.begin());
}

VisitScan::VisitScan(const EffortQuestion& question, const std::vector<ProductUse>& functions,
                     const index::State& state, const rule::Interval& interval)
    : interval_(interval), clicks_(question.clicks, interval, state), walk_(state, interval) {
    for (const auto& function : functions) {
        auto& uses = uses_.emplace_back();
        for (const auto& match : function.uses)
            uses.emplace_back(match, interval, state);
        auto& transactions = transactions_.emplace_back();
        for (const auto& match : function.transactions)
            transactions.emplace_back(match, interval, state);
    }
    const VersionCells versions(question.versions, state);
    const auto page = state.strings->find(question.page);
    const auto source_of = [](const Scan& scan, const index::EventRows* rows) {
        const auto at = std::find_if(scan.sources.begin(), scan.sources.end(),
                                     [&](const index::Source& one) { return one.rows == rows; });
        return at == scan.sources.end() ? nullptr : &*at;
    };
    const auto& lanes = walk_.lanes();
    lanes_.resize(lanes.size());
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const auto* rows = lanes[i];
        auto& lane = lanes_[i];
        lane.clicks = source_of(clicks_, rows);
        lane.version = versions.in(*rows);
        if (page)
            lane.page = rows->find({*page, ValueType::string});
        const auto note = [&](const auto& all, auto& users) {
            for (std::uint32_t function = 0; function < all.size(); ++function)
                for (const auto& scan : all[function])
                    if (const auto* source = source_of(scan, rows))
                        users.push_back({function, source});
        };
        note(uses_, lane.uses);
        note(transactions_, lane.transactions);
        lane.is_read = is_behaviour(state.strings->text(rows->event)) &&
                       rows->last_ms >= interval.from_ms && rows->first_ms < interval.until_ms;
    }
}

index::BlockBits VisitScan::find_clickers(Dense block, const index::BlockBits& people) const {
    index::BlockBits clickers;
    for (const auto& source : clicks_.sources)
        clicks_.each_row(source, block, people,
                         [&](std::uint32_t local, std::uint32_t) { clickers.set(local); });
    return clickers;
}

void VisitScan::add(Visit& visit, const index::RowWalk::Row& row) const {
    const auto& lane = lanes_[row.lane];
    if (lane.clicks && Scan::passes(*lane.clicks, row.row)) {
        visit.clicks.push_back(row.time_ms);
        const auto version = lane.version ? lane.version->at(row.row) : index::missing;
        if (version != index::missing && std::find(visit.versions.begin(), visit.versions.end(),
                                                   version) == visit.versions.end())
            visit.versions.push_back(version);
    }
    const auto note = [&](const std::vector<Lane::User>& users, std::vector<Visit::Act>& acts) {
        for (const auto& user : users)
            if (Scan::passes(*user.source, row.row))
                acts.push_back({row.time_ms, user.function});
    };
    note(lane.uses, visit.uses);
    note(lane.transactions, visit.transactions);
    const auto screen = lane.page ? lane.page->at(row.row) : index::missing;
    if (screen != index::missing && visit.met.insert(screen).second)
        visit.screens.push_back({screen, row.time_ms});
}

}  // namespace qiao::insight::detail
