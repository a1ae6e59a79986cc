#include "clickhouse/http_connection.hpp"

#include <optional>
#include <thread>

#include "http/client.hpp"
#include "runtime/asker.hpp"

namespace qiao::clickhouse {
namespace {

std::string percent_encode(std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string made;
    for (const char letter : text) {
        const bool is_plain =
            (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
            (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' || letter == '.';
        if (is_plain) {
            made += letter;
            continue;
        }
        const auto byte = static_cast<unsigned char>(letter);
        made += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return made;
}

// The server is starting, full, or not the leader: it may do later.
bool is_passing(int status) { return status == 502 || status == 503 || status == 504; }

// Looks are short, and none is worth a second attempt.
HttpLimits limits_of_looks() {
    HttpLimits limits;
    limits.attempts = 1;
    limits.timeout = std::chrono::seconds(2);
    return limits;
}

}  // namespace

HttpConnection::HttpConnection(Address address, HttpLimits limits)
    : address_(std::move(address)), limits_(limits) {
    if (!limits_.look_pause)
        return;
    auto looking = std::make_shared<HttpConnection>(address_, limits_of_looks());
    watch_ = std::make_unique<ProcessWatch>(
        [looking = std::move(looking)](const std::string& select) { return looking->ask(select); },
        *limits_.look_pause);
}

Result<std::string> HttpConnection::post(const Parameters& parameters, const std::string& body,
                                         const std::string& database,
                                         const std::atomic<bool>* cancelled,
                                         ProcessWatch::Statement* watched) {
    http::ClientRequest request;
    request.url = address_.server + "/?wait_end_of_query=1";
    if (!database.empty())
        request.url += "&database=" + percent_encode(database);
    for (const auto& [name, value] : settings())
        request.url += "&" + name + "=" + percent_encode(value);
    for (const auto& [name, value] : parameters)
        request.url += "&" + name + "=" + percent_encode(value);
    if (limits_.most_execution)
        request.url += "&max_execution_time=" + std::to_string(limits_.most_execution->count());
    request.headers = {{"X-ClickHouse-User", address_.user},
                       {"X-ClickHouse-Key", address_.password}};
    request.body = body;
    request.timeout = limits_.timeout;
    request.max_response_bytes = limits_.most_answer_bytes;
    request.cancelled = cancelled;
    const auto url = request.url;
    auto pause = limits_.first_pause;
    std::string why;
    for (int attempt = 1; attempt <= limits_.attempts; ++attempt, pause *= 2) {
        if (watched)
            request.url = url + "&query_id=" + watched->next_id();
        auto answer = http::send(request);
        if (answer && answer->status == 200)
            return std::move(answer->body);
        if (answer && !is_passing(answer->status))
            return fail(error_of(answer->body));
        if (cancelled && *cancelled)
            return fail(ErrorCode::unavailable, "clickhouse.cancelled",
                        "The question was cancelled.");
        why = answer ? "it answered with status " + std::to_string(answer->status)
                     : answer.error().detail;
        if (attempt < limits_.attempts)
            std::this_thread::sleep_for(pause);
    }
    return fail(ErrorCode::unavailable, "clickhouse.unreachable",
                "ClickHouse cannot be reached: " + why);
}

Result<void> HttpConnection::prepare() {
    auto made = post({},
                     "CREATE DATABASE IF NOT EXISTS " + address_.database +
                         (address_.cluster.empty() ? "" : " ON CLUSTER " + address_.cluster),
                     "");
    if (!made)
        return fail(made.error());
    return {};
}

Result<Rows> HttpConnection::ask(const std::string& select) {
    // A server ends a query whose connection is closed only where it is told that it reads alone;
    // readonly = 2 still takes the limits that stand in the query.
    std::optional<ProcessWatch::Statement> watched;
    if (auto* progress = Progress::current(); progress && watch_)
        watched.emplace(*watch_, *progress);
    auto text =
        post({{"default_format", "JSONCompactEachRow"},
              {"readonly", "2"},
              {"cancel_http_readonly_queries_on_client_close", "1"}},
             select, address_.database, AskerScope::has_left(), watched ? &*watched : nullptr);
    if (!text)
        return fail(text.error());
    return read_rows(*text);
}

Result<void> HttpConnection::execute(const std::string& statement) {
    auto done = post({}, statement, address_.database);
    if (!done)
        return fail(done.error());
    return {};
}

Result<void> HttpConnection::insert(std::string_view table, const std::string& lines,
                                    std::string_view token) {
    Parameters parameters = {
        {"query", "INSERT INTO " + std::string(table) + " FORMAT JSONEachRow"}};
    if (!token.empty())
        parameters.emplace_back("insert_deduplication_token", token);
    auto done = post(parameters, lines, address_.database);
    if (!done)
        return fail(done.error());
    return {};
}

}  // namespace qiao::clickhouse
