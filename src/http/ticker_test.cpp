#include "http/detail/ticker.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <thread>

namespace qiao::http::detail {
namespace {

using namespace std::chrono_literals;

TEST(Ticker, TicksUntilItIsStopped) {
    boost::asio::io_context context;
    int ticks = 0;
    Ticker* self = nullptr;
    Ticker ticker(context, 1ms, [&] {
        if (++ticks == 3)
            self->stop();
    });
    self = &ticker;
    ticker.start();
    context.run_for(10s);
    EXPECT_TRUE(context.stopped());
    EXPECT_EQ(ticks, 3);
}

// The turn is due when stop() runs: cancelling misses it, and it must not begin another.
TEST(Ticker, StopsAlsoWhereItsTurnIsAlreadyDue) {
    boost::asio::io_context context;
    int ticks = 0;
    Ticker ticker(context, 1ms, [&] { ++ticks; });
    ticker.start();
    std::this_thread::sleep_for(20ms);
    boost::asio::post(context, [&] { ticker.stop(); });
    context.run_for(300ms);
    EXPECT_TRUE(context.stopped()) << "the context still has work after " << ticks << " ticks";
    EXPECT_EQ(ticks, 0);
}

}  // namespace
}  // namespace qiao::http::detail
