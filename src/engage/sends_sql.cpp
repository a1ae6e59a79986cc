// All SQL of the record of sends.
#include "engage/sends.hpp"

namespace qiao::engage::sends {

namespace {

constexpr std::string_view columns =
    "SELECT send_key, campaign, profile, channel, kind, token, state, tries, provider_message_id, "
    "reason, created_at, maybe_left FROM engage_sends ";

Send read(const sql::Row& row) {
    Send send;
    send.send_key = row.text(0);
    send.campaign = row.text(1);
    send.profile = *parse_profile(row.text(2));
    send.channel = row.text(3);
    send.kind = *action::channel_kind(row.text(4));
    send.token = row.text(5);
    send.state = row.text(6);
    send.tries = static_cast<int>(row.integer(7));
    send.provider_message_id = row.text(8);
    send.reason = row.text(9);
    send.created_at = row.time(10);
    send.maybe_left = row.boolean(11);
    return send;
}

std::optional<Send> one(sql::Transaction& transaction, std::string_view where,
                        const std::vector<sql::Param>& params) {
    const auto row = transaction.query_one(std::string(columns) + std::string(where), params);
    if (!row)
        return {};
    return read(*row);
}

std::vector<Send> many(sql::Transaction& transaction, std::string_view where,
                       const std::vector<sql::Param>& params) {
    std::vector<Send> found;
    for (const auto& row : transaction.query(std::string(columns) + std::string(where), params))
        found.push_back(read(row));
    return found;
}

}  // namespace

bool insert(sql::Transaction& transaction, const Send& send, Time now) {
    return transaction.execute(
               "INSERT INTO engage_sends (send_key, campaign, profile, channel, kind, token, "
               "state, "
               "tries, provider_message_id, reason, created_at, due_at, updated_at) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', $8, $9, $9, $9) "
               "ON CONFLICT (send_key) DO NOTHING",
               {send.send_key, send.campaign, format_profile(send.profile), send.channel,
                std::string(action::name_of(send.kind)), send.token, send.state, send.reason,
                sql::param(now)}) == 1;
}

std::optional<Send> find(sql::Transaction& transaction, std::string_view send_key) {
    return one(transaction, "WHERE send_key = $1", {std::string(send_key)});
}

std::optional<Send> find_by_provider_id(sql::Transaction& transaction, std::string_view channel,
                                        std::string_view provider_message_id) {
    return one(transaction,
               "WHERE channel = $1 AND provider_message_id = $2 AND provider_message_id <> '' "
               "ORDER BY created_at DESC LIMIT 1",
               {std::string(channel), std::string(provider_message_id)});
}

std::optional<Send> find_by_token(sql::Transaction& transaction, std::string_view token) {
    return one(transaction, "WHERE token = $1", {std::string(token)});
}

std::vector<Send> due(sql::Transaction& transaction, std::string_view channel, Time now,
                      std::size_t limit) {
    return many(transaction,
                "WHERE channel = $1 AND state = 'queued' AND due_at <= $2 ORDER BY due_at LIMIT $3",
                {std::string(channel), sql::param(now), static_cast<std::int64_t>(limit)});
}

std::vector<std::string> channels_with_due(sql::Transaction& transaction, Time now) {
    std::vector<std::string> channels;
    for (const auto& row : transaction.query("SELECT DISTINCT channel FROM engage_sends "
                                             "WHERE state = 'queued' AND due_at <= $1",
                                             {sql::param(now)}))
        channels.push_back(row.text(0));
    return channels;
}

std::vector<Send> attempting(sql::Transaction& transaction) {
    return many(transaction, "WHERE state = 'attempting'", {});
}

void set_channel(sql::Transaction& transaction, const Send& send) {
    transaction.execute("UPDATE engage_sends SET channel = $2, kind = $3 WHERE send_key = $1",
                        {send.send_key, send.channel, std::string(action::name_of(send.kind))});
}

void set_attempting(sql::Transaction& transaction, std::string_view send_key, Time now) {
    transaction.execute(
        "UPDATE engage_sends SET state = 'attempting', tries = tries + 1, updated_at = $2 "
        "WHERE send_key = $1",
        {std::string(send_key), sql::param(now)});
}

void set_queued(sql::Transaction& transaction, const Send& send, std::string_view reason, Time due,
                Time now) {
    transaction.execute(
        "UPDATE engage_sends SET state = 'queued', tries = $2, reason = $3, "
        "due_at = $4, updated_at = $5, maybe_left = $6 WHERE send_key = $1",
        {send.send_key, static_cast<std::int64_t>(send.tries), std::string(reason), sql::param(due),
         sql::param(now), sql::param(send.maybe_left)});
}

void set_state(sql::Transaction& transaction, const Send& send, Time now) {
    transaction.execute(
        "UPDATE engage_sends SET state = $2, provider_message_id = $3, reason = $4, "
        "updated_at = $5 WHERE send_key = $1",
        {send.send_key, send.state, send.provider_message_id, send.reason, sql::param(now)});
}

Counts counts_since(sql::Transaction& transaction, std::string_view channel, Time since) {
    Counts counts;
    const std::vector<sql::Param> params = {std::string(channel), sql::param(since)};
    for (const auto& row : transaction.query("SELECT state, count(*) FROM engage_sends WHERE "
                                             "channel = $1 AND updated_at >= $2 GROUP BY state",
                                             params)) {
        if (row.text(0) == "accepted" || row.text(0) == "delivered")
            counts.sent += row.integer(1);
        if (row.text(0) == "failed" || row.text(0) == "unknown")
            counts.failed += row.integer(1);
    }
    if (const auto last = transaction.query_one("SELECT reason FROM engage_sends WHERE channel = "
                                                "$1 AND updated_at >= $2 AND reason <> '' "
                                                "ORDER BY updated_at DESC LIMIT 1",
                                                params))
        counts.last_error = last->text(0);
    return counts;
}

}  // namespace qiao::engage::sends
