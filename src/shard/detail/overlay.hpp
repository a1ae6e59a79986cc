// The writes of a shard that have not landed yet, and the state as they make it look.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "journal/store.hpp"

namespace qiao::shard::detail {

class Overlay {
public:
    explicit Overlay(journal::Store& store) : store_(store) {}

    // Throw StoreFault where the database cannot be read.
    std::optional<std::string> get(std::string_view key) const;
    using Visit = std::function<bool(std::string_view key, std::string_view value)>;
    void scan(const std::string& prefix, const Visit& visit) const;

    void put(std::string key, std::string_view value);
    void erase(std::string key);

    bool empty() const { return writes_.empty(); }
    void add_to(rocksdb::WriteBatch& batch) const;
    void clear() { writes_.clear(); }

private:
    journal::Store& store_;
    std::map<std::string, std::optional<std::string>, std::less<>> writes_;  // none: erased
};

}  // namespace qiao::shard::detail
