#include "http/detail/exchange.hpp"

namespace qiao::http::detail {

namespace {
constexpr std::size_t most_unsent_bytes = 256 << 10;
}

bool Exchange::answer(Response response) {
    {
        const std::lock_guard lock(mutex_);
        if (answered_ || abandoned_)
            return false;
    }
    // Compression may take long, so it stays outside the lock.
    Wire wire = encode(response, terms, request_id);
    const std::lock_guard lock(mutex_);
    if (answered_ || abandoned_)
        return false;
    wire_ = std::move(wire);
    answered_ = true;
    wake();
    return true;
}

bool Exchange::write(std::string_view piece) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return abandoned_ || unsent_.size() < most_unsent_bytes; });
    if (abandoned_)
        return false;
    const bool was_empty = unsent_.empty();
    unsent_ += piece;
    if (was_empty && !unsent_.empty())
        wake();
    return true;
}

void Exchange::end_stream(bool complete) {
    const std::lock_guard lock(mutex_);
    stream_ = complete ? Stream::complete : Stream::broken;
    if (!abandoned_)
        wake();
}

bool Exchange::is_abandoned() const {
    const std::lock_guard lock(mutex_);
    return abandoned_;
}

bool Exchange::is_answered() const {
    const std::lock_guard lock(mutex_);
    return answered_;
}

Exchange::Stream Exchange::take(std::string& piece) {
    piece.clear();
    const std::lock_guard lock(mutex_);
    piece.swap(unsent_);
    room_.notify_all();
    return stream_;
}

void Exchange::abandon() {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    wake = nullptr;
    room_.notify_all();
}

}  // namespace qiao::http::detail
