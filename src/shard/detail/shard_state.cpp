#include "shard/detail/shard_state.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "journal/range.hpp"
#include "shard/detail/feed_record.hpp"
#include "shard/detail/keys.hpp"

namespace qiao::shard::detail {

namespace {

constexpr char progress_version = 1;
constexpr std::size_t max_projections = 256;  // timer keys name them in one byte

}  // namespace

ShardState::ShardState(journal::Store& store, const Clock& clock, ShardId shard)
    : store_(store), clock_(clock), shard_(shard), overlay_(store) {
    load_progress();
    find_next_due();
    landed_next_due_ = next_due_;
}

void ShardState::load_progress() {
    const auto stored = overlay_.get(part_key(shard_, Part::position));
    if (!stored)
        return;
    std::string_view in = *stored;
    journal::ByteReader reader{in};
    if (reader.varint() != progress_version)
        reader.ok = false;
    progress_.applied = reader.varint();
    progress_.emitted = reader.varint();
    progress_.fed = reader.varint();
    progress_.queued = reader.varint();
    if (!reader.ok)
        throw journal::StoreFault("a shard's position cannot be read");
    landed_ = progress_;
}

Time ShardState::now() const { return std::max(clock_.now(), floor_); }

std::string_view ShardState::full_key(std::string_view key) {
    full_key_.clear();
    put_big_endian(full_key_, shard_);
    full_key_.push_back(static_cast<char>(Part::state));
    return full_key_.append(key);
}

std::optional<std::string> ShardState::get(std::string_view key) {
    return overlay_.get(full_key(key));
}

void ShardState::put(std::string_view key, std::string_view value) {
    overlay_.put(std::string(full_key(key)), value);
}

void ShardState::erase(std::string_view key) { overlay_.erase(std::string(full_key(key))); }

void ShardState::scan(std::string_view prefix,
                      const std::function<bool(std::string_view, std::string_view)>& visit) {
    overlay_.scan(part_key(shard_, Part::state, prefix),
                  [&](std::string_view key, std::string_view value) {
                      return visit(key.substr(part_size), value);
                  });
}

void ShardState::set_timer(std::size_t projection, std::string_view key, Time due) {
    check(projection < max_projections);
    cancel_timer(projection, key);
    std::string value;
    put_time(value, due);
    overlay_.put(timer_key(shard_, projection, key), value);
    overlay_.put(timer_due_key(shard_, due, projection, key), {});
    next_due_ = std::min(next_due_, due);
}

void ShardState::cancel_timer(std::size_t projection, std::string_view key) {
    auto by_key = timer_key(shard_, projection, key);
    const auto set = overlay_.get(by_key);
    if (!set)
        return;
    overlay_.erase(timer_due_key(shard_, time_in(*set), projection, key));
    overlay_.erase(std::move(by_key));
}

std::vector<Timer> ShardState::due_timers(Time until, std::size_t limit) {
    std::vector<Timer> due;
    overlay_.scan(part_key(shard_, Part::timer_due), [&](std::string_view key, std::string_view) {
        key.remove_prefix(part_size);
        Timer timer;
        timer.due = time_in(key);
        if (timer.due > until)
            return false;
        key.remove_prefix(sizeof(std::uint64_t));
        timer.projection = static_cast<std::uint8_t>(key.front());
        timer.key = key.substr(1);
        due.push_back(std::move(timer));
        return due.size() < limit;
    });
    return due;
}

bool ShardState::take(const Timer& timer) {
    auto by_key = timer_key(shard_, timer.projection, timer.key);
    const auto set = overlay_.get(by_key);
    if (!set || time_in(*set) != timer.due)
        return false;
    overlay_.erase(timer_due_key(shard_, timer.due, timer.projection, timer.key));
    overlay_.erase(std::move(by_key));
    return true;
}

void ShardState::find_next_due() {
    const auto first = due_timers(Time::max(), 1);
    next_due_ = first.empty() ? Time::max() : first.front().due;
}

void ShardState::emit(Fact fact) {
    const auto seq = ++progress_.emitted;
    if (fact.message_id.empty())
        fact.message_id = "shard-" + std::to_string(shard_) + "-" + std::to_string(seq);
    if (fact.source.empty())
        fact.source = "qiao";
    if (fact.received_at == Time{})
        fact.received_at = now();
    if (fact.time == Time{})
        fact.time = fact.received_at;
    order_identities(fact);
    std::string value;
    put_big_endian(value, fact.kind == FactKind::control ? journal::all_shards : route(fact));
    qiao::encode(fact, value);
    appended_.emplace_back(outbox_key(shard_, seq), std::move(value));
}

void ShardState::hand_out(std::string_view queue, std::string_view key, std::string_view bytes) {
    check(!queue.empty() && queue.find('\0') == queue.npos);
    std::string value;
    journal::put_text(value, key);
    value.append(bytes);
    appended_.emplace_back(queue_key(shard_, queue, ++progress_.queued), std::move(value));
    if (std::find(queues_.begin(), queues_.end(), queue) == queues_.end())
        queues_.emplace_back(queue);
}

void ShardState::feed(FeedItem item) { encode(item, record_); }

void ShardState::end_record(journal::Offset offset) {
    if (record_.empty())
        return;
    begin_record(offset, value_);
    value_ += record_;
    fed_.emplace_back(feed_key(shard_, ++progress_.fed), value_);
    record_.clear();
}

void ShardState::park(std::string rest, std::string record) {
    parked_.insert_or_assign(std::move(rest), std::move(record));
}

bool ShardState::dirty() const {
    return !overlay_.empty() || !appended_.empty() || !fed_.empty() || !record_.empty();
}

void ShardState::add_to(rocksdb::WriteBatch& batch) const {
    check(record_.empty());
    overlay_.add_to(batch);
    for (const auto& [key, value] : appended_)
        batch.Put(store_.state(), key, value);
    for (const auto& [key, value] : fed_)
        batch.Put(store_.feed(), key, value);
    for (const auto& [rest, record] : parked_)
        batch.Put(store_.state(), part_key(shard_, Part::parked, rest), record);
    std::string position(1, progress_version);
    journal::put_varint(position, progress_.applied);
    journal::put_varint(position, progress_.emitted);
    journal::put_varint(position, progress_.fed);
    journal::put_varint(position, progress_.queued);
    batch.Put(store_.state(), part_key(shard_, Part::position), position);
}

void ShardState::on_landed() {
    landed_ = progress_;
    landed_next_due_ = next_due_;
    overlay_.clear();
    appended_.clear();
    fed_.clear();
    queues_.clear();
    parked_.clear();
    floor_ = Time::min();
}

void ShardState::discard() {
    progress_ = landed_;
    overlay_.clear();
    appended_.clear();
    fed_.clear();
    queues_.clear();
    record_.clear();
    floor_ = Time::min();
    next_due_ = landed_next_due_;
}

}  // namespace qiao::shard::detail
