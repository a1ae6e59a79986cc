#include "journal/detail/append.hpp"

#include <xxhash.h>

#include "base/check.hpp"

namespace qiao::journal::detail {

namespace {

// Their repeats may come back from SQL's outbox after any time.
constexpr std::string_view permanent_source = "qiao";
constexpr std::size_t usual_fact_bytes = 320;
constexpr std::size_t max_append_bytes = 1u << 31;  // positions within an append are 32 bits

}  // namespace

MessageHash hash_message(std::string_view source, std::string_view message_id) {
    const auto hash = XXH3_128bits_withSeed(message_id.data(), message_id.size(), hash64(source));
    return {hash.high64, hash.low64};
}

Append encode_append(std::vector<Fact> facts) {
    Append append;
    append.facts.reserve(facts.size());
    append.bytes.reserve(facts.size() * usual_fact_bytes);
    for (auto& fact : facts) {
        check(!fact.message_id.empty());
        order_identities(fact);
        auto& encoded = append.facts.emplace_back();
        encoded.hash = hash_message(fact.source, fact.message_id);
        encoded.to = fact.kind == FactKind::control ? all_shards : route(fact);
        encoded.never_expires = fact.source == permanent_source;
        encoded.begin = static_cast<std::uint32_t>(append.bytes.size());
        encode(fact, append.bytes);
        check(append.bytes.size() < max_append_bytes);
        encoded.size = static_cast<std::uint32_t>(append.bytes.size()) - encoded.begin;
    }
    return append;
}

Append encode_forwarded(std::vector<Forwarded> facts) {
    Append append;
    for (auto& fact : facts) {
        auto& encoded = append.facts.emplace_back();
        encoded.to = fact.to;
        encoded.may_repeat = false;
        encoded.begin = static_cast<std::uint32_t>(append.bytes.size());
        encoded.size = static_cast<std::uint32_t>(fact.fact.size());
        append.bytes += fact.fact;
        check(append.bytes.size() < max_append_bytes);
        append.consumed.push_back(std::move(fact.consumed));
    }
    return append;
}

}  // namespace qiao::journal::detail
