// The write keys as the intake asks for them.
#pragma once

#include "access/write_keys.hpp"
#include "collect/batch.hpp"

namespace qiao::app {

class KeyRing final : public collect::KeyRing {
public:
    explicit KeyRing(const access::WriteKeys& keys) : keys_(keys) {}

    std::optional<collect::Source> find(std::string_view key) const override {
        return source_of(keys_.find(key));
    }
    std::optional<collect::Source> find_by_name(std::string_view name) const override {
        return source_of(keys_.find_by_name(name));
    }

private:
    static std::optional<collect::Source> source_of(
        const std::shared_ptr<const access::WriteKey>& key) {
        if (!key)
            return std::nullopt;
        return collect::Source{key->id, key->name};
    }

    const access::WriteKeys& keys_;
};

}  // namespace qiao::app
