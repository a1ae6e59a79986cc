// Waiting with a deadline: the writer's turn, and a small pool of connections.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "sql/database.hpp"

namespace qiao::sql::detail {

inline constexpr std::chrono::seconds turn_deadline{30};
inline constexpr std::size_t max_readers = 8;

// One writer at a time. The turn may be given back by another thread than the one that took it.
class WriterTurn {
public:
    void take() {
        std::unique_lock lock(mutex_);
        if (taken_ && holder_ == std::this_thread::get_id())
            throw Fault("this thread already holds the database's write transaction");
        if (!free_.wait_for(lock, turn_deadline, [&] { return !taken_; }))
            throw Fault("another write to the database took longer than 30 s");
        taken_ = true;
        holder_ = std::this_thread::get_id();
    }
    void give_back() {
        {
            std::lock_guard lock(mutex_);
            taken_ = false;
            holder_ = {};
        }
        free_.notify_one();
    }

private:
    std::mutex mutex_;
    std::condition_variable free_;
    bool taken_ = false;
    std::thread::id holder_;
};

// Up to `limit` connections, opened when first needed.
template <class Connection>
class Pool {
public:
    Pool(std::size_t limit, std::function<std::unique_ptr<Connection>()> open)
        : limit_(limit), open_(std::move(open)) {}

    std::unique_ptr<Connection> take() {
        std::unique_lock lock(mutex_);
        if (!free_.wait_for(lock, turn_deadline, [&] { return !idle_.empty() || lent_ < limit_; }))
            throw Fault("all read connections of the database were busy for 30 s");
        ++lent_;
        if (!idle_.empty()) {
            auto connection = std::move(idle_.back());
            idle_.pop_back();
            return connection;
        }
        lock.unlock();
        try {
            return open_();
        } catch (...) {
            give_back(nullptr);
            throw;
        }
    }
    // Null where the connection is broken: a new one is opened in its place.
    void give_back(std::unique_ptr<Connection> connection) {
        {
            std::lock_guard lock(mutex_);
            --lent_;
            if (connection)
                idle_.push_back(std::move(connection));
        }
        free_.notify_one();
    }

private:
    std::size_t limit_;
    std::function<std::unique_ptr<Connection>()> open_;
    std::mutex mutex_;
    std::condition_variable free_;
    std::size_t lent_ = 0;
    std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace qiao::sql::detail
