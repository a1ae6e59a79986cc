// The screens of the demo bank's app: what stands where, before and after release 7.2.0.
//
// Only a panel of customers has clicks and exposures recorded, from day 38 on.
#pragma once

#include <string_view>

#include "demo/behaviour.hpp"

namespace qiao::demo {

inline constexpr int first_recorded_day = 38;
inline constexpr int people_per_recorded = 18;
// From this day on the home page keeps transfers behind "more".
inline constexpr int new_layout_day = 45;

bool is_recorded(const Person& person, const DayOfBank& day);

// An element that can be clicked. Its place is a share of the width and the height of the screen.
struct Spot {
    std::string_view element, page, label;
    double x = 0, y = 0;
    std::string_view slot = {};  // of an advertisement
};
// `element` is one of those below; of the layout of the day.
const Spot& spot_of(std::string_view element, const DayOfBank& day);

}  // namespace qiao::demo
