// Idempotency-Key: the same request twice has one effect and one answer.
//
// The guarantee. The row (principal, path, key) is claimed in the first SQL transaction that the
// handler commits on the request's thread, so that effect and claim commit together or not at all;
// finish() adds the answer right after. A crash between the two leaves a claim without an answer: a
// repeat is then refused (`api.idempotency_answer_lost`), never carried out twice. A handler that
// commits nothing in SQL has changed nothing that must not be repeated (every change has an audit
// entry), so that its answer is not kept, unless its status is 201 or 202. Rows live 7 days;
// "running" lives in memory only.
//
// Answers may hold personal data or a secret that is shown once: they are sealed (AES-256-GCM) with
// a key derived from the Idempotency-Key, which is not kept.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "http/message.hpp"
#include "runtime/clock.hpp"
#include "sql/database.hpp"

namespace qiao::api {

struct StoredAnswer {
    int status = 200;
    http::Headers headers;  // without Set-Cookie
    std::string body;
};

struct IdempotencyKey {
    std::string principal;
    std::string path;  // with the method: "POST /api/v1/audiences"
    std::string key;
};

// Thread-safe. begin(), the handler, and finish() or abandon() run on one thread, in this order.
class Idempotency {
public:
    Idempotency(sql::Database& database, const Clock& clock);
    ~Idempotency();

    // Nothing: carry the request out, then finish() or abandon(). An answer: give it again, with
    // `Idempotent-Replay: true`. Errors: invalid `api.idempotency_key` (over 255 characters),
    // unprocessable `api.idempotency_reused` (another body), conflict `api.idempotency_running`
    // (with retry_after_s) and `api.idempotency_answer_lost`.
    Result<std::optional<StoredAnswer>> begin(const IdempotencyKey& key, const std::string& body_hash);
    // Also with the problem of a handler that refused: it is kept only where something was
    // committed.
    void finish(const IdempotencyKey& key, const StoredAnswer& answer);
    // For a handler that threw: the next request with the key starts afresh, unless an effect was
    // committed (the claim stays then). Never throws.
    void abandon(const IdempotencyKey& key);

    void purge();  // rows older than 7 days

private:
    struct Running;
    std::unique_ptr<Running> end(const IdempotencyKey& key);
    Result<std::optional<StoredAnswer>> look_up(const IdempotencyKey& key,
                                                std::string_view body_hash);

    sql::Database& database_;
    const Clock& clock_;
    std::mutex mutex_;
    std::map<std::string, std::unique_ptr<Running>> running_;
};

// Runs `work` at most once for the request's Idempotency-Key; without that header just runs it. A
// streamed answer is not kept.
http::Response once(Idempotency& idempotency, std::string_view principal, const http::Request& request,
                    const std::function<http::Response()>& work);

}  // namespace qiao::api
