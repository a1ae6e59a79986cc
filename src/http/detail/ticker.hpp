// Calls a function on an I/O thread every so often, until it is told to stop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>

namespace qiao::http::detail {

// All calls on the context's own thread (or before it runs). After stop() the context may run out
// of work.
class Ticker {
public:
    Ticker(boost::asio::io_context& context, std::chrono::milliseconds period,
           std::function<void()> each)
        : timer_(context), period_(period), each_(std::move(each)) {}

    void start() {
        timer_.expires_after(period_);
        timer_.async_wait([this](boost::system::error_code) {
            // A turn that was due before stop() is past cancelling and comes without an error.
            if (is_stopped_)
                return;
            each_();
            start();
        });
    }
    void stop() {
        is_stopped_ = true;
        timer_.cancel();
    }

private:
    boost::asio::steady_timer timer_;
    std::chrono::milliseconds period_;
    std::function<void()> each_;
    bool is_stopped_ = false;
};

}  // namespace qiao::http::detail
