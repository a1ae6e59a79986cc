// The longest chain of steps (docs/rules.md) as SQL: a customer's rows sorted by time and folded.
//
// ClickHouse's windowFunnel is not used: it lets one event be two steps, and does not try events of
// one moment in every order. Here each row of a moment is one step at most. Steps that follow each
// other can all be rows of one moment where no set of them has more steps than there are rows that
// can be any of its steps (Hall's theorem, 1935). Only sets whose steps some row could be
// alike matter: the rivals.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/rule.hpp"
#include "clickhouse/sql.hpp"

namespace qiao::twin {

// Of a row of facts: the bit `at`, where it is this event.
std::string bit_of(const rule::EventMatch& match, std::size_t at);
// … and a bit for each step, from 0, that it can be.
std::string bits_of(std::span<const rule::EventMatch> steps);

struct ChainShape {
    std::size_t steps = 0;
    std::string window_ms;  // SQL of a number; empty: no limit
    // Sets of two steps and more, as bits; nothing where they are too many to be counted.
    std::optional<std::vector<std::uint32_t>> rivals;
};
// Of chains whose rows carry bits_of(steps), all of them or none. Steps of unlike events are no
// rivals, nor are those that want unlike values of one property. More different conditions that one
// row might fulfil at once are too many: asking fails with clickhouse.too_many_conditions.
inline constexpr std::size_t most_rival_conditions = 8;
ChainShape shape_of(std::span<const rule::EventMatch> steps, std::string window_ms);
// Of few steps, whatever bits the rows carry.
ChainShape shape_of_any(std::size_t steps, std::string window_ms);

// Inner rows: (keys…, time_ms, steps UInt32, breaks UInt32); bit k of `steps` says that the row can
// be step k (from 0), bit k of `breaks` that it ends chains of k steps that stand before its
// moment. Answers rows (keys…, moments), where a moment is (time_ms, by the length of a chain, from
// 0, how long it can be after this moment, breaks).
clickhouse::Select moments_of(const clickhouse::Select& rows, const std::string& keys,
                              const ChainShape& shape);
// What is kept of all chains of a length, also of those that were ended later.
enum class Keep : std::uint8_t { latest_start, first_moment };
// Folds `moments` to an array by length (from 1) of the latest start of a chain so long, or of the
// first moment at which one was so long; `no_time` where there was none. Only moments for which
// `may_start` holds begin chains; it may name the fold's `moment`. ClickHouse is slow at analysing
// functions within functions: hence the short text.
std::string fold_chains(const ChainShape& shape, const std::string& moments, Keep keep,
                        const std::string& may_start = "1");
// Before all times.
inline constexpr const char* no_time = "-9000000000000000000";
// The longest length in such an array.
std::string reached_of(const std::string& by_length);

}  // namespace qiao::twin
