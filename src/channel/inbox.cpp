#include "channel/inbox.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace qiao::channel {

namespace json = boost::json;

namespace {

std::string place_of(std::string_view send_key) { return "inbox:" + std::string(send_key); }

}  // namespace

action::Submitted Inbox::submit(const action::Outgoing& message, Duration deadline) {
    return submit_all({message}, deadline).front();
}

std::vector<action::Submitted> Inbox::submit_all(const std::vector<action::Outgoing>& messages,
                                                 Duration /*deadline*/) {
    std::vector<std::string> sealed;
    for (const auto& message : messages)
        sealed.push_back(
            secrets_.seal(json::serialize(json::array{message.subject, message.body, message.link}),
                          place_of(message.send_key)));
    const auto now = clock_.now();
    auto transaction = database_.begin();
    for (std::size_t at = 0; at < messages.size(); ++at)
        transaction->execute(
            "INSERT INTO channel_inbox_messages (send_key, profile, campaign, sealed, at) "
            "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (send_key) DO NOTHING",
            {messages[at].send_key, format_profile(messages[at].profile), messages[at].campaign,
             sealed[at], sql::param(now)});
    transaction->commit();
    return {messages.size(), {action::Outcome::delivered, {}, {}, false}};
}

std::vector<InboxMessage> Inbox::list(const std::vector<ProfileId>& profiles,
                                      std::size_t limit) const {
    std::vector<InboxMessage> messages;
    auto transaction = database_.read();
    for (const auto profile : profiles)
        for (const auto& row : transaction->query(
                 "SELECT send_key, campaign, sealed, at, read_at FROM channel_inbox_messages "
                 "WHERE profile = $1 ORDER BY at DESC, send_key LIMIT $2",
                 {format_profile(profile), static_cast<std::int64_t>(limit)})) {
            const auto opened = secrets_.open(row.text(2), place_of(row.text(0)));
            if (!opened)
                continue;  // sealed with the key of another data directory: nobody can read it
            const auto texts = json::parse(*opened).as_array();
            const auto text = [&](std::size_t i) { return std::string(texts.at(i).as_string()); };
            messages.push_back({row.text(0), row.text(1), text(0), text(1), text(2), row.time(3),
                                row.maybe_time(4)});
        }
    std::stable_sort(messages.begin(), messages.end(),
                     [](const auto& a, const auto& b) { return a.at > b.at; });
    if (messages.size() > limit)
        messages.resize(limit);
    return messages;
}

Result<bool> Inbox::mark_read(ProfileId profile, std::string_view send_key) {
    const auto key = std::string(send_key);
    const auto owner = format_profile(profile);
    auto transaction = database_.begin();
    const auto row = transaction->query_one(
        "SELECT read_at FROM channel_inbox_messages WHERE send_key = $1 AND profile = $2",
        {key, owner});
    if (!row)
        return fail(ErrorCode::not_found, "inbox.no_message",
                    "this customer has no such message; load the inbox again");
    if (!row->is_null(0))
        return false;
    transaction->execute("UPDATE channel_inbox_messages SET read_at = $1 WHERE send_key = $2",
                         {sql::param(clock_.now()), key});
    transaction->commit();
    return true;
}

void Inbox::forget(ProfileId profile) {
    database_.execute("DELETE FROM channel_inbox_messages WHERE profile = $1",
                      {format_profile(profile)});
}

}  // namespace qiao::channel
