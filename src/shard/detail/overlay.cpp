#include "shard/detail/overlay.hpp"

#include "journal/range.hpp"

namespace qiao::shard::detail {

std::optional<std::string> Overlay::get(std::string_view key) const {
    if (!writes_.empty())
        if (const auto written = writes_.find(key); written != writes_.end())
            return written->second;
    const journal::Store::Access access(store_);
    rocksdb::PinnableSlice value;
    const auto status =
        store_.db().Get({}, store_.state(), rocksdb::Slice(key.data(), key.size()), &value);
    if (status.IsNotFound())
        return std::nullopt;
    if (!status.ok())
        throw journal::StoreFault(status.ToString());
    return std::string(value.data(), value.size());
}

// Walks the stored and the written keys side by side; a written key hides the stored one.
void Overlay::scan(const std::string& prefix, const Visit& visit) const {
    journal::Range stored(store_, &journal::Store::state, prefix);
    stored.first();
    auto written = writes_.lower_bound(prefix);
    const auto is_ours = [&] {
        return written != writes_.end() && written->first.starts_with(prefix);
    };
    while (true) {
        const bool has_stored = stored.valid();
        const bool has_written = is_ours();
        if (!has_stored && !has_written)
            return;
        const int order = !has_stored    ? 1
                          : !has_written ? -1
                                         : stored.key().compare(written->first);
        if (order < 0) {
            if (!visit(stored.key(), stored.value()))
                return;
            stored.next();
            continue;
        }
        if (written->second && !visit(written->first, *written->second))
            return;
        ++written;
        if (order == 0)
            stored.next();
    }
}

void Overlay::put(std::string key, std::string_view value) {
    writes_.insert_or_assign(std::move(key), std::string(value));
}

void Overlay::erase(std::string key) { writes_.insert_or_assign(std::move(key), std::nullopt); }

void Overlay::add_to(rocksdb::WriteBatch& batch) const {
    for (const auto& [key, value] : writes_) {
        if (value)
            batch.Put(store_.state(), key, *value);
        else
            batch.Delete(store_.state(), key);
    }
}

}  // namespace qiao::shard::detail
