#include "shard/detail/parked.hpp"

#include "runtime/log.hpp"
#include "shard/detail/keys.hpp"

namespace qiao::shard::detail {

namespace {

constexpr char fact_mark = 'f';
constexpr char timer_mark = 't';
constexpr std::size_t fact_key_size = 1 + sizeof(journal::Offset) + sizeof(std::uint32_t);
constexpr std::size_t timer_key_min_size = 1 + sizeof(std::uint64_t) + 1;

std::string describe(const Parked& parked) {
    auto text = "shard " + std::to_string(parked.shard) + ": ";
    if (parked.timer_due)
        text += "a timer due at " + format_time(*parked.timer_due);
    else if (parked.ordinal == Parked::whole_entry)
        text += "journal entry " + std::to_string(parked.offset);
    else
        text += "fact " + std::to_string(parked.ordinal) + " of journal entry " +
                std::to_string(parked.offset);
    return text + " could not be applied by " + parked.projection + " (" + parked.fault +
           ") and is parked";
}

}  // namespace

std::string parked_fact_key(journal::Offset offset, std::uint32_t ordinal) {
    std::string rest(1, fact_mark);
    put_big_endian(rest, offset);
    put_big_endian(rest, ordinal);
    return rest;
}

std::string parked_timer_key(const Timer& timer) {
    std::string rest(1, timer_mark);
    put_time(rest, timer.due);
    rest.push_back(static_cast<char>(timer.projection));
    return rest.append(timer.key);
}

std::string parked_record(std::string_view projection, std::string_view fault) {
    std::string record;
    journal::put_text(record, projection);
    journal::put_text(record, fault);
    return record;
}

Parked decode_parked(ShardId shard, std::string_view rest, std::string_view record) {
    Parked parked;
    parked.shard = shard;
    if (rest.size() == fact_key_size && rest.front() == fact_mark) {
        parked.offset = big_endian<journal::Offset>(rest.substr(1));
        parked.ordinal = big_endian<std::uint32_t>(rest.substr(1 + sizeof(journal::Offset)));
    } else if (rest.size() >= timer_key_min_size && rest.front() == timer_mark) {
        parked.timer_due = time_in(rest.substr(1));
    }
    journal::ByteReader reader{record};
    parked.projection = reader.text();
    parked.fault = reader.text();
    return parked;
}

void report_parked(const ShardState& state, Counter& counter) {
    for (const auto& [rest, record] : state.parked()) {
        counter.add();
        log::error(describe(decode_parked(state.shard(), rest, record)));
    }
}

}  // namespace qiao::shard::detail
