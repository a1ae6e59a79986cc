#include "api/customer_timeline.hpp"

#include <charconv>

#include "history/history.hpp"

namespace qiao::api {

namespace json = boost::json;

std::vector<TimelineRow> HistoryTimeline::read(ProfileId profile, Time before,
                                               std::string_view event, std::size_t limit) {
    std::vector<TimelineRow> rows;
    for (auto& row : history_.timeline({profile, before, std::string(event), limit})) {
        TimelineRow made{row.time, std::move(row.event), std::move(row.source), {}, {}};
        json::error_code error;
        auto properties = json::parse(row.properties, error);
        if (!error && properties.is_object())
            made.properties = std::move(properties.get_object());
        made.offset = std::to_string(row.shard) + "." + std::to_string(row.offset) + "." +
                      std::to_string(row.ordinal);
        rows.push_back(std::move(made));
    }
    return rows;
}

std::optional<Time> HistoryTimeline::kept_from() { return history_.kept_from(); }

namespace {

struct Place {
    Time before{};
    std::size_t shown = 0;  // rows of the millisecond before `before` that were shown already
};

Result<Place> place_of(std::string_view cursor, Time now) {
    constexpr auto moment = Duration(1);
    // Devices with a fast clock send facts from the near future; they belong to the timeline too.
    if (cursor.empty())
        return Place{now + std::chrono::hours(24 * 365), 0};
    const auto mark = cursor.find('~');
    const auto time = parse_time(cursor.substr(0, mark));
    Place place;
    bool ok = time.has_value();
    if (ok)
        place.before = *time;
    if (ok && mark != std::string_view::npos) {
        const auto digits = cursor.substr(mark + 1);
        const auto end = digits.data() + digits.size();
        const auto parsed = std::from_chars(digits.data(), end, place.shown);
        ok = parsed.ec == std::errc() && parsed.ptr == end && place.shown <= 100'000;
        place.before += moment;
    }
    if (!ok)
        return fail(ErrorCode::invalid, "customer.before",
                    "before takes a time in RFC 3339 or the next_cursor of an earlier answer");
    return place;
}

}  // namespace

Result<TimelinePage> timeline_page(TimelineSource& source, ProfileId profile,
                                   std::string_view cursor, std::string_view event,
                                   std::size_t limit, Time now) {
    const auto place = place_of(cursor, now);
    if (!place)
        return fail(place.error());
    TimelinePage page;
    auto rows = source.read(profile, place->before, event, limit + place->shown + 1);
    if (rows.size() <= place->shown)
        return page;
    page.rows.assign(
        std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(place->shown)),
        std::make_move_iterator(rows.end()));
    if (page.rows.size() <= limit)
        return page;
    page.rows.resize(limit);
    const auto last = page.rows.back().at;
    std::size_t shown = last + Duration(1) == place->before ? place->shown : 0;
    for (const auto& row : page.rows)
        shown += row.at == last ? 1 : 0;
    page.next_cursor = format_time(last) + "~" + std::to_string(shown);
    return page;
}

}  // namespace qiao::api
