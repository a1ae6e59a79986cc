// ClickHouse's engine by libchdb.
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "clickhouse/testing/chdb_library.hpp"
#include "engine.hpp"

namespace qiao::bench {

namespace {

using Library = clickhouse::testing::ChdbLibrary;

void* opened(const std::string& library) {
    void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        throw std::runtime_error("libchdb cannot be loaded: " + std::string(dlerror()));
    return handle;
}

class ClickHouse final : public Engine {
public:
    ClickHouse(const std::string& directory, unsigned threads, const std::string& library)
        : chdb_(opened(library)),
          directory_(std::filesystem::absolute(directory)),
          threads_(threads) {
        std::filesystem::remove_all(directory_);
        std::filesystem::create_directories(directory_);
        connection_ = chdb_.open({"--path=" + directory_ + "/data"});
    }
    ~ClickHouse() override { chdb_.close(connection_); }

    std::string name() const override {
        auto* result = run("SELECT version()");
        std::string version(chdb_.buffer(result), chdb_.length(result));
        chdb_.destroy(result);
        while (!version.empty() && version.back() == '\n')
            version.pop_back();
        return "ClickHouse " + version;
    }
    void load(const Bank& bank) override;
    Numbers ask(Question question) override { return numbers(sql(question)); }

private:
    void* run(const std::string& text) const {
        auto* result = chdb_.query(*connection_, text.c_str(), "TabSeparated");
        if (const char* error = result ? chdb_.error(result) : "no result")
            throw std::runtime_error(std::string("ClickHouse: ") + error + "\n" + text);
        return result;
    }
    void execute(const std::string& text) const { chdb_.destroy(run(text)); }
    Numbers numbers(const std::string& text) const;
    std::string sql(Question question) const;

    Library chdb_;
    std::string directory_;
    unsigned threads_;
    Library::Connection* connection_ = nullptr;
    std::int64_t begin_ms_ = 0, end_ms_ = 0;
};

// RowBinary: what ClickHouse reads quickest of what is easily written.
class BinaryFile {
public:
    explicit BinaryFile(const std::string& path)
        : path_(path), file_(path, std::ios::binary), buffer_() {
        buffer_.reserve(1 << 20);
    }
    template <class Number>
    BinaryFile& put(Number number) {
        buffer_.append(reinterpret_cast<const char*>(&number), sizeof number);
        if (buffer_.size() > (1 << 20) - 64)
            flush();
        return *this;
    }
    std::string close() {
        flush();
        file_.close();
        return path_;
    }

private:
    void flush() {
        file_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
        buffer_.clear();
    }
    std::string path_;
    std::ofstream file_;
    std::string buffer_;
};

void ClickHouse::load(const Bank& bank) {
    begin_ms_ = bank.begin_ms();
    end_ms_ = bank.end_ms();
    const std::string columns =
        "customer UInt32, time UInt64, event UInt8, channel UInt8, amount Int64";
    const std::string tag_columns =
        "customer UInt32, level Int16, city Int16, org Int16, age Int16, gender Int16, vip Int16, "
        "holdings Int16, churn Int32, balance Int64, since Int64";
    BinaryFile events(directory_ + "/events.bin"), tags(directory_ + "/tags.bin");
    std::vector<Row> rows;
    for (std::uint32_t customer = 0; customer < bank.customers(); ++customer) {
        if (!bank.is_alive(customer))
            continue;
        bank.living_rows(customer, rows);
        for (const auto& row : rows)
            events.put(customer).put(row.time_ms).put(row.event).put(row.channel).put(row.amount);
        const auto t = bank.tags(customer);
        tags.put(customer).put(t.level).put(t.city).put(t.org).put(t.age).put(t.gender);
        tags.put(t.vip).put(t.holdings).put(t.churn).put(t.balance).put(t.since_ms);
    }
    execute("CREATE DATABASE IF NOT EXISTS bank");
    execute("CREATE TABLE bank.events (" + columns +
            ") ENGINE = MergeTree ORDER BY (customer, time) SETTINGS index_granularity = 8192");
    execute("CREATE TABLE bank.tags (" + tag_columns + ") ENGINE = MergeTree ORDER BY customer");
    const auto fill = [&](const char* table, BinaryFile& file, const std::string& shape) {
        const auto path = file.close();
        execute(std::string("INSERT INTO bank.") + table + " SELECT * FROM file('" + path +
                "', 'RowBinary', '" + shape + "')");
        execute(std::string("OPTIMIZE TABLE bank.") + table + " FINAL");
        std::filesystem::remove(path);
    };
    fill("events", events, columns);
    fill("tags", tags, tag_columns);
}

Numbers ClickHouse::numbers(const std::string& text) const {
    auto* result = run(text);
    const char* at = chdb_.buffer(result);
    const char* end = at + chdb_.length(result);
    Numbers numbers;
    while (at < end) {
        std::int64_t number = 0;
        const auto read = std::from_chars(at, end, number);
        if (read.ec != std::errc{})
            throw std::runtime_error("ClickHouse answered no number");
        numbers.push_back(number);
        at = read.ptr + 1;  // a tab or the end of a line
    }
    chdb_.destroy(result);
    return numbers;
}

std::string ClickHouse::sql(Question question) const {
    const auto text = [](auto number) { return std::to_string(number); };
    const std::string settings = " SETTINGS max_threads = " + text(threads_);
    const std::string in_order = ", optimize_aggregation_in_order = 1";
    const auto day_of = "intDiv(time - " + text(begin_ms_) + ", " + text(day_ms) + ")";
    switch (question) {
        case Question::funnel: {
            std::string steps, all, sums;
            for (const auto step : asked::steps) {
                steps += ", event = " + text(int{step});
                all += (all.empty() ? "" : ", ") + text(int{step});
            }
            for (std::size_t k = 1; k <= asked::steps.size(); ++k)
                sums += (k == 1 ? "" : ", ") + ("countIf(level >= " + text(k) + ")");
            return "SELECT " + sums + " FROM (SELECT customer, windowFunnel(" +
                   text(asked::window_ms) + ")(time" + steps +
                   ") AS level FROM bank.events WHERE event IN (" + all + ") GROUP BY customer)" +
                   settings + in_order;
        }
        case Question::retention: {
            const auto from = text(days - asked::cohorts);
            std::string sums;
            for (int k = 0; k <= asked::periods; ++k)
                sums += ", sum(bitAnd(bitShiftRight(active, first + " + text(k) + "), 1))";
            return "SELECT" + sums.substr(1) + " FROM (SELECT min(" + day_of + ") - " + from +
                   " AS first, groupBitOr(bitShiftLeft(toUInt64(1), " + day_of + " - " + from +
                   ")) AS active FROM bank.events WHERE event = " + text(int{app_open}) +
                   " AND time >= " + text(begin_ms_ + (days - asked::cohorts) * day_ms) +
                   " GROUP BY customer) GROUP BY first ORDER BY first" + settings + in_order;
        }
        case Question::tags:
            return "SELECT count() FROM bank.tags WHERE level IN (0, 1) AND age BETWEEN 25 AND 40 "
                   "AND city NOT IN (1, 2, 3) AND vip = 0" +
                   settings;
        case Question::audience:
            return "SELECT count() FROM bank.tags WHERE level IN (0, 1, 2) AND age BETWEEN 25 AND "
                   "60 AND vip = 0 AND customer IN (SELECT customer FROM bank.events WHERE event "
                   "= " +
                   text(int{fund_view}) +
                   " AND channel = 0 AND time >= " + text(end_ms_ - 30 * day_ms) +
                   ") AND customer NOT IN (SELECT customer FROM bank.events WHERE event = " +
                   text(int{purchase}) + " AND time >= " + text(end_ms_ - 7 * day_ms) + ")" +
                   settings;
        case Question::daily_actives:
            return "SELECT uniqExact(customer) FROM bank.events WHERE event = " +
                   text(int{app_open}) + " GROUP BY " + day_of +
                   " AS day, channel ORDER BY day, "
                   "channel" +
                   settings;
        case Question::paths: {
            const auto next = [&](int k, const std::string& before) {
                const auto at = "i + " + text(k), last = "i + " + text(k - 1);
                return "if(" + before + "i + " + text(k) + " <= length(e) AND t[" + at + "] - t[" +
                       last + "] <= " + text(asked::gap_ms) + ", e[" + at + "], 255)";
            };
            const auto one = next(1, ""), two = next(2, "a != 255 AND "),
                       three = next(3, "b != 255 AND ");
            return "SELECT count() AS n FROM (SELECT arrayJoin(arrayMap(i -> tuple(" + one +
                   " AS a, " + two + " AS b, " + three +
                   "), arrayFilter((i, x) -> x = " + text(int{app_open}) +
                   ", arrayEnumerate(e), e))) AS path FROM (SELECT customer, groupArray(event) AS "
                   "e, groupArray(time) AS t FROM bank.events GROUP BY customer)) GROUP BY path "
                   "ORDER BY n DESC LIMIT " +
                   text(asked::paths) + settings + in_order;
        }
        case Question::last_events:
            return "SELECT time FROM bank.events WHERE customer = " + text(asked::customer) +
                   " ORDER BY time DESC LIMIT 50" + settings;
    }
    return {};
}

}  // namespace

std::unique_ptr<Engine> make_clickhouse(const std::string& directory, unsigned threads,
                                        const std::string& library) {
    return std::make_unique<ClickHouse>(directory, threads, library);
}

}  // namespace qiao::bench
