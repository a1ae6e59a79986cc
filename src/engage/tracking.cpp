#include "engage/tracking.hpp"

#include <algorithm>

#include "engage/sends.hpp"

namespace qiao::engage {

namespace {

constexpr std::size_t id_letters = 11;     // 66 bits name a stored address
constexpr std::size_t token_letters = 16;  // 96 bits name a send
constexpr std::size_t longest_url = 2000;
constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// The first bits of a mac, six to a letter.
std::string letters_of(std::string_view mac, std::size_t letters) {
    std::string out;
    unsigned bits = 0, held = 0;
    for (std::size_t at = 0; out.size() < letters; ++at) {
        held = held << 8 | static_cast<unsigned char>(mac[at]);
        for (bits += 8; bits >= 6 && out.size() < letters; bits -= 6)
            out += alphabet[held >> (bits - 6) & 63];
    }
    return out;
}

// Takes as long for the first letter that differs as for the last.
bool is_same(std::string_view a, std::string_view b) {
    unsigned difference = a.size() != b.size();
    for (std::size_t at = 0; at < std::min(a.size(), b.size()); ++at)
        difference |= static_cast<unsigned char>(a[at]) ^ static_cast<unsigned char>(b[at]);
    return difference == 0;
}

bool is_web_address(std::string_view url) {
    const auto start = url.starts_with("https://") ? 8u : url.starts_with("http://") ? 7u : 0u;
    return start != 0 && url.size() > start && url.size() <= longest_url &&
           std::none_of(url.begin(), url.end(),
                        [](char c) { return static_cast<unsigned char>(c) <= 32 || c == 127; });
}

}  // namespace

Tracking::Tracking(sql::Database& database, const channel::SecretBox& secrets, const Clock& clock,
                   std::function<std::string()> base_url)
    : database_(database), secrets_(secrets), clock_(clock), base_url_(std::move(base_url)) {}

Result<std::string> Tracking::link(std::string_view campaign, std::string_view send_key,
                                   std::string_view url) {
    if (!is_web_address(url))
        return fail(ErrorCode::unprocessable, "tracking.url",
                    "a link is an http or https address of at most 2,000 bytes without spaces",
                    "/message/link");
    const auto base = base_url_();
    if (base.empty())
        return std::string(url);
    const auto id = letters_of(
        secrets_.mac("link\n" + std::string(campaign) + "\n" + std::string(url)), id_letters);
    std::unique_lock lock(mutex_);
    const bool is_stored = stored_.contains(id);
    lock.unlock();
    if (!is_stored) {
        database_.execute(
            "INSERT INTO engage_links (id, campaign, url, created_at) "
            "VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
            {id, std::string(campaign), std::string(url), sql::param(clock_.now())});
        constexpr std::size_t most_remembered = 10'000;
        lock.lock();
        if (stored_.size() >= most_remembered)
            stored_.clear();
        stored_.insert(id);
    }
    return base + "/r/" + id + token_of(send_key);
}

std::string Tracking::open_link(std::string_view send_key) const {
    const auto base = base_url_();
    return base.empty() ? base : base + "/o/" + token_of(send_key) + ".gif";
}

std::string Tracking::unsubscribe_link(std::string_view send_key) const {
    const auto base = base_url_();
    return base.empty() ? base : base + "/u/" + token_of(send_key) + proof_of(send_key);
}

std::string Tracking::proof_of(std::string_view send_key) const {
    return letters_of(secrets_.mac("unsubscribe\n" + std::string(send_key)), token_letters);
}

std::string Tracking::token_of(std::string_view send_key) const {
    return letters_of(secrets_.mac("send\n" + std::string(send_key)), token_letters);
}

std::optional<Tracking::Followed> Tracking::follow(std::string_view token) const {
    if (token.size() != id_letters + token_letters)
        return {};
    auto transaction = database_.read();
    const auto link = transaction->query_one("SELECT campaign, url FROM engage_links WHERE id = $1",
                                             {std::string(token.substr(0, id_letters))});
    const auto send = sends::find_by_token(*transaction, token.substr(id_letters));
    if (!link || !send || link->text(0) != send->campaign)
        return {};
    return Followed{link->text(1), send->send_key};
}

std::optional<std::string> Tracking::opened(std::string_view token) const {
    if (token.ends_with(".gif"))
        token.remove_suffix(4);
    if (token.size() != token_letters)
        return {};
    const auto send = sends::find_by_token(*database_.read(), token);
    if (!send)
        return {};
    return send->send_key;
}

std::optional<std::string> Tracking::unsubscribed(std::string_view token) const {
    if (token.size() != 2 * token_letters)
        return {};
    const auto send = sends::find_by_token(*database_.read(), token.substr(0, token_letters));
    if (!send || !is_same(proof_of(send->send_key), token.substr(token_letters)))
        return {};
    return send->send_key;
}

}  // namespace qiao::engage
