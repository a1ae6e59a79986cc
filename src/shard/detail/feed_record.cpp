#include "shard/detail/feed_record.hpp"

#include "journal/bytes.hpp"

namespace qiao::shard::detail {

namespace {

constexpr char record_version = 1;

using journal::put_text;
using journal::put_varint;

}  // namespace

void begin_record(journal::Offset offset, std::string& out) {
    out.clear();
    out.push_back(record_version);
    put_varint(out, offset);
}

void encode(const FeedItem& item, std::string& out) {
    out.push_back(static_cast<char>(item.kind));
    put_varint(out, static_cast<std::uint64_t>(item.profile));
    put_varint(out, static_cast<std::uint64_t>(item.other));
    put_varint(out, item.ordinal);
    put_text(out, item.name);
    qiao::encode(item.value, out);
}

Result<FeedRecord> decode_record(std::string_view in) {
    const auto corrupt = [] {
        return fail(ErrorCode::invalid, "shard.corrupt", "a record of the feed cannot be read");
    };
    journal::ByteReader reader{in};
    if (reader.varint() != record_version)
        return corrupt();
    FeedRecord record;
    record.offset = reader.varint();
    while (reader.ok && !in.empty()) {
        auto& item = record.items.emplace_back();
        const auto kind = reader.varint();
        if (kind > static_cast<std::uint64_t>(FeedItem::Kind::erase))
            return corrupt();
        item.kind = static_cast<FeedItem::Kind>(kind);
        item.profile = ProfileId{reader.varint()};
        item.other = ProfileId{reader.varint()};
        item.ordinal = static_cast<std::uint32_t>(reader.varint());
        item.name = reader.text();
        auto value = decode_value(in);
        if (!value)
            return corrupt();
        item.value = std::move(*value);
    }
    if (!reader.ok)
        return corrupt();
    return record;
}

}  // namespace qiao::shard::detail
