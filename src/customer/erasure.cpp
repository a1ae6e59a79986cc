#include "customer/erasure.hpp"

#include "base/check.hpp"
#include "customer/customers.hpp"
#include "customer/detail/messages.hpp"

namespace qiao::customer {

std::size_t Erasure::run() {
    constexpr std::size_t at_once = 1'000;
    std::size_t destroyed = 0;
    while (true) {
        std::vector<shard::OutboxEntry> entries;
        std::vector<Identity> subjects;
        shards_.drain(erasure_queue, at_once, [&](shard::OutboxEntry&& entry) {
            const auto identities = detail::decode_identities(entry.bytes);
            check(identities.has_value());
            subjects.insert(subjects.end(), identities->begin(), identities->end());
            entries.push_back(std::move(entry));
            return true;
        });
        if (entries.empty())
            return destroyed;
        vault_.destroy(subjects);
        shards_.acknowledge(erasure_queue, entries);
        destroyed += subjects.size();
    }
}

}  // namespace qiao::customer
