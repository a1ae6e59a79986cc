// Heat maps: what people click on a screen, and where it stands there.
//
// A click is an event, by default "click", that carries "page" (the screen), "element" (what was
// clicked), "label" (what people call it), and "x" and "y": the middle of the element, as a share
// of the width of the window and of the height of the page. A click that lacks its screen or its
// element counts nowhere.
#pragma once

#include <array>

#include "insight/asking.hpp"
#include "insight/versions.hpp"

namespace qiao::insight {

// The properties of a click.
struct ClickNames {
    std::string page = "page", element = "element", label = "label", x = "x", y = "y";
};
inline constexpr std::string_view click_event = "click";
// A member "clicks"; an event "click" where it is absent.
rule::EventMatch clicks_of(Form& form);

struct ScreenQuestion {
    rule::EventMatch clicks;
    std::string screen;  // empty: only which screens there are
    Versions versions;
    Frame frame;
    ClickNames names;
};
inline constexpr std::size_t most_screens = 200, most_elements = 200;

// Errors: insight.invalid, rule.*, with pointers.
Result<ScreenQuestion> parse_screen(const boost::json::value& json, std::string_view at = "");
// Errors: rule.unknown, rule.type, with pointers.
Result<ScreenQuestion> resolve(ScreenQuestion question, const rule::Vocabulary& vocabulary,
                               std::string_view at);

struct Screen {
    struct Count {
        std::uint64_t clicks = 0, people = 0;
        friend bool operator==(const Count&, const Count&) = default;
    };
    // Sums over the clicks that carry a place, scaled by 10^4.
    struct Place {
        std::uint64_t clicks = 0;
        __int128 x = 0, y = 0;
        friend bool operator==(const Place&, const Place&) = default;
    };
    struct OfScreen {
        std::string screen;
        Count count;  // of every version
    };
    struct OfVersion {
        std::string version;
        std::int64_t first_ms = 0;  // its first click in the period
        Count count;
    };
    struct Side {
        Count count;
        Place place;
    };
    struct Element {
        std::string element;
        std::string label;  // of its latest click that has one; empty: none has
        std::array<Side, sides> of;
    };
    std::vector<OfScreen> screens;    // the most clicked first
    std::vector<OfVersion> versions;  // of the screen, or of all; the latest to appear first
    std::vector<Element> elements;    // of the screen, the most clicked now first
    std::array<Count, sides> totals;  // of the screen
    std::uint64_t left_out = 0;       // elements that are not shown
};

// Puts the lists in order, and leaves out what an answer does not show.
void arrange(Screen& screen);

// `question` is resolved. Errors: index.too_slow, index.cancelled.
Result<Screen> compute(const ScreenQuestion& question, const index::State& state,
                       const index::People& people, const rule::Interval& interval,
                       const index::Execution& how);

// Who clicked an element of the screen; empty: anything on it.
struct ScreenPeople {
    std::string element;
    Release release = Release::now;
};
Result<index::People> people_behind(const ScreenQuestion& question, const ScreenPeople& which,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const index::Execution& how);

Result<Answered<Screen>> ask(const Asking& asking, const ScreenQuestion& question,
                             std::string_view at, const access::Principal& who);
Result<audience::Evaluated> people(const Asking& asking, const ScreenQuestion& question,
                                   const ScreenPeople& which, std::string_view at,
                                   const access::Principal& who);

}  // namespace qiao::insight
