#include "journal/fact.hpp"

#include <algorithm>
#include <array>

#include "journal/bytes.hpp"

namespace qiao {

using journal::ByteReader;
using journal::put_signed;
using journal::put_text;
using journal::put_varint;

namespace {

constexpr std::array<std::string_view, 7> ranked_kinds = {
    "user_id", "account", "open_id", "phone", "email", "anonymous_id", "device_id"};

constexpr std::uint8_t fact_version = 1;

struct ValueWriter {
    std::string& out;
    void operator()(std::monostate) const {}
    void operator()(bool value) const { out.push_back(value ? 1 : 0); }
    void operator()(Decimal value) const { put_signed(out, value.scaled()); }
    void operator()(const std::string& value) const { put_text(out, value); }
    void operator()(Time value) const { put_signed(out, to_ms(value)); }
    void operator()(const StringSet& value) const {
        put_varint(out, value.size());
        for (const auto& element : value)
            put_text(out, element);
    }
    void operator()(const Sealed& value) const {
        put_text(out, value.hash);
        put_text(out, value.ciphertext);
    }
};

Value read_value(ByteReader& reader) {
    switch (static_cast<ValueType>(reader.varint())) {
        case ValueType::null:
            return {};
        case ValueType::boolean:
            return reader.varint() != 0;
        case ValueType::number:
            return Decimal::from_scaled(reader.signed_int());
        case ValueType::string:
            return reader.text();
        case ValueType::time:
            return time_from_ms(reader.signed_int());
        case ValueType::string_set: {
            StringSet set(reader.count());
            for (auto& element : set)
                element = reader.text();
            return set;
        }
        case ValueType::sealed: {
            Sealed sealed;
            sealed.hash = reader.text();
            sealed.ciphertext = reader.text();
            return sealed;
        }
    }
    reader.ok = false;
    return {};
}

}  // namespace

void encode(const Value& value, std::string& out) {
    put_varint(out, value.index());
    std::visit(ValueWriter{out}, value);
}

Result<Value> decode_value(std::string_view& in) {
    ByteReader reader{in};
    auto value = read_value(reader);
    if (!reader.ok)
        return fail(ErrorCode::invalid, "journal.corrupt", "a stored value cannot be read");
    return value;
}

std::string recorded_name(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::event: return fact.name;
        case FactKind::profile_set: return "$profile_set";
        case FactKind::profile_set_once: return "$profile_set_once";
        case FactKind::profile_increment: return "$profile_increment";
        case FactKind::profile_append: return "$profile_append";
        case FactKind::profile_unset: return "$profile_unset";
        case FactKind::profile_delete: return "$profile_delete";
        case FactKind::bind: return "$bind";
        case FactKind::unbind: return "$unbind";
        case FactKind::alias: return "$alias";
        case FactKind::consent: return "$consent";
        case FactKind::item: return "$item";
        case FactKind::erase: return "$erase";
        case FactKind::shard_message: return "$shard_message";
        case FactKind::control: return "$control";
    }
    return fact.name;
}

int routing_rank(std::string_view kind) {
    auto at = std::find(ranked_kinds.begin(), ranked_kinds.end(), kind);
    return static_cast<int>(at - ranked_kinds.begin());
}

void order_identities(Fact& fact) {
    // Binding facts name their target first: their order is their meaning.
    if (fact.kind == FactKind::alias || fact.kind == FactKind::unbind)
        return;
    std::stable_sort(fact.identities.begin(), fact.identities.end(),
                     [](const Identity& a, const Identity& b) {
                         return routing_rank(a.kind) < routing_rank(b.kind);
                     });
}

ShardId route(const Fact& fact) {
    if (fact.profile != ProfileId::none)
        return shard_of(fact.profile);
    if (fact.identities.empty())
        return static_cast<ShardId>(hash64(fact.message_id) % shard_count);
    return shard_of(profile_of_first(fact.identities.front()));
}

ProfileId profile_of_first(const Identity& identity, std::uint32_t generation) {
    const auto home = hash64(identity.value, hash64(identity.kind));
    const auto high = generation == 0 ? home : hash64(identity.value, home + generation);
    auto id = (high & ~std::uint64_t{shard_count - 1}) | (home % shard_count);
    if (id == 0)
        id = shard_count;  // zero means "no profile"
    return ProfileId{id};
}

void encode(const Fact& fact, std::string& out) {
    out.push_back(static_cast<char>(fact_version));
    out.push_back(static_cast<char>(fact.kind));
    put_signed(out, to_ms(fact.time));
    put_signed(out, to_ms(fact.received_at));
    put_text(out, fact.source);
    put_text(out, fact.message_id);
    put_text(out, fact.name);
    put_varint(out, fact.identities.size());
    for (const auto& identity : fact.identities) {
        put_text(out, identity.kind);
        put_text(out, identity.value);
        put_text(out, identity.sealed);
    }
    put_varint(out, fact.properties.size());
    for (const auto& [name, value] : fact.properties) {
        put_text(out, name);
        encode(value, out);
    }
    put_varint(out, static_cast<std::uint64_t>(fact.profile));
    put_text(out, fact.payload);
}

Result<Fact> decode_fact(std::string_view& in) {
    ByteReader reader{in};
    Fact fact;
    if (reader.varint() != fact_version)
        reader.ok = false;
    const auto kind = reader.varint();
    if (kind > static_cast<std::uint64_t>(FactKind::control))
        reader.ok = false;
    fact.kind = static_cast<FactKind>(kind);
    fact.time = time_from_ms(reader.signed_int());
    fact.received_at = time_from_ms(reader.signed_int());
    fact.source = reader.text();
    fact.message_id = reader.text();
    fact.name = reader.text();
    fact.identities.resize(reader.count());
    for (auto& identity : fact.identities) {
        identity.kind = reader.text();
        identity.value = reader.text();
        identity.sealed = reader.text();
    }
    fact.properties.resize(reader.count());
    for (auto& [name, value] : fact.properties) {
        name = reader.text();
        value = read_value(reader);
    }
    fact.profile = ProfileId{reader.varint()};
    fact.payload = reader.text();
    if (!reader.ok)
        return fail(ErrorCode::invalid, "journal.corrupt", "a stored fact cannot be read");
    return fact;
}

}  // namespace qiao
