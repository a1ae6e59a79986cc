#include "sql/outbox.hpp"

namespace qiao::sql {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string hex_of(std::string_view bytes) {
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        hex.push_back(hex_digits[static_cast<unsigned char>(byte) >> 4]);
        hex.push_back(hex_digits[static_cast<unsigned char>(byte) & 15]);
    }
    return hex;
}

std::string bytes_of(std::string_view hex) {
    std::string bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
        const auto high = hex_digits.find(hex[at]), low = hex_digits.find(hex[at + 1]);
        if (high > 15 || low > 15)
            throw Fault("an entry of the outbox cannot be read");
        bytes.push_back(static_cast<char>(high << 4 | low));
    }
    return bytes;
}

}  // namespace

bool Outbox::put(Transaction& transaction, std::string_view queue, std::string_view key,
                 std::string_view bytes) {
    const auto changed = transaction.execute(
        "INSERT INTO sql_outbox (seq, queue, key, bytes, done) "
        "VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM sql_outbox), $1, $2, $3, 0) "
        "ON CONFLICT (queue, key) DO NOTHING",
        {std::string(queue), std::string(key), hex_of(bytes)});
    if (changed == 0)
        return false;

    std::lock_guard lock(mutex_);
    if (const auto found = listeners_.find(queue); found != listeners_.end())
        transaction.on_commit(found->second);
    return true;
}

std::vector<OutboxEntry> Outbox::drain(std::string_view queue, std::size_t limit) {
    const auto rows = database_.query(
        "SELECT seq, key, bytes FROM sql_outbox WHERE queue = $1 AND done = 0 ORDER BY seq LIMIT "
        "$2",
        {std::string(queue), static_cast<std::int64_t>(limit)});
    std::vector<OutboxEntry> entries;
    for (const auto& row : rows)
        entries.push_back({row.integer(0), row.text(1), bytes_of(row.text(2))});
    return entries;
}

void Outbox::acknowledge(std::string_view queue, std::int64_t seq) {
    database_.execute(
        "UPDATE sql_outbox SET done = 1, bytes = '' WHERE queue = $1 AND done = 0 AND seq <= $2",
        {std::string(queue), seq});
}

void Outbox::on_put(std::string queue, std::function<void()> listener) {
    std::lock_guard lock(mutex_);
    listeners_.insert_or_assign(std::move(queue), std::move(listener));
}

}  // namespace qiao::sql
