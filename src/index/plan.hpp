// A rule compiled against one snapshot: which columns to read, which cells pass, in which order.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/rule.hpp"
#include "index/blocks.hpp"
#include "index/snapshot.hpp"

namespace qiao::index {

// What one condition says of one customer. `found` is what was compared: a tag's value, a count, a
// sum, a chain's length, an age in milliseconds; nothing where there was no value.
struct Explained {
    std::string pointer;
    bool holds = false;
    std::optional<Value> found;
    std::vector<Explained> parts;
};

namespace detail {
class Step;
}

class Plan {
public:
    // `rule` has been resolved. Cheap: microseconds, but for `top` (a pass over the scores).
    Plan(const rule::Node& rule, Snapshot snapshot, Time as_of, const Calendar& calendar);
    ~Plan();
    Plan(Plan&&) noexcept;
    Plan& operator=(Plan&&) noexcept;

    const State& state() const { return *snapshot_; }
    const Snapshot& snapshot() const { return snapshot_; }

    // The members. Errors: index.cancelled, index.too_slow (unavailable), rule.mixed_currencies
    // (unprocessable, with the pointer of the measure).
    Result<People> evaluate(const Execution& how) const;
    // How many they are: as evaluate(), without a set of them.
    Result<std::uint64_t> count(const Execution& how) const;

    // A condition of a root `all` on its own: how many it holds for, and how many more people the
    // rule would have without it. A root of another kind is one part.
    struct Part {
        std::string pointer;
        std::uint64_t count = 0;
        std::uint64_t removes = 0;
    };
    struct Parts {
        People members;
        std::vector<Part> parts;
    };
    Result<Parts> evaluate_parts(const Execution& how) const;

    // One living customer: every condition, with what was found. Microseconds to a millisecond.
    Explained explain(Dense customer) const;
    bool holds(Dense customer) const;

    // Bytes of the columns that evaluate() may read: what the question costs at most.
    std::uint64_t bytes() const;

private:
    Snapshot snapshot_;
    std::unique_ptr<detail::Step> root_;
};

}  // namespace qiao::index
