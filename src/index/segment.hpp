// A segment: rows of many events, event by event, sorted by (customer, time), never changed again.
//
// One run of bytes, in memory or a mapped file (docs/formats/index.md). Within an event the rows of
// a customer are one "run"; a rule reads the runs, and only the columns that it names.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "index/column.hpp"
#include "index/people.hpp"
#include "index/row_order.hpp"

namespace qiao::index {

// The profile that a row was recorded for, where a merge has moved it to another customer.
inline constexpr ColumnKey origin_key{0, ValueType::null};

struct EventRows {
    Code event = 0;
    std::uint32_t rows = 0;
    std::uint32_t runs = 0;
    std::int64_t first_ms = 0, last_ms = 0;
    const Dense* run_customer = nullptr;       // ascending, without repeats
    const std::uint32_t* run_start = nullptr;  // runs + 1 row numbers
    const std::uint32_t* block_run = nullptr;  // blocks + 1 run numbers
    std::uint32_t blocks = 0;
    const std::int64_t* time = nullptr;                 // ascending within a run
    std::vector<std::pair<ColumnKey, Column>> columns;  // sorted by key

    const Column* find(ColumnKey key) const;
    // The runs of a block of customers, as [first, second).
    std::pair<std::uint32_t, std::uint32_t> runs_of(Dense block) const {
        if (block >= blocks)
            return {0, 0};
        return {block_run[block], block_run[block + 1]};
    }
    // The rows of one customer, as [first, second).
    std::pair<std::uint32_t, std::uint32_t> rows_of(Dense customer) const;
};

// The bytes of a file are not those that were written.
struct DamagedSegment : std::runtime_error {
    DamagedSegment() : std::runtime_error("a file of the sequence index is damaged") {}
};

class Segment {
public:
    // Takes the bytes that a SegmentWriter made.
    static std::shared_ptr<const Segment> of_bytes(std::string bytes);
    // Maps a file and verifies its header and directory; the bytes of an event are verified at the
    // first find() of it, or by verify(). `damaged` is set where they are not what was written.
    // `is_ours`: this process has just written it, so that it need not be read again. Errors:
    // index.corrupt, index.version.
    static Result<std::shared_ptr<const Segment>> open(
        const std::filesystem::path& path, std::shared_ptr<std::atomic<bool>> damaged = {},
        bool is_ours = false);
    ~Segment();
    Segment(const Segment&) = delete;
    Segment& operator=(const Segment&) = delete;

    // Null where the segment has no such event. Throws DamagedSegment.
    const EventRows* find(Code event) const;
    // Null also where all of its rows are outside of [from, until): then nothing is read.
    const EventRows* find(Code event, std::int64_t from_ms, std::int64_t until_ms) const;
    // Unverified, unless find() or verify() has been there.
    std::span<const EventRows> events() const { return events_; }
    // In which order the rows happened. Throws DamagedSegment.
    const RowOrder& order() const;
    // Whether the bytes of events()[part], or of the order where part is events().size(), are what
    // was written; reads them all once.
    bool verify(std::size_t part) const;
    std::uint64_t rows() const { return rows_; }
    // Of all rows; of none, first > last.
    std::int64_t first_ms() const { return first_ms_; }
    std::int64_t last_ms() const { return last_ms_; }
    std::uint64_t bytes() const { return size_; }
    const std::filesystem::path& path() const { return path_; }  // empty: in memory

private:
    Segment() = default;
    Result<void> read_directory();
    bool is_within(std::uint64_t begin, std::uint64_t end, std::uint64_t hash);

    std::string memory_;
    void* mapped_ = nullptr;
    const char* data_ = nullptr;
    std::uint64_t size_ = 0;
    std::uint64_t rows_ = 0;
    std::int64_t first_ms_ = INT64_MAX, last_ms_ = INT64_MIN;
    std::filesystem::path path_;
    std::vector<EventRows> events_;  // sorted by event
    RowOrder order_;

    // Of a mapped file: where the bytes of each event and of the order lie, and what is known of
    // them.
    struct Bytes {
        std::uint64_t begin = 0, end = 0, hash = 0;
    };
    enum class Known : std::uint8_t { nothing, fine, damaged };
    std::vector<Bytes> bytes_;
    std::unique_ptr<std::atomic<Known>[]> known_;
    std::shared_ptr<std::atomic<bool>> damaged_;
};

// Writes a segment event by event, each event once, to memory or to a file.
class SegmentWriter {
public:
    SegmentWriter();
    // Throws std::system_error where the file cannot be written (a full disk).
    explicit SegmentWriter(const std::filesystem::path& path);
    ~SegmentWriter();

    using Fetch = std::function<void(ColumnKey, std::vector<Cell>& cells)>;
    // `customer` and `time` are sorted by (customer, time); `keys` ascend; `fetch` fills one
    // column.
    void add(Code event, std::span<const Dense> customer, std::span<const std::int64_t> time,
             std::span<const ColumnKey> keys, const Fetch& fetch);
    // Syncs the file. Afterwards: the bytes, where the segment is in memory.
    std::string finish();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Which rows a merge keeps.
struct Kept {
    std::function<bool(Dense)> customers;
    std::int64_t from_ms = INT64_MIN, until_ms = INT64_MAX;  // [from, until)
    std::function<bool(std::int64_t)> times;                 // of these, where it is there
};
// Writes the rows of `sources` (older first) that are kept, merged. Reads nothing of an event where
// no row of it can be kept.
void merge_segments(std::span<const std::shared_ptr<const Segment>> sources, const Kept& kept,
                    SegmentWriter& writer);

}  // namespace qiao::index
