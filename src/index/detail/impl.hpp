// The inside of an index: its newest state, and the one who flushes, merges and compacts.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "index/detail/files.hpp"
#include "index/detail/periods.hpp"
#include "index/index.hpp"

namespace qiao::index {

using detail::SegmentPtr;
using detail::Segments;

struct Index::Impl {
    explicit Impl(IndexOptions given)
        : options(std::move(given)),
          maintains(options.maintains),
          strings(std::make_shared<Strings>()),
          intake(strings),
          divider(detail::Periods(options.period), options.memory_rows / 4) {}
    ~Impl();

    // index.cpp
    Result<void> open();
    void publish(const Positions& positions, SegmentPtr fresh);
    void merge_small();
    void apply(std::span<const IndexChange> changes, const Positions& positions);
    Snapshot now() const {
        std::lock_guard lock(list_mutex);
        return current;
    }
    // Publishes the current state after `change` of a copy.
    void amend(const std::function<void(State&)>& change);

    // maintenance.cpp
    void replace(const Segments& old, const Segments& made, std::optional<Time> kept_from);
    std::string next_file();  // under `maintenance`
    SegmentPtr write(const Segments& sources, const Kept& kept, bool to_file);
    SegmentPtr write(const Segments& sources, const Snapshot& state, bool to_file,
                     std::optional<Time> from);
    SegmentPtr open_file(const std::filesystem::path& path);  // that was written just now
    void save(const Snapshot& state, const Segments& files);
    void flush_locked();
    void compact_locked(bool everything);
    // What is due for a file of its own, by what its period has in other files.
    std::set<detail::Period> due(const detail::Division& division, bool everything,
                                 std::optional<Time> from) const;
    Segments rewritten(const Snapshot& state, bool everything, std::optional<Time> from);
    void rewrite(const Snapshot& state, bool everything, bool forgets);
    bool is_scattered();  // whether a compaction has anything to do
    bool wants_forget() const;
    void forget_texts();
    std::optional<Time> wanted_from() const;
    bool wants_drop(const State& state) const;
    bool drop_old_segments();  // false where it takes a compaction
    bool wants_work() const;
    void work();
    void let_go();  // of what no snapshot reads any more
    void verify_files();
    void run();

    IndexOptions options;
    std::atomic<bool> maintains;
    std::shared_ptr<Strings> strings;
    detail::Intake intake;
    std::mutex apply_mutex;  // the feeder, against the moment in which texts are forgotten

    mutable std::mutex list_mutex;
    Snapshot current;
    std::size_t claimed = 0;  // the oldest segments that maintenance is merging
    Positions durable{};

    std::atomic<std::int64_t> wanted_from_ms{INT64_MIN};  // becomes State::kept_from
    std::mutex maintenance;  // one flush, merge or compaction at a time
    detail::Manifest manifest;
    detail::Divider divider;           // under `maintenance`
    std::atomic<bool> settled{false};  // the files are as a compaction would leave them
    // What a compaction has replaced and snapshots may still read. Whoever lets go of a mapped file
    // of a gigabyte last spends 0.1 s on it: never the feeder, and no question.
    Segments leaving;
    // When somebody was erased of whom segments still hold rows, by the clock on the wall; 0:
    // nobody.
    std::atomic<std::int64_t> erased_at_ms{0};
    int lock_file = -1;
    bool retired = false;  // replaced by another: writes no files any more
    // Set by whoever reads a damaged event.
    std::shared_ptr<std::atomic<bool>> damaged = std::make_shared<std::atomic<bool>>(false);

    std::mutex wake_mutex;
    std::condition_variable wake;
    std::atomic<bool> stopping = false;
    std::thread thread;
};

std::int64_t wall_ms();
Segments in_memory(const Segments& segments);
Segments files_of(const Segments& segments);
std::uint64_t rows_in(const Segments& segments);

}  // namespace qiao::index
