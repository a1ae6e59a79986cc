#include "audience/kept.hpp"

#include <algorithm>

#include "journal/bytes.hpp"
#include "journal/fact.hpp"

namespace qiao::audience {
namespace {

constexpr char format_version = 1;
constexpr std::uint64_t member_bit = 1;
constexpr std::uint64_t midnight_bit = 2;
constexpr std::uint64_t flips_bit = 4;

template <class Standings>
auto standing_at(Standings& standings, std::uint32_t subject) {
    return std::lower_bound(
        standings.begin(), standings.end(), subject,
        [](const Standing& standing, std::uint32_t number) { return standing.subject < number; });
}

void encode_standing(const Standing& standing, std::string& out) {
    const bool flips = standing.flip.at != never;
    journal::put_varint(out, standing.subject);
    journal::put_varint(out, (standing.member ? member_bit : 0) |
                                 (standing.flip.midnight ? midnight_bit : 0) |
                                 (flips ? flips_bit : 0));
    if (flips)
        journal::put_signed(out, to_ms(standing.flip.at));
}

void encode_event(const KeptEvent& event, std::int64_t before_ms, std::string& out) {
    journal::put_varint(out, event.name);
    journal::put_signed(out, to_ms(event.time) - before_ms);
    journal::put_varint(out, event.origin);
    journal::put_varint(out, event.properties.size());
    for (const auto& [name, value] : event.properties) {
        journal::put_varint(out, name);
        encode(value, out);
    }
}

Standing decode_standing(journal::ByteReader& reader) {
    Standing standing;
    standing.subject = static_cast<std::uint32_t>(reader.varint());
    const auto bits = reader.varint();
    standing.member = (bits & member_bit) != 0;
    standing.flip.midnight = (bits & midnight_bit) != 0;
    if ((bits & flips_bit) != 0)
        standing.flip.at = time_from_ms(reader.signed_int());
    return standing;
}

KeptEvent decode_event(journal::ByteReader& reader, std::int64_t& before_ms) {
    KeptEvent event;
    event.name = static_cast<std::uint32_t>(reader.varint());
    before_ms += reader.signed_int();
    event.time = time_from_ms(before_ms);
    event.origin = reader.varint();
    const auto count = reader.count();
    for (std::size_t i = 0; i < count && reader.ok; ++i) {
        const auto name = static_cast<std::uint32_t>(reader.varint());
        auto value = decode_value(reader.in);
        if (!value) {
            reader.ok = false;
            break;
        }
        event.properties.emplace_back(name, std::move(*value));
    }
    return event;
}

}  // namespace

const Standing* Kept::find(std::uint32_t subject) const {
    const auto at = standing_at(standings, subject);
    return at != standings.end() && at->subject == subject ? &*at : nullptr;
}

void Kept::put(const Standing& standing) {
    const auto at = standing_at(standings, standing.subject);
    const bool found = at != standings.end() && at->subject == standing.subject;
    const bool says = standing.member || standing.flip.at != never;
    if (found && says)
        *at = standing;
    else if (found)
        standings.erase(at);
    else if (says)
        standings.insert(at, standing);
}

void Kept::add(KeptEvent event) {
    const auto at =
        std::upper_bound(events.begin(), events.end(), event.time,
                         [](Time time, const KeptEvent& other) { return time < other.time; });
    events.insert(at, std::move(event));
}

Time Kept::next_flip() const {
    Time next = never;
    for (const auto& standing : standings)
        if (!standing.flip.midnight)
            next = std::min(next, standing.flip.at);
    return next;
}

Time Kept::next_midnight() const {
    Time next = never;
    for (const auto& standing : standings)
        if (standing.flip.midnight)
            next = std::min(next, standing.flip.at);
    return next;
}

std::string encode(const Kept& kept) {
    std::string out(1, format_version);
    journal::put_varint(out, kept.standings.size());
    for (const auto& standing : kept.standings)
        encode_standing(standing, out);
    journal::put_varint(out, kept.events.size());
    std::int64_t before_ms = 0;
    for (const auto& event : kept.events) {
        encode_event(event, before_ms, out);
        before_ms = to_ms(event.time);
    }
    return out;
}

Result<Kept> decode_kept(std::string_view bytes) {
    Kept kept;
    bool ok = !bytes.empty() && bytes.front() == format_version;
    if (ok) {
        bytes.remove_prefix(1);
        journal::ByteReader reader{bytes};
        const auto standings = reader.count();
        for (std::size_t i = 0; i < standings && reader.ok; ++i)
            kept.standings.push_back(decode_standing(reader));
        const auto events = reader.count();
        std::int64_t before_ms = 0;
        for (std::size_t i = 0; i < events && reader.ok; ++i)
            kept.events.push_back(decode_event(reader, before_ms));
        ok = reader.ok && bytes.empty();
    }
    if (!ok)
        return fail(ErrorCode::unavailable, "audience.corrupt",
                    "The kept events of a customer cannot be read; rebuild the audiences.");
    return kept;
}

}  // namespace qiao::audience
