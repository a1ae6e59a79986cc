#include "clickhouse/clickhouse_history.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/check.hpp"
#include "clickhouse/detail/lines.hpp"
#include "clickhouse/detail/reading.hpp"
#include "clickhouse/detail/standing.hpp"
#include "clickhouse/sql.hpp"

namespace qiao::clickhouse {

using history::HistoryBatch;
using history::HistoryRow;

namespace {

constexpr std::size_t most_known = 1'000'000;
constexpr std::int64_t ever = -9'000'000'000'000'000'000;  // before all times

std::string number_of(ProfileId profile) {
    return std::to_string(static_cast<std::uint64_t>(profile));
}

std::string list_of(const std::vector<ProfileId>& profiles) {
    std::vector<std::string> numbers;
    for (const auto profile : profiles)
        numbers.push_back(number_of(profile));
    return "(" + joined(numbers, ", ") + ")";
}

std::string of_day(Day day) {
    constexpr std::int64_t day_ms = 86'400'000;
    return "time_ms >= " + std::to_string(day * day_ms) + " AND time_ms < " +
           std::to_string((std::int64_t{day} + 1) * day_ms);
}

void add_standing(ProfileId profile, const detail::Standing& standing, std::uint64_t version,
                  std::string& lines) {
    detail::Line line(lines);
    line.number("profile", static_cast<std::uint64_t>(profile));
    line.number("winner", static_cast<std::uint64_t>(standing.winner));
    line.number("root", static_cast<std::uint64_t>(standing.root));
    line.number("since", standing.since).number("version", version);
}

}  // namespace

Result<std::unique_ptr<history::History>> ClickHouseHistory::open(
    std::unique_ptr<Connection> connection, const SchemaOptions& options) {
    std::unique_ptr<ClickHouseHistory> made(new ClickHouseHistory(std::move(connection), options));
    if (auto prepared = made->prepare(); !prepared)
        return fail(prepared.error());
    return made;
}

Result<void> ClickHouseHistory::prepare() {
    for (const auto& statement : schema(options_))
        if (auto done = connection_->execute(statement); !done)
            return done;
    const auto format = connection_->ask("SELECT max(value) FROM meta WHERE key = 'format'");
    if (!format)
        return fail(format.error());
    const auto version = format->at(0).at(0).to_number<std::int64_t>();
    if (version > format_version)
        return fail(ErrorCode::unsupported, "history.version",
                    "this history was written by a newer Qiao; start that version instead");
    if (version < format_version) {
        std::string lines;
        detail::Line(lines).text("key", "format").whole("value", format_version);
        // Nothing is missing where nothing was: a server starts only where the feed still has all.
        detail::Line(lines).text("key", "traits_whole").whole("value", 1);
        if (auto done = connection_->insert("meta", lines, {}); !done)
            return done;
    }
    return {};
}

// ---- statements that may not fail ----

Rows ClickHouseHistory::ask(const std::string& select) {
    auto rows = connection_->ask(select);
    if (!rows)
        throw std::runtime_error("history: " + rows.error().detail);
    return std::move(*rows);
}

std::uint64_t ClickHouseHistory::number(const std::string& select) {
    return ask(select).at(0).at(0).to_number<std::uint64_t>();
}

void ClickHouseHistory::execute(const std::string& statement) {
    if (auto done = connection_->execute(statement); !done)
        throw std::runtime_error("history: " + done.error().detail);
}

// A token for each call: the connection's own repeats carry the same one.
void ClickHouseHistory::insert(std::string_view table, const std::string& lines) {
    if (lines.empty())
        return;
    if (auto done = connection_->insert(table, lines, random_token(16)); !done)
        throw std::runtime_error("history: " + done.error().detail);
}

void ClickHouseHistory::delete_events(const std::string& condition) {
    const bool is_one = options_.cluster.empty();
    execute(std::string("DELETE FROM events") +
            (is_one ? "" : "_local ON CLUSTER `" + options_.cluster + "`") + " WHERE " + condition);
}

// ---- writing ----

std::size_t ClickHouseHistory::write(const HistoryBatch& batch) {
    std::lock_guard lock(write_mutex_);
    if (is_torn_)
        delete_unfinished();
    is_torn_ = true;
    const auto rows = insert_rows(batch.rows);
    insert_newcomers(batch);
    change_standing(batch);
    insert_traits(batch.traits);
    // A look costs less than a mutation.
    if (const auto rows_of = "profile IN " + list_of(batch.erased);
        !batch.erased.empty() && number("SELECT count() FROM events WHERE " + rows_of) > 0)
        delete_events(rows_of);
    std::string positions;
    for (const auto& [shard, next] : batch.positions)
        detail::Line(positions).number("shard", shard).number("next_seq", next);
    insert("positions", positions);
    is_torn_ = false;
    return rows;
}

void ClickHouseHistory::delete_unfinished() {
    known_.clear();
    const auto beyond = detail::is_beyond(positions());
    if (number("SELECT count() FROM events WHERE " + beyond) > 0)
        delete_events(beyond);
    version_ = number(
        "SELECT max(version) FROM (SELECT max(version) AS version FROM profiles UNION ALL SELECT "
        "max(version) AS version FROM attributes)");
}

std::size_t ClickHouseHistory::insert_rows(const std::vector<HistoryRow>& rows) {
    if (rows.empty())
        return 0;
    const auto from = kept_from().value_or(Time::min());
    detail::EventLines writer;
    std::string lines;
    std::size_t count = 0;
    for (const auto& row : rows) {
        if (row.time < from)
            continue;
        writer.add(row, lines);
        ++count;
    }
    insert("events", lines);
    return count;
}

// Everyone who is named stands for itself, unless more is known: the oldest version there is.
void ClickHouseHistory::insert_newcomers(const HistoryBatch& batch) {
    if (known_.size() > most_known)
        known_.clear();
    std::string lines;
    const auto meet = [&](ProfileId profile) {
        if (known_.insert(profile).second)
            add_standing(profile, {profile, profile, 0}, 0, lines);
    };
    for (const auto& row : batch.rows)
        meet(row.profile);
    for (const auto profile : batch.created)
        meet(profile);
    for (const auto& trait : batch.traits)
        meet(trait.profile);
    insert("profiles", lines);
}

void ClickHouseHistory::change_standing(const HistoryBatch& batch) {
    std::vector<ProfileId> named(batch.erased);
    for (const auto& [loser, winner] : batch.merges) {
        named.push_back(loser);
        if (winner != ProfileId::none)
            named.push_back(winner);
    }
    if (named.empty())
        return;
    const auto list = list_of(named);
    detail::Standings standings;
    for (const auto& row :
         ask("SELECT profile, winner, root, since FROM profiles FINAL WHERE profile IN " + list +
             " OR root IN (SELECT root FROM profiles FINAL WHERE root != 0 AND profile IN " + list +
             ")"))
        standings.know(detail::profile_at(row, 0),
                       {detail::profile_at(row, 1), detail::profile_at(row, 2),
                        row.at(3).to_number<std::uint64_t>()});
    for (const auto& [loser, winner] : batch.merges)
        if (winner == ProfileId::none)
            standings.split(loser);
        else
            standings.merge(loser, winner);
    for (const auto profile : batch.erased)
        standings.erase(profile);
    std::string lines;
    ++version_;
    for (const auto& [profile, standing] : standings.changed(version_))
        add_standing(profile, standing, version_, lines);
    insert("profiles", lines);
}

void ClickHouseHistory::insert_traits(const std::vector<history::TraitChange>& traits) {
    std::string lines;
    for (const auto& trait : traits)
        detail::add_trait(trait, ++version_, lines);
    insert("attributes", lines);
}

// ---- reading ----

shard::FeedPositions ClickHouseHistory::positions() {
    shard::FeedPositions positions;
    positions.fill(1);
    for (const auto& row : ask("SELECT shard, max(next_seq) FROM positions GROUP BY shard"))
        positions.at(row.at(0).to_number<std::size_t>()) = row.at(1).to_number<shard::FeedSeq>();
    return positions;
}

std::vector<HistoryRow> ClickHouseHistory::timeline(const TimelineQuery& wanted) {
    const auto profile = number_of(wanted.profile);
    Select rows(detail::row_columns());
    rows.from("events");
    rows.where("(profile = " + profile +
               " OR profile IN (SELECT profile FROM profiles FINAL WHERE "
               "root = " +
               profile + "))");
    rows.where("time_ms < " + std::to_string(to_ms(wanted.before)));
    if (!wanted.event.empty())
        rows.where("event = " + text_literal(wanted.event));
    rows.order_by("time_ms DESC, received_ms DESC, journal_offset DESC, ordinal DESC");
    rows.limit(wanted.limit);
    return detail::read_history(ask(rows.text()));
}

std::vector<HistoryRow> ClickHouseHistory::recorded_for(ProfileId profile) {
    Select rows(detail::row_columns());
    rows.from("events").where("profile = " + number_of(profile));
    rows.order_by("time_ms, journal_offset, ordinal");
    return detail::read_history(ask(rows.text()));
}

std::uint64_t ClickHouseHistory::row_count() { return number("SELECT count() FROM events"); }

// The mark is set first: a crash in between leaves rows that are not promised.
std::uint64_t ClickHouseHistory::drop_before(Time until) {
    std::lock_guard lock(write_mutex_);
    std::string lines;
    detail::Line(lines).text("key", "kept_from").whole("value", to_ms(until));
    insert("meta", lines);
    const auto condition = "time_ms < " + std::to_string(to_ms(until));
    const auto dropped = number("SELECT count() FROM events WHERE " + condition);
    if (dropped > 0)
        delete_events(condition);
    return dropped;
}

std::optional<Time> ClickHouseHistory::kept_from() {
    // What the server itself forgets is gone as well.
    const std::string forgotten = options_.keep_months
                                      ? "toUnixTimestamp64Milli(addMonths(now64(3), -" +
                                            std::to_string(*options_.keep_months) + "))"
                                      : "toInt64(" + std::to_string(ever) + ")";
    const auto rows = ask("SELECT greatest(maxOrNull(value), " + forgotten + "), " + forgotten +
                          " FROM meta WHERE key = 'kept_from'");
    const auto& row = rows.at(0);
    const auto from = row.at(row.at(0).is_null() ? 1 : 0).to_number<std::int64_t>();
    return from == ever ? std::nullopt : std::optional(time_from_ms(from));
}

Result<void> ClickHouseHistory::copy_to(const std::filesystem::path&) {
    return fail(
        ErrorCode::unsupported, "history.no_file_copy",
        "history is in ClickHouse, which goes on while the rest is copied: nothing was backed "
        "up. Stop the server, run qiao backup and ClickHouse's own BACKUP DATABASE, and "
        "start again");
}

// ---- moving: without what a batch left that broke off, which the feed tells again ----

std::vector<history::DayTotals> ClickHouseHistory::days() {
    std::vector<history::DayTotals> days;
    for (const auto& row :
         ask("SELECT toInt32(floor(time_ms / 86400000)) AS day, count(), sum(toUInt64(time_ms - "
             "toInt64(day) * 86400000)), sum(profile % 1000003), sum(length(properties)) FROM "
             "events WHERE NOT " +
             detail::is_beyond(positions()) + " GROUP BY day ORDER BY day"))
        days.push_back({row.at(0).to_number<Day>(), row.at(1).to_number<std::uint64_t>(),
                        row.at(2).to_number<std::uint64_t>(), row.at(3).to_number<std::uint64_t>(),
                        row.at(4).to_number<std::uint64_t>()});
    return days;
}

void ClickHouseHistory::read_day(Day day,
                                 const std::function<void(std::vector<HistoryRow>)>& visit) {
    const auto landed = "NOT " + detail::is_beyond(positions());
    const auto pages = detail::pages_of(number("SELECT count() FROM events WHERE " + of_day(day)));
    for (std::uint64_t page = 0; page < pages; ++page) {
        Select rows(detail::row_columns());
        rows.from("events").where(of_day(day)).where(landed);
        rows.where(detail::is_on_page(page, pages));
        if (auto read = detail::read_history(ask(rows.text())); !read.empty())
            visit(std::move(read));
    }
}

void ClickHouseHistory::delete_day(Day day) {
    std::lock_guard lock(write_mutex_);
    delete_events(of_day(day));
}

// ---- a moment ----

namespace {

// Rows beyond the positions of the moment are left out wherever they are read.
class ClickHouseCut final : public history::Cut {
public:
    ClickHouseCut(Connection& connection, shard::FeedPositions positions,
                  std::vector<HistoryBatch::Alias> aliases,
                  const std::vector<history::DayTotals>& days, unsigned parts)
        : connection_(connection),
          positions_(positions),
          aliases_(std::move(aliases)),
          days_(days),
          parts_(parts) {
        for (const auto& day : days_)
            rows_ += day.rows;
    }
    const shard::FeedPositions& positions() const override { return positions_; }
    const std::vector<HistoryBatch::Alias>& aliases() const override { return aliases_; }
    std::uint64_t rows() const override { return rows_; }
    void read(unsigned part, Time from,
              const std::function<bool(const history::RowColumns&)>& visit) override {
        check(part < parts_);
        for (std::size_t i = part; i < days_.size(); i += parts_) {
            const auto pages = detail::pages_of(days_[i].rows);
            for (std::uint64_t page = 0; page < pages; ++page)
                if (!read_page(days_[i].day, page, pages, from, visit))
                    return;
        }
    }

private:
    bool read_page(Day day, std::uint64_t page, std::uint64_t pages, Time from,
                   const std::function<bool(const history::RowColumns&)>& visit) {
        Select select({"profile", "time_ms", "event", "properties"});
        select.from("events").where(of_day(day)).where(detail::is_on_page(page, pages));
        select.where("NOT " + detail::is_beyond(positions_));
        if (from > Time::min())
            select.where("time_ms >= " + std::to_string(to_ms(from)));
        const auto rows = connection_.ask(select.text());
        if (!rows)
            throw std::runtime_error("history: " + rows.error().detail);
        std::vector<ProfileId> profiles;
        std::vector<std::int64_t> times;
        std::vector<std::string_view> events, properties;
        for (const auto& row : *rows) {
            profiles.push_back(detail::profile_at(row, 0));
            times.push_back(row.at(1).to_number<std::int64_t>());
            events.emplace_back(row.at(2).as_string());
            properties.emplace_back(row.at(3).as_string());
        }
        return rows->empty() || visit({profiles, times, events, properties});
    }

    Connection& connection_;
    shard::FeedPositions positions_;
    std::vector<HistoryBatch::Alias> aliases_;
    std::vector<history::DayTotals> days_;
    unsigned parts_;
    std::uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<history::Cut> ClickHouseHistory::cut(unsigned parts) {
    std::lock_guard no_write(write_mutex_);
    std::vector<HistoryBatch::Alias> aliases;
    for (const auto& row : ask("SELECT profile, winner FROM profiles FINAL WHERE winner != 0 AND "
                               "winner != profile"))
        aliases.push_back({detail::profile_at(row, 0), detail::profile_at(row, 1)});
    return std::make_unique<ClickHouseCut>(*connection_, positions(), std::move(aliases), days(),
                                           parts);
}

}  // namespace qiao::clickhouse
