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

// Reads into what may hold another value: the memory of its texts is used again.
template <class T>
T& become(Value& value) {
    auto* held = std::get_if<T>(&value);
    return held ? *held : value.emplace<T>();
}

void read_text(ByteReader& reader, std::string& text) { text.assign(reader.view()); }

void read_value(ByteReader& reader, Value& value) {
    switch (static_cast<ValueType>(reader.varint())) {
        case ValueType::null:
            value = std::monostate{};
            return;
        case ValueType::boolean:
            value = reader.varint() != 0;
            return;
        case ValueType::number:
            value = Decimal::from_scaled(reader.signed_int());
            return;
        case ValueType::string:
            read_text(reader, become<std::string>(value));
            return;
        case ValueType::time:
            value = time_from_ms(reader.signed_int());
            return;
        case ValueType::string_set: {
            auto& set = become<StringSet>(value);
            set.resize(reader.count());
            for (auto& element : set)
                read_text(reader, element);
            return;
        }
        case ValueType::sealed: {
            auto& sealed = become<Sealed>(value);
            read_text(reader, sealed.hash);
            read_text(reader, sealed.ciphertext);
            return;
        }
    }
    reader.ok = false;
}

}  // namespace

void encode(const Value& value, std::string& out) {
    put_varint(out, value.index());
    std::visit(ValueWriter{out}, value);
}

Result<Value> decode_value(std::string_view& in) {
    ByteReader reader{in};
    Value value;
    read_value(reader, value);
    if (!reader.ok)
        return fail(ErrorCode::invalid, "journal.corrupt", "a stored value cannot be read");
    return value;
}

std::string recorded_name(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::event:
            return fact.name;
        case FactKind::profile_set:
            return "$profile_set";
        case FactKind::profile_set_once:
            return "$profile_set_once";
        case FactKind::profile_increment:
            return "$profile_increment";
        case FactKind::profile_append:
            return "$profile_append";
        case FactKind::profile_unset:
            return "$profile_unset";
        case FactKind::profile_delete:
            return "$profile_delete";
        case FactKind::bind:
            return "$bind";
        case FactKind::unbind:
            return "$unbind";
        case FactKind::alias:
            return "$alias";
        case FactKind::consent:
            return "$consent";
        case FactKind::item:
            return "$item";
        case FactKind::erase:
            return "$erase";
        case FactKind::shard_message:
            return "$shard_message";
        case FactKind::control:
            return "$control";
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
    const auto routes_before = [](const Identity& a, const Identity& b) {
        return routing_rank(a.kind) < routing_rank(b.kind);
    };
    // Mostly they are in order already, and a stable sort allocates.
    if (!std::is_sorted(fact.identities.begin(), fact.identities.end(), routes_before))
        std::stable_sort(fact.identities.begin(), fact.identities.end(), routes_before);
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

bool decode_fact_into(std::string_view& in, Fact& fact) {
    ByteReader reader{in};
    if (reader.varint() != fact_version)
        reader.ok = false;
    const auto kind = reader.varint();
    if (kind > static_cast<std::uint64_t>(FactKind::control))
        reader.ok = false;
    fact.kind = static_cast<FactKind>(kind);
    fact.time = time_from_ms(reader.signed_int());
    fact.received_at = time_from_ms(reader.signed_int());
    read_text(reader, fact.source);
    read_text(reader, fact.message_id);
    read_text(reader, fact.name);
    fact.identities.resize(reader.count());
    for (auto& identity : fact.identities) {
        read_text(reader, identity.kind);
        read_text(reader, identity.value);
        read_text(reader, identity.sealed);
    }
    fact.properties.resize(reader.count());
    for (auto& [name, value] : fact.properties) {
        read_text(reader, name);
        read_value(reader, value);
    }
    fact.profile = ProfileId{reader.varint()};
    read_text(reader, fact.payload);
    return reader.ok;
}

Result<Fact> decode_fact(std::string_view& in) {
    Fact fact;
    if (!decode_fact_into(in, fact))
        return fail(ErrorCode::invalid, "journal.corrupt", "a stored fact cannot be read");
    return fact;
}

}  // namespace qiao
