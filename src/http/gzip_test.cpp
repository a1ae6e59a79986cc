#include "http/gzip.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace qiao::http {
namespace {

TEST(Gzip, GivesBackWhatWentIn) {
    const bool holds = rc::check([](const std::string& text) {
        const auto packed = gzip(text, 1);
        RC_ASSERT(looks_gzipped(packed));
        RC_ASSERT(gunzip(packed, text.size() + packed.size()).value() == text);
    });
    EXPECT_TRUE(holds);
}

TEST(Gunzip, TakesABodyOfExactlyTheLimitAndRefusesOneByteMore) {
    const std::string text(100'000, 'a');
    EXPECT_EQ(gunzip(gzip(text, 9), text.size()).value(), text);
    const auto refused = gunzip(gzip(text, 9), text.size() - 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, "http.body_too_large");
    EXPECT_EQ(refused.error().code, ErrorCode::too_large);
}

TEST(Gunzip, StopsABombAtTheLimit) {
    const std::string packed = gzip(std::string(64 << 20, '\0'), 9);
    ASSERT_LT(packed.size(), 100'000u);
    EXPECT_EQ(gunzip(packed, 1 << 20).error().reason, "http.body_too_large");
}

TEST(Gunzip, JoinsMembers) {
    EXPECT_EQ(gunzip(gzip("first ", 1) + gzip("second", 1), 1000).value(), "first second");
}

TEST(Gunzip, RefusesWhatIsCutOffOrDamaged) {
    const auto packed = gzip("a body that is long enough to be cut anywhere at all", 1);
    for (std::size_t length = 2; length < packed.size(); ++length)
        EXPECT_EQ(gunzip(packed.substr(0, length), 1000).error().reason, "http.bad_gzip") << length;
    auto damaged = packed;
    damaged[packed.size() - 6] ^= 1;  // the checksum
    EXPECT_FALSE(gunzip(damaged, 1000));
    EXPECT_FALSE(gunzip(packed + "rest", 1000));
}

}  // namespace
}  // namespace qiao::http
