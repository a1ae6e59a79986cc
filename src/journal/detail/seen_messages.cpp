#include "journal/detail/seen_messages.hpp"

#include <rocksdb/sst_file_writer.h>

#include <algorithm>
#include <thread>

#include "base/check.hpp"
#include "journal/bytes.hpp"
#include "journal/detail/keys.hpp"
#include "journal/range.hpp"
#include "runtime/log.hpp"
#include "runtime/thread_priority.hpp"

namespace qiao::journal::detail {

namespace {

constexpr std::size_t most_tables = 4;  // of the usual size, when storing them lags behind
constexpr std::size_t logged_size = 3 * sizeof(std::uint64_t);

std::array<char, 16> key_of(const MessageHash& hash) {
    std::array<char, 16> key;
    for (std::size_t i = 0; i < 8; ++i) {
        key[i] = static_cast<char>(hash.high >> (56 - 8 * i));
        key[8 + i] = static_cast<char>(hash.low >> (56 - 8 * i));
    }
    return key;
}

std::string value_of(std::int64_t ms) {
    std::string value;
    put_big_endian(value, static_cast<std::uint64_t>(ms));
    return value;
}

}  // namespace

SeenMessages::SeenMessages(Store& store, const JournalOptions& options)
    : store_(store),
      recent_(options.recent_messages),
      filter_bytes_(options.message_filter_bytes),
      filter_(filter_bytes_) {
    load_log();
    filling_ = std::async(std::launch::async, [this] { return filter_of_stored(); });
}

SeenMessages::~SeenMessages() {
    stopping_.store(true);
    if (filling_.valid())
        filling_.wait();
    if (sealing_.valid())
        sealing_.wait();
}

void SeenMessages::reload() {
    if (sealing_.valid())
        sealing_.wait();
    sealing_ = {};
    sealed_.reset();
    fresh_ = {};
    load_log();
}

void SeenMessages::load_log() {
    Range log(store_, &Store::meta, std::string(message_log_prefix));
    for (log.first(); log.valid(); log.next()) {
        next_seq_ = big_endian<std::uint64_t>(log.key().substr(message_log_prefix.size())) + 1;
        auto value = log.value();
        for (; value.size() >= logged_size; value.remove_prefix(logged_size)) {
            const MessageHash hash{big_endian<std::uint64_t>(value),
                                   big_endian<std::uint64_t>(value.substr(8))};
            keep(hash, static_cast<std::int64_t>(big_endian<std::uint64_t>(value.substr(16))));
        }
    }
}

// Tables that are stored while this reads are in the other filter already.
MessageFilter SeenMessages::filter_of_stored() const {
    yield_to_others(10);
    MessageFilter filter(filter_bytes_);
    try {
        Range stored(store_, &Store::dedupe, {});
        for (stored.first(); stored.valid() && !filter.is_full(); stored.next()) {
            if (stopping_.load(std::memory_order_relaxed))
                break;
            filter.add({big_endian<std::uint64_t>(stored.key()),
                        big_endian<std::uint64_t>(stored.key().substr(8))});
        }
        return filter;
    } catch (const StoreFault& fault) {
        log::warn(std::string("repeats are looked up on disk until the next start: ") +
                  fault.what());
        return MessageFilter::full();
    }
}

void SeenMessages::keep(const MessageHash& hash, std::int64_t ms) {
    fresh_.insert(hash, ms);
    filter_.add(hash);
}

std::int64_t SeenMessages::find_in_memory(const MessageHash& hash) const {
    const auto ms = fresh_.find(hash);
    return ms == SeenMessage::never && sealed_ ? sealed_->find(hash) : ms;
}

bool SeenMessages::may_be_stored(const MessageHash& hash) {
    return filling_.valid() || filter_.may_hold(hash);
}

rocksdb::Status SeenMessages::find(std::span<Query> queries, Time oldest) {
    constexpr std::size_t ahead = 8;
    if (filling_.valid() && filling_.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
        filter_.adopt(filling_.get());
    asked_.clear();
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (i + ahead < queries.size())
            filter_.prefetch(queries[i + ahead].hash);
        auto& query = queries[i];
        const bool may_be_stored = this->may_be_stored(query.hash);
        const auto ms = may_be_stored ? find_in_memory(query.hash) : SeenMessage::never;
        query.seen = ms != SeenMessage::never && ms >= to_ms(oldest);
        if (query.seen)
            continue;
        if (may_be_stored && ms == SeenMessage::never)
            asked_.push_back(&query);
        keep(query.hash, query.ms);
    }
    return find_stored(oldest);
}

rocksdb::Status SeenMessages::find_stored(Time oldest) {
    const auto count = asked_.size();
    if (count == 0)
        return rocksdb::Status::OK();
    std::sort(asked_.begin(), asked_.end(),
              [](const Query* a, const Query* b) { return a->hash < b->hash; });
    keys_.resize(count);
    key_slices_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        keys_[i] = key_of(asked_[i]->hash);
        key_slices_[i] = rocksdb::Slice(keys_[i].data(), keys_[i].size());
    }
    if (values_.size() < count)
        values_.resize(count);
    statuses_.assign(count, {});
    store_.db().MultiGet({}, store_.dedupe(), count, key_slices_.data(), values_.data(),
                         statuses_.data(), true);
    for (std::size_t i = 0; i < count; ++i) {
        if (statuses_[i].IsNotFound())
            continue;
        if (!statuses_[i].ok())
            return statuses_[i];
        const auto value = values_[i].ToStringView();
        if (value.size() != sizeof(std::uint64_t))
            return rocksdb::Status::Corruption("dedupe value");
        const auto ms = static_cast<std::int64_t>(big_endian<std::uint64_t>(value));
        values_[i].Reset();
        asked_[i]->seen = ms >= to_ms(oldest);
        if (asked_[i]->seen)
            fresh_.insert(asked_[i]->hash, ms);  // a repeat does not prolong the window
    }
    return rocksdb::Status::OK();
}

void SeenMessages::remember(std::span<const Query> queries, rocksdb::WriteBatch& batch) {
    log_value_.clear();
    for (const auto& query : queries) {
        if (query.seen)
            continue;
        put_big_endian(log_value_, query.hash.high);
        put_big_endian(log_value_, query.hash.low);
        put_big_endian(log_value_, static_cast<std::uint64_t>(query.ms));
    }
    if (!log_value_.empty())
        batch.Put(store_.meta(), message_log_key(next_seq_), log_value_);
}

void SeenMessages::on_landed() {
    if (!log_value_.empty())
        ++next_seq_;
    finish_sealing();
    if (fresh_.size() >= recent_)
        seal();
}

void SeenMessages::seal() {
    if (sealed_) {
        // The disk is slower than intake. Rather wait for it than grow for ever.
        if (fresh_.size() < most_tables * recent_ || !sealing_.valid())
            return;
        sealing_.wait();
        finish_sealing();
        if (sealed_)
            return;
    }
    sealed_ = std::make_unique<MessageTable>(std::move(fresh_));
    fresh_ = {};
    sealed_until_ = next_seq_;
    start_sealing(Duration(0));
}

void SeenMessages::start_sealing(Duration after) {
    sealing_ =
        std::async(std::launch::async, [this, after, table = sealed_.get(), until = sealed_until_] {
            yield_to_others(5);
            std::this_thread::sleep_for(after);
            return store_sealed(*table, until);
        });
}

// What could not be stored stays in memory and in the log, and is tried again.
void SeenMessages::finish_sealing() {
    if (!sealing_.valid())
        return;
    if (sealing_.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
        return;
    const auto status = sealing_.get();
    if (status.ok()) {
        sealed_.reset();
        return;
    }
    log::error("the message ids of the journal cannot be stored yet: " + status.ToString());
    start_sealing(std::chrono::seconds(1));
}

rocksdb::Status SeenMessages::store_sealed(const MessageTable& table, std::uint64_t until) try {
    auto messages = table.all();
    std::sort(messages.begin(), messages.end(),
              [](const SeenMessage& a, const SeenMessage& b) { return a.hash < b.hash; });
    const auto file = store_.scratch_file("messages.sst");
    const Store::Access access(store_);
    rocksdb::SstFileWriter writer({}, store_.db().GetOptions(store_.dedupe()), store_.dedupe());
    auto status = writer.Open(file);
    for (auto message = messages.begin(); status.ok() && message != messages.end(); ++message) {
        const auto key = key_of(message->hash);
        status = writer.Put(rocksdb::Slice(key.data(), key.size()), value_of(message->ms));
    }
    if (status.ok())
        status = writer.Finish();
    if (!status.ok())
        return status;
    rocksdb::IngestExternalFileOptions ingest;
    ingest.move_files = true;
    status = store_.db().IngestExternalFile(store_.dedupe(), {file}, ingest);
    if (!status.ok())
        return status;
    rocksdb::WriteBatch batch;
    batch.DeleteRange(store_.meta(), message_log_key(0), message_log_key(until));
    return store_.write(batch, false);
} catch (const StoreFault& fault) {
    return rocksdb::Status::IOError(fault.what());
}

}  // namespace qiao::journal::detail
