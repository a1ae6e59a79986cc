// DuckDB by its C interface; the funnel by an aggregate of our own, since plain SQL needs minutes.
#include <duckdb.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "engine.hpp"

namespace qiao::bench {

namespace {

// funnel(time, step) → steps reached: each customer's hits, gathered and walked at the end.
struct Hits {
    std::vector<std::pair<std::int64_t, std::uint8_t>> list;
};

Hits*& hits_of(duckdb_aggregate_state state) { return *reinterpret_cast<Hits**>(state); }

void begin(duckdb_function_info, duckdb_aggregate_state state) { hits_of(state) = nullptr; }

void update(duckdb_function_info, duckdb_data_chunk input, duckdb_aggregate_state* states) {
    const auto size = duckdb_data_chunk_get_size(input);
    const auto* time = static_cast<const std::int64_t*>(
        duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, 0)));
    const auto* step = static_cast<const std::uint8_t*>(
        duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, 1)));
    for (idx_t i = 0; i < size; ++i) {
        auto*& hits = hits_of(states[i]);
        if (!hits)
            hits = new Hits;
        hits->list.emplace_back(time[i], step[i]);
    }
}

void combine(duckdb_function_info, duckdb_aggregate_state* sources, duckdb_aggregate_state* targets,
             idx_t count) {
    for (idx_t i = 0; i < count; ++i) {
        auto*& from = hits_of(sources[i]);
        auto*& to = hits_of(targets[i]);
        if (!from)
            continue;
        if (!to) {
            std::swap(from, to);
            continue;
        }
        to->list.insert(to->list.end(), from->list.begin(), from->list.end());
    }
}

std::int64_t reached(Hits& hits) {
    if (!std::is_sorted(hits.list.begin(), hits.list.end()))
        std::sort(hits.list.begin(), hits.list.end());
    std::array<std::int64_t, asked::steps.size()> starts;
    starts.fill(INT64_MIN);
    for (const auto& [time, step] : hits.list) {
        if (step == 0)
            starts[0] = time;
        else if (starts[step - 1u] != INT64_MIN && time - starts[step - 1u] <= asked::window_ms)
            starts[step] = starts[step - 1u];
    }
    std::int64_t level = 0;
    while (level < static_cast<std::int64_t>(starts.size()) &&
           starts[static_cast<std::size_t>(level)] != INT64_MIN)
        ++level;
    return level;
}

void finish(duckdb_function_info, duckdb_aggregate_state* states, duckdb_vector result, idx_t count,
            idx_t offset) {
    auto* levels = static_cast<std::int64_t*>(duckdb_vector_get_data(result));
    for (idx_t i = 0; i < count; ++i)
        levels[offset + i] = hits_of(states[i]) ? reached(*hits_of(states[i])) : 0;
}

void forget(duckdb_aggregate_state* states, idx_t count) {
    for (idx_t i = 0; i < count; ++i)
        delete hits_of(states[i]);
}

void register_funnel(duckdb_connection connection) {
    auto function = duckdb_create_aggregate_function();
    duckdb_aggregate_function_set_name(function, "funnel");
    auto time = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    auto step = duckdb_create_logical_type(DUCKDB_TYPE_UTINYINT);
    duckdb_aggregate_function_add_parameter(function, time);
    duckdb_aggregate_function_add_parameter(function, step);
    duckdb_aggregate_function_set_return_type(function, time);
    duckdb_aggregate_function_set_functions(
        function, [](duckdb_function_info) -> idx_t { return sizeof(Hits*); }, begin, update,
        combine, finish);
    duckdb_aggregate_function_set_destructor(function, forget);
    const auto state = duckdb_register_aggregate_function(connection, function);
    duckdb_destroy_logical_type(&time);
    duckdb_destroy_logical_type(&step);
    duckdb_destroy_aggregate_function(&function);
    if (state != DuckDBSuccess)
        throw std::runtime_error("DuckDB refused the funnel aggregate");
}

// Fills a table chunk by chunk.
class Filler {
public:
    Filler(duckdb_connection connection, const char* table, std::vector<duckdb_type> types) {
        if (duckdb_appender_create(connection, nullptr, table, &appender_) != DuckDBSuccess)
            throw std::runtime_error("DuckDB made no appender");
        for (const auto type : types)
            types_.push_back(duckdb_create_logical_type(type));
        chunk_ = duckdb_create_data_chunk(types_.data(), types_.size());
        point();
    }
    ~Filler() {
        flush();
        duckdb_destroy_data_chunk(&chunk_);
        for (auto& type : types_)
            duckdb_destroy_logical_type(&type);
        duckdb_appender_destroy(&appender_);
    }
    template <class... Numbers>
    void row(Numbers... numbers) {
        std::size_t column = 0;
        ((static_cast<Numbers*>(columns_[column++])[size_] = numbers), ...);
        if (++size_ == duckdb_vector_size())
            flush();
    }

private:
    void point() {
        columns_.clear();
        for (idx_t i = 0; i < types_.size(); ++i)
            columns_.push_back(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk_, i)));
    }
    void flush() {
        if (size_ == 0)
            return;
        duckdb_data_chunk_set_size(chunk_, size_);
        duckdb_append_data_chunk(appender_, chunk_);
        duckdb_data_chunk_reset(chunk_);
        point();
        size_ = 0;
    }
    duckdb_appender appender_ = nullptr;
    duckdb_data_chunk chunk_ = nullptr;
    std::vector<duckdb_logical_type> types_;
    std::vector<void*> columns_;
    idx_t size_ = 0;
};

class DuckDb final : public Engine {
public:
    DuckDb(const std::string& directory, unsigned threads) {
        std::filesystem::remove_all(directory);
        std::filesystem::create_directories(directory);
        if (duckdb_open((directory + "/bank.duckdb").c_str(), &database_) != DuckDBSuccess ||
            duckdb_connect(database_, &connection_) != DuckDBSuccess)
            throw std::runtime_error("DuckDB did not open");
        execute("SET threads = " + std::to_string(threads));
        execute("SET memory_limit = '10GB'");
        execute("SET temp_directory = '" + directory + "/temp'");
        register_funnel(connection_);
    }
    ~DuckDb() override {
        duckdb_disconnect(&connection_);
        duckdb_close(&database_);
    }
    std::string name() const override { return std::string("DuckDB ") + duckdb_library_version(); }
    void load(const Bank& bank) override;
    Numbers ask(Question question) override;

private:
    Numbers execute(const std::string& text);
    std::string sql(Question question) const;

    duckdb_database database_ = nullptr;
    duckdb_connection connection_ = nullptr;
    std::int64_t begin_ms_ = 0, end_ms_ = 0;
};

void DuckDb::load(const Bank& bank) {
    begin_ms_ = bank.begin_ms();
    end_ms_ = bank.end_ms();
    execute(
        "CREATE TABLE events (customer UINTEGER, time BIGINT, event UTINYINT, channel UTINYINT, "
        "amount BIGINT)");
    execute(
        "CREATE TABLE tags (customer UINTEGER, level SMALLINT, city SMALLINT, org SMALLINT, age "
        "SMALLINT, gender SMALLINT, vip SMALLINT, holdings SMALLINT, churn INTEGER, balance "
        "BIGINT, since BIGINT)");
    std::vector<Row> rows;
    {
        Filler events(connection_, "events",
                      {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_UTINYINT,
                       DUCKDB_TYPE_UTINYINT, DUCKDB_TYPE_BIGINT});
        for (std::uint32_t customer = 0; customer < bank.customers(); ++customer) {
            if (!bank.is_alive(customer))
                continue;
            bank.living_rows(customer, rows);
            for (const auto& row : rows)
                events.row(customer, row.time_ms, row.event, row.channel, row.amount);
        }
    }
    Filler tags(
        connection_, "tags",
        {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_SMALLINT, DUCKDB_TYPE_SMALLINT, DUCKDB_TYPE_SMALLINT,
         DUCKDB_TYPE_SMALLINT, DUCKDB_TYPE_SMALLINT, DUCKDB_TYPE_SMALLINT, DUCKDB_TYPE_SMALLINT,
         DUCKDB_TYPE_INTEGER, DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_BIGINT});
    for (std::uint32_t customer = 0; customer < bank.customers(); ++customer) {
        if (!bank.is_alive(customer))
            continue;
        const auto t = bank.tags(customer);
        tags.row(customer, t.level, t.city, t.org, t.age, t.gender, t.vip, t.holdings, t.churn,
                 t.balance, t.since_ms);
    }
}

Numbers DuckDb::execute(const std::string& text) {
    duckdb_result result;
    if (duckdb_query(connection_, text.c_str(), &result) != DuckDBSuccess) {
        const std::string why = duckdb_result_error(&result);
        duckdb_destroy_result(&result);
        throw std::runtime_error("DuckDB: " + why + "\n" + text);
    }
    Numbers numbers;
    const auto columns = duckdb_column_count(&result);
    while (auto chunk = duckdb_fetch_chunk(result)) {
        const auto size = duckdb_data_chunk_get_size(chunk);
        for (idx_t row = 0; row < size; ++row)
            for (idx_t column = 0; column < columns; ++column) {
                if (duckdb_column_type(&result, column) != DUCKDB_TYPE_BIGINT)
                    continue;
                const auto* data = static_cast<const std::int64_t*>(
                    duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, column)));
                numbers.push_back(data[row]);
            }
        duckdb_destroy_data_chunk(&chunk);
    }
    duckdb_destroy_result(&result);
    return numbers;
}

Numbers DuckDb::ask(Question question) { return execute(sql(question)); }

std::string DuckDb::sql(Question question) const {
    const auto text = [](auto number) { return std::to_string(number); };
    const auto day_of = "((time - " + text(begin_ms_) + ") // " + text(day_ms) + ")";
    switch (question) {
        case Question::funnel: {
            std::string steps, all, sums;
            for (std::size_t k = 0; k < asked::steps.size(); ++k) {
                steps += " WHEN " + text(int{asked::steps[k]}) + " THEN " + text(k);
                all += (k == 0 ? "" : ", ") + text(int{asked::steps[k]});
                sums += (k == 0 ? "" : ", ") + ("count(*) FILTER (level >= " + text(k + 1) + ")");
            }
            return "SELECT " + sums + " FROM (SELECT funnel(time, (CASE event" + steps +
                   " END)::UTINYINT) AS level FROM events WHERE event IN (" + all +
                   ") GROUP BY customer)";
        }
        case Question::retention: {
            const auto from = text(days - asked::cohorts);
            std::string sums;
            for (int k = 0; k <= asked::periods; ++k)
                sums += ", sum((first + " + text(k) + " < 64 AND ((active >> (first + " + text(k) +
                        ")) & 1) = 1)::INTEGER)::BIGINT";
            return "SELECT" + sums.substr(1) + " FROM (SELECT min(" + day_of + ") - " + from +
                   " AS first, bit_or(1::UBIGINT << (" + day_of + " - " + from +
                   ")) AS active FROM events WHERE event = " + text(int{app_open}) +
                   " AND time >= " + text(begin_ms_ + (days - asked::cohorts) * day_ms) +
                   " GROUP BY customer) GROUP BY first ORDER BY first";
        }
        case Question::tags:
            return "SELECT count(*) FROM tags WHERE level IN (0, 1) AND age BETWEEN 25 AND 40 AND "
                   "city NOT IN (1, 2, 3) AND vip = 0";
        case Question::audience:
            return "SELECT count(*) FROM tags t WHERE level IN (0, 1, 2) AND age BETWEEN 25 AND 60 "
                   "AND vip = 0 AND EXISTS (SELECT 1 FROM events e WHERE e.customer = t.customer "
                   "AND event = " +
                   text(int{fund_view}) +
                   " AND channel = 0 AND time >= " + text(end_ms_ - 30 * day_ms) +
                   ") AND NOT EXISTS (SELECT 1 FROM events e WHERE "
                   "e.customer = t.customer AND event = " +
                   text(int{purchase}) + " AND time >= " + text(end_ms_ - 7 * day_ms) + ")";
        case Question::daily_actives:
            return "SELECT count(DISTINCT customer) FROM events WHERE event = " +
                   text(int{app_open}) + " GROUP BY " + day_of + ", channel ORDER BY " + day_of +
                   ", channel";
        case Question::paths: {
            const auto next = [&](int k, const std::string& last_time) {
                return ", lead(event, " + text(k) + ") OVER w AS e" + text(k) + ", lead(time, " +
                       text(k) + ") OVER w AS t" + text(k) + ", coalesce(t" + text(k) + " - " +
                       last_time + " <= " + text(asked::gap_ms) + ", false) AS near" + text(k);
            };
            return "SELECT count(*) AS n FROM (SELECT event" + next(1, "time") + next(2, "t1") +
                   next(3, "t2") +
                   " FROM events WINDOW w AS (PARTITION BY customer ORDER BY time))"
                   " WHERE event = " +
                   text(int{app_open}) +
                   " GROUP BY CASE WHEN near1 THEN e1 ELSE 255 END, CASE WHEN near1 AND near2 THEN "
                   "e2 ELSE 255 END, CASE WHEN near1 AND near2 AND near3 THEN e3 ELSE 255 END "
                   "ORDER BY n DESC LIMIT " +
                   text(asked::paths);
        }
        case Question::last_events:
            return "SELECT time FROM events WHERE customer = " + text(asked::customer) +
                   " ORDER BY time DESC LIMIT 50";
    }
    return {};
}

}  // namespace

std::unique_ptr<Engine> make_duckdb(const std::string& directory, unsigned threads) {
    return std::make_unique<DuckDb>(directory, threads);
}

}  // namespace qiao::bench
