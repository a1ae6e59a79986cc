#include "api/idempotency.hpp"

#include <boost/json.hpp>

#include "api/endpoint.hpp"
#include "api/sealed_answer.hpp"
#include "base/check.hpp"
#include "runtime/log.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_key = 255;
constexpr Duration answers_kept = std::chrono::hours(24 * 7);

std::string row_id(const IdempotencyKey& key) {
    return sha256_hex(key.principal + "\n" + key.path + "\n" + key.key);
}

std::string seal_secret(const IdempotencyKey& key) {
    return key.key + "\n" + key.principal + "\n" + key.path;
}

std::string answer_text(const StoredAnswer& answer) {
    json::array headers;
    for (const auto& [name, value] : answer.headers)
        if (name != "Set-Cookie")
            headers.push_back({name, value});
    return json::serialize(json::object{{"status", answer.status}, {"headers", std::move(headers)}}) +
           "\n" + answer.body;
}

StoredAnswer answer_of(const std::string& text) {
    const auto head_end = text.find('\n');
    check(head_end != std::string::npos);  // it was sealed: nobody else wrote it
    const auto head = json::parse(std::string_view(text).substr(0, head_end));
    StoredAnswer answer;
    answer.status = head.at("status").to_number<int>();
    for (const auto& header : head.at("headers").as_array())
        answer.headers.emplace_back(header.at(0).as_string(), header.at(1).as_string());
    answer.body = text.substr(head_end + 1);
    return answer;
}

Error answer_lost() {
    return {ErrorCode::conflict,
            "api.idempotency_answer_lost",
            "a request with this Idempotency-Key was carried out, but its answer was lost; look up "
            "what it "
            "made, and use a new key for a new request",
            {},
            0};
}

Result<void> judge_repeat(std::string_view body_hash, std::string_view earlier_hash) {
    if (body_hash == earlier_hash)
        return {};
    return fail(
        ErrorCode::unprocessable, "api.idempotency_reused",
        "this Idempotency-Key came with another body before; use a new key for a new request");
}

// Rows older than their life are overwritten: purge() may not have come by yet.
void write_row(sql::Transaction& transaction, const std::string& id, const std::string& body_hash,
               const std::string& answer, Time now) {
    transaction.execute(
        "INSERT INTO api_idempotency (id, body_hash, answer, created_at) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (id) DO UPDATE SET body_hash = $2, answer = $3, created_at = $4",
        {id, body_hash, answer, sql::param(now)});
}

}  // namespace

struct Idempotency::Running {
    std::string body_hash;
    std::optional<sql::JoinNextCommit> claim;  // on the request's thread
};

Idempotency::Idempotency(sql::Database& database, const Clock& clock)
    : database_(database), clock_(clock) {}

Idempotency::~Idempotency() = default;

Result<std::optional<StoredAnswer>> Idempotency::begin(const IdempotencyKey& key,
                                                       const std::string& body_hash) {
    if (key.key.empty() || key.key.size() > longest_key)
        return fail(ErrorCode::invalid, "api.idempotency_key",
                    "an Idempotency-Key has 1 to 255 characters");
    const auto id = row_id(key);
    Running* running = nullptr;
    {
        std::lock_guard lock(mutex_);
        const auto [at, fresh] = running_.try_emplace(id);
        if (!fresh) {
            if (auto same = judge_repeat(body_hash, at->second->body_hash); !same)
                return fail(same.error());
            return fail(Error{ErrorCode::conflict,
                              "api.idempotency_running",
                              "the first request with this Idempotency-Key still runs; try again",
                              {},
                              1});
        }
        at->second = std::make_unique<Running>();
        running = at->second.get();
        running->body_hash = body_hash;
    }
    try {
        auto earlier = look_up(key, body_hash);
        if (!earlier || *earlier) {
            end(key);
            return earlier;
        }
    } catch (...) {
        end(key);
        throw;
    }
    running->claim.emplace([this, id, body_hash](sql::Transaction& transaction) {
        write_row(transaction, id, body_hash, "", clock_.now());
    });
    return std::optional<StoredAnswer>{};
}

Result<std::optional<StoredAnswer>> Idempotency::look_up(const IdempotencyKey& key,
                                                         std::string_view body_hash) {
    const auto row = database_.query_one(
        "SELECT body_hash, answer FROM api_idempotency WHERE id = $1 AND created_at > $2",
        {row_id(key), sql::param(clock_.now() - answers_kept)});
    if (!row)
        return std::optional<StoredAnswer>{};
    if (auto same = judge_repeat(body_hash, row->text(0)); !same)
        return fail(same.error());
    if (row->text(1).empty())
        return fail(answer_lost());
    const auto answer = unseal(row->text(1), seal_secret(key));
    if (!answer)
        return fail(answer_lost());
    return std::optional<StoredAnswer>(answer_of(*answer));
}

std::unique_ptr<Idempotency::Running> Idempotency::end(const IdempotencyKey& key) {
    std::lock_guard lock(mutex_);
    auto node = running_.extract(row_id(key));
    check(!node.empty());
    return std::move(node.mapped());
}

void Idempotency::finish(const IdempotencyKey& key, const StoredAnswer& answer) {
    // The key runs until its answer is kept: a repeat meanwhile must not miss both.
    const auto id = row_id(key);
    Running* running = nullptr;
    {
        std::lock_guard lock(mutex_);
        running = running_.at(id).get();
    }
    const bool changed = running->claim && running->claim->joined();
    running->claim.reset();
    try {
        if (changed || answer.status == 201 || answer.status == 202) {
            auto transaction = database_.begin();
            write_row(*transaction, id, running->body_hash,
                      seal(answer_text(answer), seal_secret(key)), clock_.now());
            transaction->commit();
        }
    } catch (const sql::Fault& fault) {
        // The effect is committed and its answer is at hand: it goes out, only a repeat gets no
        // copy.
        log::warn(std::string("an answer could not be kept for repeats: ") + fault.what());
    }
    end(key);
}

void Idempotency::abandon(const IdempotencyKey& key) { end(key); }

void Idempotency::purge() {
    database_.execute("DELETE FROM api_idempotency WHERE created_at <= $1",
                      {sql::param(clock_.now() - answers_kept)});
}

http::Response once(Idempotency& idempotency, std::string_view principal, const http::Request& request,
                    const std::function<http::Response()>& work) {
    const auto header = request.header("idempotency-key");
    if (header.empty()) return work();
    const IdempotencyKey key{std::string(principal), request.method + " " + request.path,
                             std::string(header)};
    std::string query;
    for (const auto& [name, value] : request.query) query += name + "=" + value + "\n";
    auto earlier = idempotency.begin(key, sha256_hex(query) + sha256_hex(request.body));
    if (!earlier) return problem(earlier.error(), request.request_id);
    if (*earlier) {
        http::Response replay;
        replay.status = (*earlier)->status;
        replay.headers = std::move((*earlier)->headers);
        replay.headers.emplace_back("Idempotent-Replay", "true");
        replay.body = std::move((*earlier)->body);
        return replay;
    }
    try {
        auto response = work();
        if (response.stream)
            idempotency.abandon(key);
        else
            idempotency.finish(key, {response.status, response.headers, response.body});
        return response;
    } catch (...) {
        idempotency.abandon(key);
        throw;
    }
}

}  // namespace qiao::api
