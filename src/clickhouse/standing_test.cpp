#include "clickhouse/detail/standing.hpp"

#include <gtest/gtest.h>

namespace qiao::clickhouse::detail {
namespace {

constexpr auto a = ProfileId{1}, b = ProfileId{2}, c = ProfileId{3};

TEST(Standings, AMergeGivesTheWholeFamilyANewRoot) {
    Standings standings;
    standings.know(a, {b, b, 4});
    standings.know(b, {b, b, 0});
    standings.merge(b, c);
    const auto changed = standings.changed(9);
    EXPECT_EQ(changed.at(a), (Standing{b, c, 4}));
    EXPECT_EQ(changed.at(b), (Standing{c, c, 9}));
    EXPECT_EQ(changed.at(c).root, c);
}

TEST(Standings, ASplitTakesAlongWhoWasMergedIntoIt) {
    Standings standings;
    standings.know(a, {b, c, 1});
    standings.know(b, {c, c, 2});
    standings.know(c, {c, c, 0});
    standings.split(b);
    const auto changed = standings.changed(9);
    EXPECT_EQ(changed.at(a), (Standing{b, b, 1}));
    EXPECT_EQ(changed.at(b), (Standing{b, b, 2}));
    EXPECT_FALSE(changed.contains(c));
}

TEST(Standings, WhoWasMergedIntoAnErasedOneStandsForItself) {
    Standings standings;
    standings.know(a, {b, b, 1});
    standings.know(b, {b, b, 0});
    standings.erase(b);
    const auto changed = standings.changed(9);
    EXPECT_EQ(changed.at(a).root, a);
    EXPECT_EQ(changed.at(b), (Standing{ProfileId::none, ProfileId::none, 9}));
}

TEST(Standings, WhoWasErasedStaysErased) {
    Standings standings;
    standings.know(a, {ProfileId::none, ProfileId::none, 3});
    standings.merge(a, b);
    standings.split(a);
    EXPECT_FALSE(standings.changed(9).contains(a));
}

}  // namespace
}  // namespace qiao::clickhouse::detail
