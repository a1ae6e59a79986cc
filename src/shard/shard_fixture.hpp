// For tests: a store, a journal and shards on a directory of their own.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <memory>

#include "shard/shards.hpp"

namespace qiao::shard {

struct ShardFixture {
    ShardFixture() {
        static std::atomic<int> next{0};
        directory = std::filesystem::temp_directory_path() /
                    ("qiao-shard-" + std::to_string(getpid()) + "-" + std::to_string(next++));
    }
    ~ShardFixture() {
        close();
        std::filesystem::remove_all(directory);
    }
    void open(std::vector<Projection*> projections) {
        auto opened = journal::Store::open(directory, options, clock);
        ASSERT_TRUE(opened) << opened.error().detail;
        store = std::move(*opened);
        journal = std::make_unique<journal::Journal>(*store, clock, metrics);
        shards =
            std::make_unique<Shards>(*store, *journal, clock, metrics, std::move(projections), 2);
        shards->start();
    }
    void close() {
        shards.reset();
        journal.reset();
        store.reset();
    }

    TestClock clock{time_from_ms(1'790'000'000'000)};
    Metrics metrics;
    journal::StoreOptions options;
    std::filesystem::path directory;
    std::unique_ptr<journal::Store> store;
    std::unique_ptr<journal::Journal> journal;
    std::unique_ptr<Shards> shards;
};

}  // namespace qiao::shard
