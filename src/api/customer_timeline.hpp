// What happened to a customer, newest first, for the customer page and the access export.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "base/id.hpp"

namespace qiao::history {
class History;
}

namespace qiao::api {

struct TimelineRow {
    Time at{};
    std::string event;
    std::string source;
    boost::json::object properties;  // sealed values are {"sealed":hash,"ciphertext":…}
    std::string offset;              // "shard.offset.ordinal" of the fact in the journal
};

class TimelineSource {
public:
    virtual ~TimelineSource() = default;
    // At most `limit` rows before `before`, also of the visitors who became this customer.
    virtual std::vector<TimelineRow> read(ProfileId profile, Time before, std::string_view event,
                                          std::size_t limit) = 0;
    // Facts of before are not kept any more; nothing where all are.
    virtual std::optional<Time> kept_from() = 0;
};

class HistoryTimeline final : public TimelineSource {
public:
    explicit HistoryTimeline(history::History& history) : history_(history) {}
    std::vector<TimelineRow> read(ProfileId profile, Time before, std::string_view event,
                                  std::size_t limit) override;
    std::optional<Time> kept_from() override;

private:
    history::History& history_;
};

// A page of the timeline. `cursor` is a time, or what an earlier page gave: a time and how many
// rows of that very time have been shown, so that facts of one millisecond are neither lost nor
// repeated.
struct TimelinePage {
    std::vector<TimelineRow> rows;
    std::string next_cursor;  // empty after the last row
};
// Error: invalid `customer.before`.
Result<TimelinePage> timeline_page(TimelineSource& source, ProfileId profile,
                                   std::string_view cursor, std::string_view event,
                                   std::size_t limit, Time now);

}  // namespace qiao::api
