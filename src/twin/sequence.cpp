#include "twin/sequence.hpp"

#include "twin/predicate.hpp"

namespace qiao::twin {

using clickhouse::Select;

namespace {

// All sets of steps that the rows of a moment can be: every row is one of its steps, or none.
constexpr const char* step_sets =
    "arrayFold((sets, row) -> arrayDistinct(arrayConcat(sets, arrayFlatten(arrayMap(one -> "
    "arrayMap(step -> bitOr(one, step), bitmaskToArray(row)), sets)))), groupArray(steps), "
    "[toUInt32(0)])";

// How many steps follow each other in a set from `length` on: the ones below its lowest zero.
constexpr const char* steps_from =
    "bitCount(bitXor(bitShiftRight(one, length), bitShiftRight(one, length) + 1)) - 1";

// Longer than any window, and shorter than from no_time to now.
constexpr const char* no_window = "8000000000000000000";

// By length, from 1: the latest start of a chain that is so long since this moment. A chain grows
// from each shorter length that the moment can carry so far; the shortest is none, begun now.
std::string made(const ChainShape& shape, const std::string& may_start) {
    const std::string none = no_time;
    const auto window = shape.window_ms.empty() ? no_window : shape.window_ms;
    return "arrayMap(next -> arrayMax((start, far) -> if(far >= next AND moment.1 - start <= " +
           window + ", start, " + none + "), arraySlice(arrayPushFront(chain.1, if(" + may_start +
           ", moment.1, " + none + ")), 1, next), arraySlice(moment.2, 1, next)), range(1, " +
           std::to_string(shape.steps + 1) + "))";
}

}  // namespace

std::string bit_of(const rule::EventMatch& match, std::size_t at) {
    return "bitShiftLeft(toUInt32(" + condition(match) + "), " + std::to_string(at) + ")";
}

std::string bits_of(std::span<const rule::EventMatch> steps) {
    std::vector<std::string> bits;
    for (std::size_t step = 0; step < steps.size(); ++step)
        bits.push_back(bit_of(steps[step], step));
    return "toUInt32(" + clickhouse::joined(bits, " + ") + ")";
}

Select moments_of(const Select& rows, const std::string& keys, std::size_t steps) {
    Select moments(
        {keys, "time_ms", std::string(step_sets) + " AS can_be", "groupBitOr(breaks) AS ends"});
    moments.from(rows).group_by(keys + ", time_ms");
    const std::string furthest = "arrayMap(length -> length + arrayMax(one -> " +
                                 std::string(steps_from) + ", can_be), range(" +
                                 std::to_string(steps) + "))";
    Select sorted({keys, "arraySort(groupArray((time_ms, " + furthest + ", ends))) AS moments"});
    sorted.from(moments).group_by(keys);
    return sorted;
}

std::string fold_chains(const ChainShape& shape, const std::string& moments, Keep keep,
                        const std::string& may_start) {
    const std::string none = no_time;
    const std::string nothing =
        "arrayWithConstant(" + std::to_string(shape.steps) + ", " + none + ")";
    // An end at a moment is strictly after what stands before it: new chains are not touched.
    const std::string starts =
        "arrayMap((old, now, length) -> if(bitTest(moment.3, length), now, greatest(old, now)), "
        "chain.1, new, range(1, " +
        std::to_string(shape.steps + 1) + "))";
    const std::string kept = keep == Keep::latest_start
                                 ? std::string("greatest(old, now)")
                                 : "if(old = " + none + " AND now != " + none + ", moment.1, old)";
    return "arrayFold((chain, moment) -> arrayMap(new -> (" + starts + ", arrayMap((old, now) -> " +
           kept + ", chain.2, new)), [" + made(shape, may_start) + "])[1], " + moments + ", (" +
           nothing + ", " + nothing + ")).2";
}

std::string reached_of(const std::string& by_length) {
    return "arrayCount(at -> at != " + std::string(no_time) + ", " + by_length + ")";
}

}  // namespace qiao::twin
