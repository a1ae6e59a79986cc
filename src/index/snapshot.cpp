#include "index/snapshot.hpp"

#include <algorithm>

namespace qiao::index {

std::shared_ptr<const Attribute> State::attribute(Space space, std::string_view name,
                                                  ValueType type) const {
    const auto code = strings->find(name);
    if (!code)
        return nullptr;
    const auto found = attributes->find({space, {*code, type}});
    return found == attributes->end() ? nullptr : found->second;
}

std::uint64_t State::rows() const {
    std::uint64_t total = 0;
    for (const auto& segment : segments)
        total += segment->rows();
    return total;
}

namespace {

struct Place {
    std::int64_t time_ms;
    const EventRows* rows;
    std::uint32_t row;
    std::size_t segment;

    auto order() const { return std::tie(time_ms, rows->event, row, segment); }
};

// Keeps the last ones.
void shorten(std::vector<Place>& places, std::size_t limit) {
    if (places.size() <= limit)
        return;
    const auto last = places.end() - static_cast<std::ptrdiff_t>(limit);
    std::nth_element(places.begin(), last, places.end(),
                     [](const Place& a, const Place& b) { return a.order() < b.order(); });
    places.erase(places.begin(), last);
}

Happened describe(const State& state, const Place& place) {
    Happened made;
    made.event = state.strings->text(place.rows->event);
    made.time = time_from_ms(place.time_ms);
    for (const auto& [key, column] : place.rows->columns) {
        const Cell cell = column.at(place.row);
        if (cell == missing)
            continue;
        if (key == origin_key)
            made.recorded_for = static_cast<ProfileId>(cell);
        else
            made.properties.emplace_back(state.strings->text(key.name),
                                         state.strings->value(cell, key.type));
    }
    return made;
}

}  // namespace

std::vector<Happened> history_of(const State& state, Dense customer, std::size_t limit,
                                 Time before) {
    // The newest files first: where they hold enough, nothing is read of older ones.
    std::vector<std::pair<std::int64_t, std::size_t>> newest;
    for (std::size_t i = 0; i < state.segments.size(); ++i)
        newest.emplace_back(state.segments[i]->last_ms(), i);
    std::sort(newest.rbegin(), newest.rend());
    std::vector<Place> places;
    for (const auto& [newest_ms, number] : newest) {
        shorten(places, limit);
        if (places.size() == limit &&
            std::all_of(places.begin(), places.end(),
                        [last = newest_ms](const Place& one) { return one.time_ms > last; }))
            break;
        for (const auto& rows : state.segments[number]->events()) {
            const auto [first, last] = rows.rows_of(customer);
            const auto* end = std::lower_bound(rows.time + first, rows.time + last, to_ms(before));
            auto row = static_cast<std::uint32_t>(end - rows.time);
            // More than the last `limit` of one event can never be among the last `limit` of all.
            for (std::size_t taken = 0; row > first && taken < limit; ++taken) {
                --row;
                places.push_back({rows.time[row], &rows, row, number});
            }
        }
    }
    shorten(places, limit);
    std::sort(places.begin(), places.end(),
              [](const Place& a, const Place& b) { return a.order() < b.order(); });
    std::vector<Happened> made;
    for (const auto& place : places)
        made.push_back(describe(state, place));
    return made;
}

Properties tags_of(const State& state, Dense customer) {
    Properties made;
    for (const auto& [key, column] : *state.attributes) {
        if (key.space != Space::tag)
            continue;
        const Cell cell = column->at(customer);
        if (cell != missing)
            made.emplace_back(state.strings->text(key.column.name),
                              state.strings->value(cell, key.column.type));
    }
    return made;
}

std::vector<std::pair<std::string, StringSet>> identities_of(const State& state, Dense customer) {
    std::vector<std::pair<std::string, StringSet>> made;
    for (const auto& [key, column] : *state.attributes) {
        if (key.space != Space::identity)
            continue;
        const Cell cell = column->at(customer);
        if (cell != missing)
            made.emplace_back(state.strings->text(key.column.name),
                              state.strings->set(static_cast<Code>(cell)));
    }
    return made;
}

std::vector<std::pair<std::string, bool>> consents_of(const State& state, Dense customer) {
    std::vector<std::pair<std::string, bool>> made;
    for (const auto& [key, column] : *state.attributes) {
        if (key.space != Space::consent)
            continue;
        const Cell cell = column->at(customer);
        if (cell != missing)
            made.emplace_back(state.strings->text(key.column.name), cell != 0);
    }
    return made;
}

}  // namespace qiao::index
