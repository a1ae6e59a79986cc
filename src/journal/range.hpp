// The keys of one family that start with a prefix, in order, as of the moment of construction.
#pragma once

#include <memory>
#include <string>

#include "journal/bytes.hpp"
#include "journal/store.hpp"

namespace qiao::journal {

// Stays where it was made: the database's iterator points into it. `family` is one of Store's.
class Range {
public:
    using Family = rocksdb::ColumnFamilyHandle* (Store::*)() const;
    Range(Store& store, Family family, std::string prefix)
        : access_(store), lower_(std::move(prefix)), upper_(after_prefix(lower_)) {
        lower_slice_ = lower_;
        upper_slice_ = upper_;
        rocksdb::ReadOptions read;
        read.iterate_lower_bound = &lower_slice_;
        if (!upper_.empty())
            read.iterate_upper_bound = &upper_slice_;
        iterator_.reset(store.db().NewIterator(read, (store.*family)()));
    }
    Range(const Range&) = delete;
    Range& operator=(const Range&) = delete;

    void first() { iterator_->SeekToFirst(); }
    void last() { iterator_->SeekToLast(); }
    void seek(std::string_view key) { iterator_->Seek(rocksdb::Slice(key.data(), key.size())); }
    void next() { iterator_->Next(); }
    // False at the end. Throws StoreFault where the database cannot be read.
    bool valid() const {
        if (iterator_->Valid())
            return true;
        if (!iterator_->status().ok())
            throw StoreFault(iterator_->status().ToString());
        return false;
    }
    std::string_view key() const { return iterator_->key().ToStringView(); }
    std::string_view value() const { return iterator_->value().ToStringView(); }

private:
    Store::Access access_;
    std::string lower_, upper_;
    rocksdb::Slice lower_slice_, upper_slice_;
    std::unique_ptr<rocksdb::Iterator> iterator_;
};

}  // namespace qiao::journal
