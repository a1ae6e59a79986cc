#include "journal/detail/seen_messages.hpp"

#include <rocksdb/sst_file_writer.h>

#include <algorithm>
#include <thread>

#include "base/check.hpp"
#include "journal/bytes.hpp"
#include "journal/detail/keys.hpp"
#include "journal/range.hpp"
#include "runtime/log.hpp"

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

SeenMessages::SeenMessages(Store& store, std::size_t recent) : store_(store), recent_(recent) {
    load_log();
}

SeenMessages::~SeenMessages() {
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
            fresh_.insert(hash,
                          static_cast<std::int64_t>(big_endian<std::uint64_t>(value.substr(16))));
        }
    }
}

rocksdb::Status SeenMessages::find(std::span<Query> queries, Time oldest) {
    asked_.clear();
    for (auto& query : queries) {
        auto ms = fresh_.find(query.hash);
        if (ms == SeenMessage::never && sealed_)
            ms = sealed_->find(query.hash);
        if (ms == SeenMessage::never)
            asked_.push_back(&query);
        else
            query.seen = ms >= to_ms(oldest);
    }
    return find_stored(oldest);
}

rocksdb::Status SeenMessages::find_stored(Time oldest) {
    const auto count = asked_.size();
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
        asked_[i]->seen =
            static_cast<std::int64_t>(big_endian<std::uint64_t>(value)) >= to_ms(oldest);
        values_[i].Reset();
    }
    return rocksdb::Status::OK();
}

void SeenMessages::remember(std::span<const SeenMessage> messages, rocksdb::WriteBatch& batch) {
    if (messages.empty())
        return;
    log_value_.clear();
    for (const auto& message : messages) {
        put_big_endian(log_value_, message.hash.high);
        put_big_endian(log_value_, message.hash.low);
        put_big_endian(log_value_, static_cast<std::uint64_t>(message.ms));
    }
    batch.Put(store_.meta(), message_log_key(next_seq_), log_value_);
}

void SeenMessages::on_landed(std::span<const SeenMessage> messages) {
    if (messages.empty())
        return;
    ++next_seq_;
    for (const auto& message : messages)
        fresh_.insert(message.hash, message.ms);
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
