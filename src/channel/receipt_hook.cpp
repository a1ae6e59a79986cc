#include "channel/receipt_hook.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <optional>

#include "channel/webhook.hpp"

namespace qiao::channel {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_name = 400;  // of a send key or a provider's id
constexpr std::size_t longest_reason = 100;

struct Shown {
    std::int64_t seconds = 0;
    std::string_view digest;
};

std::optional<std::int64_t> seconds_of(std::string_view text) {
    std::int64_t seconds = 0;
    const auto* end = text.data() + text.size();
    const auto [read, failed] = std::from_chars(text.data(), end, seconds);
    // Bounded, so that the differences below cannot overflow: the year 5138.
    constexpr std::int64_t latest = 100'000'000'000;
    if (failed != std::errc{} || read != end || seconds < 0 || seconds > latest)
        return {};
    return seconds;
}

// "t=…,v1=…" in any order; parts of other names are for later versions.
std::optional<Shown> read_header(std::string_view header) {
    Shown shown;
    bool has_time = false;
    while (!header.empty()) {
        const auto comma = std::min(header.find(','), header.size());
        const auto part = header.substr(0, comma);
        header.remove_prefix(std::min(comma + 1, header.size()));
        if (part.starts_with("t=")) {
            const auto seconds = seconds_of(part.substr(2));
            if (!seconds || has_time)
                return {};
            shown.seconds = *seconds;
            has_time = true;
        } else if (part.starts_with("v1=")) {
            if (!shown.digest.empty())
                return {};
            shown.digest = part.substr(3);
        }
    }
    if (!has_time || shown.digest.empty())
        return {};
    return shown;
}

auto refuse(const char* reason, const char* detail, std::string pointer) {
    return fail(ErrorCode::unprocessable, reason, detail, std::move(pointer));
}

// Reasons stand in facts and reports: a word of the provider's, never a sentence with an address.
bool is_stable_word(std::string_view text) {
    return text.size() <= longest_reason && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-' || c == '.';
           });
}

std::string_view text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* text = value ? value->if_string() : nullptr;
    return text ? std::string_view(*text) : std::string_view{};
}

bool is_missing_or_text(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return !value || value->is_null() || value->is_string();
}

Result<action::Receipt> read_receipt(const json::object& object, const std::string& at, Time now) {
    for (const auto* name : {"send_key", "message_id", "what", "at", "reason"})
        if (!is_missing_or_text(object, name))
            return fail(ErrorCode::invalid, "receipt.body", "this member is a text",
                        at + "/" + name);
    action::Receipt receipt;
    receipt.send_key = text_of(object, "send_key");
    receipt.provider_message_id = text_of(object, "message_id");
    const auto longest = std::max(receipt.send_key.size(), receipt.provider_message_id.size());
    if (longest == 0 || longest > longest_name)
        return refuse("receipt.send",
                      "a receipt names its message by send_key or by message_id, of at most 400 "
                      "bytes",
                      at);
    receipt.what = text_of(object, "what");
    constexpr std::array<std::string_view, 5> known = {"delivered", "failed", "opened", "clicked",
                                                       "complained"};
    if (std::find(known.begin(), known.end(), receipt.what) == known.end())
        return refuse("receipt.what",
                      "what happened is one of delivered, failed, opened, clicked and complained",
                      at + "/what");
    receipt.reason = text_of(object, "reason");
    if (!is_stable_word(receipt.reason))
        return refuse("receipt.reason",
                      "a reason is a word of at most 100 letters, digits, dots, hyphens and "
                      "underscores, such as mailbox_full",
                      at + "/reason");
    receipt.at = now;
    if (const auto when = text_of(object, "at"); !when.empty()) {
        const auto time = parse_time(when);
        if (!time)
            return refuse("receipt.at", "a time is written as 2026-10-01T09:30:00+08:00",
                          at + "/at");
        receipt.at = std::min(*time, now);
    }
    return receipt;
}

}  // namespace

Result<void> judge_signature(std::string_view secret, std::string_view header,
                             std::string_view body, Time now) {
    const auto shown = read_header(header);
    const auto wrong = fail(ErrorCode::unauthenticated, "receipt.signature",
                            "the report is not signed with this channel's receipt secret; see "
                            "docs/formats/webhook.md");
    if (!shown || secret.empty())
        return wrong;
    const auto signature = webhook_signature(secret, shown->seconds, body);
    const auto digest = std::string_view(signature).substr(signature.find("v1=") + 3);
    if (digest.size() != shown->digest.size() ||
        CRYPTO_memcmp(digest.data(), shown->digest.data(), digest.size()) != 0)
        return wrong;
    const auto age = to_ms(now) / 1000 - shown->seconds;
    const auto most = std::chrono::seconds(replay_window).count();
    if (age > most || age < -most)
        return fail(ErrorCode::unauthenticated, "receipt.expired",
                    "the report was signed more than five minutes ago, or its clock is wrong; sign "
                    "it again");
    return {};
}

Result<std::vector<action::Receipt>> parse_receipts(std::string_view channel, std::string_view body,
                                                    Time now) {
    boost::system::error_code malformed;
    const auto whole = json::parse(body, malformed);
    const auto* object = malformed ? nullptr : whole.if_object();
    const auto* member = object ? object->if_contains("receipts") : nullptr;
    const auto* list = member ? member->if_array() : nullptr;
    if (!list)
        return fail(ErrorCode::invalid, "receipt.body",
                    "a report is a JSON object with a list of receipts", "/receipts");
    if (list->size() > most_receipts)
        return fail(ErrorCode::too_large, "receipt.too_many",
                    "a report holds at most 1,000 receipts; send several", "/receipts");
    std::vector<action::Receipt> receipts;
    for (const auto& item : *list) {
        const auto at = "/receipts/" + std::to_string(receipts.size());
        const auto* one = item.if_object();
        if (!one)
            return fail(ErrorCode::invalid, "receipt.body", "a receipt is an object", at);
        auto receipt = read_receipt(*one, at, now);
        if (!receipt)
            return fail(receipt.error());
        receipt->provider = channel;
        receipts.push_back(std::move(*receipt));
    }
    return receipts;
}

}  // namespace qiao::channel
