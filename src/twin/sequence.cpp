#include "twin/sequence.hpp"

#include <algorithm>
#include <bit>

#include "twin/predicate.hpp"

namespace qiao::twin {

using clickhouse::Select;

namespace {

using rule::EventMatch;

// Steps that ask for the same, as bits.
struct Condition {
    const EventMatch* match = nullptr;
    std::string sql;
    std::uint32_t steps = 0;
};

std::vector<Condition> conditions_of(std::span<const EventMatch> steps) {
    std::vector<Condition> made;
    for (std::size_t step = 0; step < steps.size(); ++step) {
        auto sql = condition(steps[step]);
        auto known = std::find_if(made.begin(), made.end(),
                                  [&](const Condition& one) { return one.sql == sql; });
        if (known == made.end())
            known = made.insert(made.end(), {&steps[step], std::move(sql), 0});
        known->steps |= std::uint32_t{1} << step;
    }
    return made;
}

// Sealed constants may differ although their hashes, which are compared, do not.
bool wants_values(const rule::Test& test) {
    return (test.op == rule::Op::eq || test.op == rule::Op::in) && test.type != ValueType::sealed;
}

bool has_common(const std::vector<Value>& a, const std::vector<Value>& b) {
    return std::any_of(a.begin(), a.end(), [&](const Value& value) {
        return std::find(b.begin(), b.end(), value) != b.end();
    });
}

bool can_be_one_row(const EventMatch& a, const EventMatch& b) {
    if (a.event != b.event)
        return false;
    for (const auto& one : a.where)
        for (const auto& other : b.where)
            if (one.property == other.property && wants_values(one.test) &&
                wants_values(other.test) && !has_common(one.test.values, other.test.values))
                return false;
    return true;
}

// Takes the conditions that one of them, or one of those, shares rows with.
std::vector<Condition> take_connected(std::vector<Condition>& conditions) {
    std::vector<Condition> made{std::move(conditions.back())};
    conditions.pop_back();
    for (std::size_t i = 0; i < made.size(); ++i)
        for (std::size_t other = conditions.size(); other-- > 0;)
            if (can_be_one_row(*made[i].match, *conditions[other].match)) {
                made.push_back(std::move(conditions[other]));
                conditions.erase(conditions.begin() + static_cast<std::ptrdiff_t>(other));
            }
    return made;
}

// How many steps follow each other from `length` on, of those for which there are rows at all.
constexpr const char* steps_there =
    "toInt64(bitCount(bitXor(bitShiftRight(there, length), bitShiftRight(there, length) + 1))) - 1";

// How many until a set of rivals has more of them than rows; 32: it never has.
constexpr const char* steps_carried =
    "toInt64(if(bitCount(bitShiftRight(rival, length)) <= carriers, 32, "
    "bitPositionsToArray(bitShiftRight(rival, length))[carriers + 1]))";

// The array of rivals; a server that is asked for too many refuses.
std::string rivals_literal(const ChainShape& shape) {
    if (!shape.rivals)
        return "[toUInt32(throwIf(1, 'clickhouse.too_many_conditions'))]";
    std::string made;
    for (const auto rival : *shape.rivals)
        made += (made.empty() ? "" : ", ") + std::to_string(rival);
    return "arrayMap(rival -> toUInt32(rival), [" + made + "])";
}

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

ChainShape shape_of(std::span<const EventMatch> steps, std::string window_ms) {
    ChainShape made{steps.size(), std::move(window_ms), std::vector<std::uint32_t>()};
    for (auto left = conditions_of(steps); !left.empty();) {
        const auto alike = take_connected(left);
        if (alike.size() > most_rival_conditions) {
            made.rivals.reset();
            return made;
        }
        for (std::size_t chosen = 1; chosen < std::size_t{1} << alike.size(); ++chosen) {
            std::uint32_t set = 0;
            for (std::size_t i = 0; i < alike.size(); ++i)
                set |= ((chosen >> i) & 1) != 0 ? alike[i].steps : 0;
            if (std::popcount(set) > 1)
                made.rivals->push_back(set);
        }
    }
    return made;
}

ChainShape shape_of_any(std::size_t steps, std::string window_ms) {
    ChainShape made{steps, std::move(window_ms), std::vector<std::uint32_t>()};
    for (std::uint32_t set = 1; set < std::uint32_t{1} << steps; ++set)
        if (std::popcount(set) > 1)
            made.rivals->push_back(set);
    return made;
}

Select moments_of(const Select& rows, const std::string& keys, const ChainShape& shape) {
    const bool has_rivals = !shape.rivals || !shape.rivals->empty();
    Select moments({keys, "time_ms", "groupBitOr(steps) AS there", "groupBitOr(breaks) AS ends"});
    if (has_rivals)
        moments.column("groupArray(steps) AS together");
    moments.from(rows).group_by(keys + ", time_ms");
    std::string more = steps_there;
    Select counted({keys, "time_ms", "there", "ends"});
    counted.from(moments);
    if (has_rivals) {
        const auto rivals = rivals_literal(shape);
        counted.column("arrayMap(rival -> arrayCount(row -> bitAnd(row, rival) != 0, together), " +
                       rivals + ") AS rows_of_rivals");
        more = "least(" + more + ", arrayMin((rival, carriers) -> " + std::string(steps_carried) +
               ", " + rivals + ", rows_of_rivals))";
    }
    const std::string furthest =
        "arrayMap(length -> length + " + more + ", range(" + std::to_string(shape.steps) + "))";
    Select sorted({keys, "arraySort(groupArray((time_ms, " + furthest + ", ends))) AS moments"});
    sorted.from(counted).group_by(keys);
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
