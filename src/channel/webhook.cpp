#include "channel/webhook.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <boost/json.hpp>

#include "base/check.hpp"
#include "http/client.hpp"

namespace qiao::channel {

namespace json = boost::json;
using action::Outcome;

namespace {

std::string body_of(const action::Outgoing& message) {
    json::object body;
    if (!message.extra_json.empty()) {
        boost::system::error_code malformed;
        auto extra = json::parse(message.extra_json, malformed);
        if (!malformed && extra.is_object())
            body = std::move(extra.get_object());
    }
    body["send_key"] = message.send_key;
    body["campaign"] = message.campaign;
    if (message.profile != ProfileId::none)
        body["customer"] = format_profile(message.profile);
    if (!message.destination.empty())
        body["to"] = message.destination;
    body["subject"] = message.subject;
    body["body"] = message.body;
    body["link"] = message.link;
    return json::serialize(body);
}

}  // namespace

std::string webhook_signature(std::string_view secret, std::int64_t seconds,
                              std::string_view body) {
    const auto signed_text = std::to_string(seconds) + "." + std::string(body);
    unsigned char digest[32];
    unsigned size = 0;
    check(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
               reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(),
               digest, &size) != nullptr);
    std::string signature = "t=" + std::to_string(seconds) + ",v1=";
    for (const auto byte : digest) {
        signature.push_back("0123456789abcdef"[byte >> 4]);
        signature.push_back("0123456789abcdef"[byte & 15]);
    }
    return signature;
}

action::Submitted judge_webhook_status(int status) {
    const auto reason = "webhook.status_" + std::to_string(status);
    if (status >= 200 && status < 300)
        return {Outcome::accepted, {}, {}, false};
    if (status == 408 || status == 429 || status >= 500)
        return {Outcome::not_sent, {}, reason, false};
    return {Outcome::refused, {}, reason, false};
}

action::Submitted Webhook::submit(const action::Outgoing& message, Duration deadline) {
    http::ClientRequest request;
    request.url = options_.url;
    request.body = body_of(message);
    request.timeout = deadline;
    request.max_response_bytes = 64 << 10;
    const auto seconds = to_ms(clock_.now()) / 1000;
    request.headers = {
        {"Content-Type", "application/json"},
        {"Idempotency-Key", message.send_key},
        {"X-Qiao-Signature", webhook_signature(options_.secret, seconds, request.body)}};
    const auto answer = http::send(request);
    if (answer)
        return judge_webhook_status(answer->status);
    return {answer.error().maybe_submitted ? Outcome::unknown : Outcome::not_sent,
            {},
            answer.error().maybe_submitted ? "webhook.no_answer" : "webhook.unreachable",
            false};
}

}  // namespace qiao::channel
