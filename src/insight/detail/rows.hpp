// The rows that a question reads: of an event, or of all that customers do themselves.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "index/scan.hpp"
#include "insight/question.hpp"

namespace qiao::insight::detail {

// Walks the runs of a block beside ascending customers.
struct Cursor {
    std::uint32_t run = 0, last_run = 0;

    static Cursor of(const index::EventRows& rows, index::Dense block) {
        const auto [first, last] = rows.runs_of(block);
        return {first, last};
    }
    // Moves on to the customer's run; false where there is none.
    bool seek(const index::EventRows& rows, index::Dense customer) {
        while (run < last_run && rows.run_customer[run] < customer)
            ++run;
        return run < last_run && rows.run_customer[run] == customer;
    }
};

// Not of new customers.
std::vector<index::Source> sources_of(const Doing& doing, const rule::Interval& period,
                                      const index::State& state);

// The rows of all that customers do themselves, whenever; event by event.
std::vector<index::Source> own_doing(const rule::Interval& period, const index::State& state);
inline constexpr rule::Interval all_time{INT64_MIN / 4, INT64_MAX / 4};

// The cell of a `by` for a row and its customer.
class ByColumn {
public:
    ByColumn() = default;
    ByColumn(const By& by, ValueType type, const index::State& state);

    // The column of these rows; null where it has none.
    const index::Column* in(const index::EventRows& rows) const;
    index::Cell of_customer(index::Dense customer) const {
        return tag_ ? tag_->at(customer) : index::missing;
    }
    bool is_property() const { return by_.kind == By::Kind::property; }
    index::Cell at(const index::EventRows& rows, const index::Column* column, std::uint32_t row,
                   index::Dense customer) const {
        if (by_.kind == By::Kind::property)
            return column ? column->at(row) : index::missing;
        return by_.kind == By::Kind::event ? index::Cell{rows.event} : of_customer(customer);
    }
    Value value(index::Cell cell) const;

private:
    By by_;
    ValueType type_ = ValueType::null;
    std::shared_ptr<index::Strings> strings_;
    std::optional<index::ColumnKey> key_;
    std::shared_ptr<const index::Attribute> tag_;
};

// The property of the row among these that the customer has at this moment: of several rows the
// least value, a missing one last.
index::Cell value_at(const std::vector<index::Source>& sources, const ByColumn& by,
                     index::Dense customer, std::int64_t time_ms);

}  // namespace qiao::insight::detail
