#include "index/segment.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <system_error>

#include "base/check.hpp"
#include "base/id.hpp"

namespace qiao::index {
namespace detail {

inline constexpr char segment_magic[8] = {'Q', 'I', 'A', 'O', 'S', 'E', 'G', '\n'};
inline constexpr std::uint32_t segment_version = 2;

struct Header {
    char magic[8];
    std::uint32_t version;
    std::uint32_t events;
    std::uint64_t rows;
    std::uint64_t directory;  // offset of the entries: events, then columns
    std::uint64_t columns;
    std::uint64_t size;  // of the whole file
    std::uint64_t directory_hash;
    std::uint64_t header_hash;  // of the fields above
};
static_assert(sizeof(Header) == 64);

struct EventEntry {
    std::uint32_t event, rows, runs, blocks;
    std::int64_t first_ms, last_ms;
    std::uint64_t run_customer, run_start, block_run, time;  // offsets
    std::uint64_t first_column, columns;
    std::uint64_t begin, end, hash;  // the bytes of this event
};
struct ColumnEntry {
    std::uint32_t name, type, encoding, cells;
    std::int64_t base, unit;
    std::uint64_t dictionary, data;
};
struct OrderEntry {
    std::uint32_t customers, blocks, width, unused;
    std::uint64_t customer, count, block_customer, block_row, event;  // offsets
    std::uint64_t begin, end, hash;
};

}  // namespace detail

namespace {

using namespace detail;

tl::unexpected<Error> corrupt() {
    return fail(ErrorCode::unavailable, "index.corrupt",
                "A file of the sequence index is damaged; the index must be rebuilt from history.");
}

[[noreturn]] void throw_errno(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

template <class Item>
const Item* at(const char* data, std::uint64_t offset) {
    return reinterpret_cast<const Item*>(data + offset);
}

// Without its columns.
EventRows rows_at(const char* data, const EventEntry& entry) {
    EventRows rows;
    rows.event = entry.event;
    rows.rows = entry.rows;
    rows.runs = entry.runs;
    rows.blocks = entry.blocks;
    rows.first_ms = entry.first_ms;
    rows.last_ms = entry.last_ms;
    rows.run_customer = at<Dense>(data, entry.run_customer);
    rows.run_start = at<std::uint32_t>(data, entry.run_start);
    rows.block_run = at<std::uint32_t>(data, entry.block_run);
    rows.time = at<std::int64_t>(data, entry.time);
    return rows;
}

Column column_at(const char* data, const ColumnEntry& entry) {
    Column column;
    column.encoding = static_cast<Encoding>(entry.encoding);
    column.data = data + entry.data;
    column.dictionary = {at<Cell>(data, entry.dictionary), entry.cells};
    column.base = entry.base;
    column.unit = entry.unit;
    return column;
}

RowOrder order_at(const char* data, const OrderEntry& entry) {
    RowOrder order;
    order.customers = entry.customers;
    order.blocks = entry.blocks;
    order.width = entry.width;
    order.customer = at<Dense>(data, entry.customer);
    order.count = at<std::uint32_t>(data, entry.count);
    order.block_customer = at<std::uint32_t>(data, entry.block_customer);
    order.block_row = at<std::uint64_t>(data, entry.block_row);
    order.event = data + entry.event;
    return order;
}

}  // namespace

const Column* EventRows::find(ColumnKey key) const {
    const auto place =
        std::lower_bound(columns.begin(), columns.end(), key,
                         [](const auto& item, const ColumnKey& k) { return item.first < k; });
    return place != columns.end() && place->first == key ? &place->second : nullptr;
}

std::pair<std::uint32_t, std::uint32_t> EventRows::rows_of(Dense customer) const {
    const auto [first, last] = runs_of(customer / block_size);
    const auto* place = std::lower_bound(run_customer + first, run_customer + last, customer);
    if (place == run_customer + last || *place != customer)
        return {0, 0};
    const auto run = place - run_customer;
    return {run_start[run], run_start[run + 1]};
}

std::shared_ptr<const Segment> Segment::of_bytes(std::string bytes) {
    std::shared_ptr<Segment> made(new Segment);
    made->memory_ = std::move(bytes);
    made->data_ = made->memory_.data();
    made->size_ = made->memory_.size();
    check(made->read_directory().has_value());
    return made;
}

Result<std::shared_ptr<const Segment>> Segment::open(const std::filesystem::path& path,
                                                     std::shared_ptr<std::atomic<bool>> damaged,
                                                     bool is_ours) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return corrupt();
    struct stat status {};
    std::shared_ptr<Segment> made(new Segment);
    if (::fstat(file, &status) == 0 && status.st_size >= static_cast<off_t>(sizeof(Header))) {
        made->size_ = static_cast<std::uint64_t>(status.st_size);
        made->mapped_ = ::mmap(nullptr, made->size_, PROT_READ, MAP_SHARED, file, 0);
        if (made->mapped_ == MAP_FAILED)
            made->mapped_ = nullptr;
    }
    ::close(file);
    if (!made->mapped_)
        return corrupt();
    made->data_ = static_cast<const char*>(made->mapped_);
    made->path_ = path;
    made->damaged_ = std::move(damaged);
    if (auto read = made->read_directory(); !read)
        return fail(read.error());
    if (!is_ours)
        made->known_ = std::make_unique<std::atomic<Known>[]>(made->bytes_.size());
    return made;
}

Segment::~Segment() {
    if (mapped_)
        ::munmap(mapped_, size_);
}

Result<void> Segment::read_directory() {
    Header header;
    std::memcpy(&header, data_, sizeof header);
    if (std::memcmp(header.magic, segment_magic, sizeof segment_magic) != 0)
        return corrupt();
    if (header.version != segment_version)
        return fail(ErrorCode::unavailable, "index.version",
                    "The sequence index was made by another version of Qiao; rebuild it.");
    const std::uint64_t size = header.events * sizeof(EventEntry) +
                               header.columns * sizeof(ColumnEntry) + sizeof(OrderEntry);
    if (header.size != size_ || header.directory > size_ || size_ - header.directory != size ||
        header.header_hash != hash64({data_, sizeof header - 8}) ||
        header.directory_hash != hash64({data_ + header.directory, size}))
        return corrupt();
    rows_ = header.rows;
    const auto* entries = at<EventEntry>(data_, header.directory);
    const auto* columns = reinterpret_cast<const ColumnEntry*>(entries + header.events);
    const auto& order = *reinterpret_cast<const OrderEntry*>(columns + header.columns);
    for (std::uint32_t i = 0; i < header.events; ++i) {
        const EventEntry& entry = entries[i];
        if (!is_within(entry.begin, entry.end, entry.hash))
            return corrupt();
        auto rows = rows_at(data_, entry);
        for (std::uint64_t c = 0; c < entry.columns; ++c) {
            const ColumnEntry& from = columns[entry.first_column + c];
            rows.columns.emplace_back(ColumnKey{from.name, static_cast<ValueType>(from.type)},
                                      column_at(data_, from));
        }
        first_ms_ = std::min(first_ms_, rows.first_ms);
        last_ms_ = std::max(last_ms_, rows.last_ms);
        events_.push_back(std::move(rows));
    }
    if (!is_within(order.begin, order.end, order.hash))
        return corrupt();
    order_ = order_at(data_, order);
    return {};
}

// Remembers what the bytes should be.
bool Segment::is_within(std::uint64_t begin, std::uint64_t end, std::uint64_t hash) {
    if (mapped_)
        bytes_.push_back({begin, end, hash});
    return begin <= end && end <= size_;
}

const EventRows* Segment::find(Code event) const { return find(event, INT64_MIN, INT64_MAX); }

const EventRows* Segment::find(Code event, std::int64_t from_ms, std::int64_t until_ms) const {
    const auto place =
        std::lower_bound(events_.begin(), events_.end(), event,
                         [](const EventRows& rows, Code code) { return rows.event < code; });
    if (place == events_.end() || place->event != event || place->last_ms < from_ms ||
        place->first_ms >= until_ms)
        return nullptr;
    if (!verify(static_cast<std::size_t>(place - events_.begin())))
        throw DamagedSegment();
    return &*place;
}

const RowOrder& Segment::order() const {
    if (!verify(events_.size()))
        throw DamagedSegment();
    return order_;
}

// Two threads may do it at once, with the same outcome.
bool Segment::verify(std::size_t part) const {
    if (!known_)
        return true;
    auto& known = known_[part];
    if (known.load(std::memory_order_acquire) == Known::nothing) {
        const auto& bytes = bytes_[part];
        const bool is_fine = bytes.hash == hash64({data_ + bytes.begin, bytes.end - bytes.begin});
        known.store(is_fine ? Known::fine : Known::damaged, std::memory_order_release);
    }
    const bool is_fine = known.load(std::memory_order_acquire) == Known::fine;
    if (!is_fine && damaged_)
        damaged_->store(true);
    return is_fine;
}

struct SegmentWriter::Impl {
    int file = -1;
    std::string memory;  // the whole segment, or what is not yet written to the file
    std::uint64_t flushed = 0;
    std::uint64_t rows = 0;
    std::vector<EventEntry> events;
    std::vector<ColumnEntry> columns;

    std::uint64_t at() const { return flushed + memory.size(); }

    std::uint64_t append(const void* data, std::size_t size) {
        memory.append((16 - at() % 16) % 16, '\0');
        const std::uint64_t start = at();
        memory.append(static_cast<const char*>(data), size);
        return start;
    }
    template <class Item>
    std::uint64_t append(const std::vector<Item>& items) {
        return append(items.data(), items.size() * sizeof(Item));
    }
    void write_all(const char* data, std::size_t size, std::uint64_t offset) {
        while (size > 0) {
            const auto written = ::pwrite(file, data, size, static_cast<off_t>(offset));
            if (written < 0 && errno == EINTR)
                continue;
            if (written <= 0)
                throw_errno("writing a segment of the sequence index");
            data += written;
            offset += static_cast<std::uint64_t>(written);
            size -= static_cast<std::size_t>(written);
        }
    }
    // An event is hashed as a whole, so bytes leave for the file event by event.
    std::uint64_t hash_from(std::uint64_t begin) const {
        return hash64({memory.data() + (begin - flushed), at() - begin});
    }
    void flush() {
        if (file < 0)
            return;
        write_all(memory.data(), memory.size(), flushed);
        flushed += memory.size();
        memory.clear();
    }
    void runs(EventEntry& entry, std::span<const Dense> customer);
    RowOrderArrays order_of_rows() const;
    OrderEntry order();
};

void SegmentWriter::Impl::runs(EventEntry& entry, std::span<const Dense> customer) {
    std::vector<Dense> run_customer;
    std::vector<std::uint32_t> run_start, block_run;
    for (std::uint32_t row = 0; row < customer.size(); ++row) {
        if (row > 0 && customer[row] == customer[row - 1])
            continue;
        const auto run = static_cast<std::uint32_t>(run_customer.size());
        while (block_run.size() <= customer[row] / block_size)
            block_run.push_back(run);
        run_customer.push_back(customer[row]);
        run_start.push_back(row);
    }
    entry.blocks = static_cast<std::uint32_t>(block_run.size());
    entry.runs = static_cast<std::uint32_t>(run_customer.size());
    block_run.push_back(entry.runs);
    run_start.push_back(static_cast<std::uint32_t>(customer.size()));
    entry.run_customer = append(run_customer);
    entry.run_start = append(run_start);
    entry.block_run = append(block_run);
}

// The rows are read where they were written.
RowOrderArrays SegmentWriter::Impl::order_of_rows() const {
    const char* data = memory.data();
    void* mapped = nullptr;
    if (file >= 0 && flushed > 0) {
        mapped = ::mmap(nullptr, flushed, PROT_READ, MAP_SHARED, file, 0);
        if (mapped == MAP_FAILED)
            throw_errno("reading a segment of the sequence index back");
        data = static_cast<const char*>(mapped);
    }
    std::vector<EventRows> rows;
    for (const auto& entry : events)
        rows.push_back(rows_at(data, entry));
    auto made = order_rows(rows);
    if (mapped)
        ::munmap(mapped, flushed);
    return made;
}

OrderEntry SegmentWriter::Impl::order() {
    const auto arrays = order_of_rows();
    OrderEntry entry{};
    entry.customers = static_cast<std::uint32_t>(arrays.customer.size());
    entry.blocks = static_cast<std::uint32_t>(arrays.block_row.size() - 1);
    entry.width = arrays.width;
    entry.begin = append(nullptr, 0);
    entry.customer = append(arrays.customer);
    entry.count = append(arrays.count);
    entry.block_customer = append(arrays.block_customer);
    entry.block_row = append(arrays.block_row);
    entry.event = append(arrays.event);
    entry.end = at();
    entry.hash = hash_from(entry.begin);
    flush();
    return entry;
}

SegmentWriter::SegmentWriter() : impl_(std::make_unique<Impl>()) {
    impl_->memory.append(sizeof(Header), '\0');
}

SegmentWriter::SegmentWriter(const std::filesystem::path& path) : SegmentWriter() {
    impl_->file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);
    if (impl_->file < 0)
        throw_errno("creating a segment of the sequence index");
}

SegmentWriter::~SegmentWriter() {
    if (impl_->file >= 0)
        ::close(impl_->file);
}

void SegmentWriter::add(Code event, std::span<const Dense> customer,
                        std::span<const std::int64_t> time, std::span<const ColumnKey> keys,
                        const Fetch& fetch) {
    if (customer.empty())
        return;
    check(customer.size() == time.size() && customer.size() < UINT32_MAX);
    EventEntry entry{};
    entry.event = event;
    entry.rows = static_cast<std::uint32_t>(customer.size());
    const auto [first, last] = std::minmax_element(time.begin(), time.end());
    entry.first_ms = *first;
    entry.last_ms = *last;
    entry.begin = impl_->append(nullptr, 0);
    impl_->runs(entry, customer);
    entry.time = impl_->append(time.data(), time.size_bytes());
    entry.first_column = impl_->columns.size();
    std::vector<Cell> cells;
    for (const ColumnKey key : keys) {
        cells.assign(customer.size(), missing);
        fetch(key, cells);
        if (std::all_of(cells.begin(), cells.end(), [](Cell cell) { return cell == missing; }))
            continue;
        const EncodedColumn encoded = encode_column(cells);
        ColumnEntry column{key.name,
                           static_cast<std::uint32_t>(key.type),
                           static_cast<std::uint32_t>(encoded.encoding),
                           static_cast<std::uint32_t>(encoded.dictionary.size()),
                           encoded.base,
                           encoded.unit,
                           0,
                           0};
        column.dictionary = impl_->append(encoded.dictionary);
        column.data = impl_->append(encoded.data.data(), encoded.data.size());
        impl_->columns.push_back(column);
    }
    entry.columns = impl_->columns.size() - entry.first_column;
    entry.end = impl_->at();
    entry.hash = impl_->hash_from(entry.begin);
    impl_->events.push_back(entry);
    impl_->rows += entry.rows;
    impl_->flush();
}

std::string SegmentWriter::finish() {
    std::sort(impl_->events.begin(), impl_->events.end(),
              [](const EventEntry& a, const EventEntry& b) { return a.event < b.event; });
    const auto order = impl_->order();
    Header header{};
    std::memcpy(header.magic, segment_magic, sizeof segment_magic);
    header.version = segment_version;
    header.events = static_cast<std::uint32_t>(impl_->events.size());
    header.columns = impl_->columns.size();
    header.rows = impl_->rows;
    header.directory = impl_->append(impl_->events);
    std::string directory(reinterpret_cast<const char*>(impl_->events.data()),
                          impl_->events.size() * sizeof(EventEntry));
    directory.append(reinterpret_cast<const char*>(impl_->columns.data()),
                     impl_->columns.size() * sizeof(ColumnEntry));
    directory.append(reinterpret_cast<const char*>(&order), sizeof order);
    impl_->memory.append(directory, impl_->events.size() * sizeof(EventEntry));
    header.directory_hash = hash64(directory);
    header.size = impl_->at();
    header.header_hash = hash64({reinterpret_cast<const char*>(&header), sizeof header - 8});
    if (impl_->file < 0) {
        std::memcpy(impl_->memory.data(), &header, sizeof header);
        return std::move(impl_->memory);
    }
    const bool held_header = impl_->flushed == 0;
    if (held_header)
        std::memcpy(impl_->memory.data(), &header, sizeof header);
    impl_->flush();
    if (!held_header)
        impl_->write_all(reinterpret_cast<const char*>(&header), sizeof header, 0);
    if (::fsync(impl_->file) != 0)
        throw_errno("syncing a segment of the sequence index");
    return {};
}

namespace {

// Walks the runs of one event over several segments in ascending order of customers.
class MergedRows {
public:
    MergedRows(std::vector<const EventRows*> sources, const Kept& kept)
        : sources_(std::move(sources)), kept_(kept), next_(sources_.size(), 0) {
        std::uint64_t most = 0;
        for (const auto* source : sources_)
            if (is_whole(*source))
                most += source->rows;
        customer_.reserve(most);
        time_.reserve(most);
        order_.reserve(most);
        while (true) {
            Dense lowest = UINT32_MAX;
            for (std::size_t s = 0; s < sources_.size(); ++s)
                if (next_[s] < sources_[s]->runs)
                    lowest = std::min(lowest, sources_[s]->run_customer[next_[s]]);
            if (lowest == UINT32_MAX)
                break;
            take(lowest, kept.customers(lowest));
        }
    }

    std::span<const Dense> customer() const { return customer_; }
    std::span<const std::int64_t> time() const { return time_; }
    void fetch(ColumnKey key, std::vector<Cell>& cells) const {
        std::vector<const Column*> columns;
        for (const auto* source : sources_)
            columns.push_back(source->find(key));
        for (std::size_t i = 0; i < order_.size(); ++i)
            if (const auto* column = columns[order_[i] >> 32])
                cells[i] = column->at(static_cast<std::uint32_t>(order_[i]));
    }

private:
    bool is_whole(const EventRows& rows) const {
        return !kept_.times && rows.first_ms >= kept_.from_ms && rows.last_ms < kept_.until_ms;
    }
    bool keeps(std::int64_t time_ms) const {
        return time_ms >= kept_.from_ms && time_ms < kept_.until_ms &&
               (!kept_.times || kept_.times(time_ms));
    }
    void take(Dense customer, bool keep) {
        const std::size_t start = order_.size();
        unsigned parts = 0;
        for (std::size_t s = 0; s < sources_.size(); ++s) {
            const auto& source = *sources_[s];
            if (next_[s] >= source.runs || source.run_customer[next_[s]] != customer)
                continue;
            if (keep) {
                ++parts;
                for (auto row = source.run_start[next_[s]]; row < source.run_start[next_[s] + 1];
                     ++row)
                    if (keeps(source.time[row]))
                        order_.push_back(static_cast<std::uint64_t>(s) << 32 | row);
            }
            ++next_[s];
        }
        const auto time_of = [&](std::uint64_t item) {
            return sources_[item >> 32]->time[static_cast<std::uint32_t>(item)];
        };
        if (parts > 1)
            std::stable_sort(order_.begin() + static_cast<std::ptrdiff_t>(start), order_.end(),
                             [&](auto a, auto b) { return time_of(a) < time_of(b); });
        for (std::size_t i = start; i < order_.size(); ++i) {
            customer_.push_back(customer);
            time_.push_back(time_of(order_[i]));
        }
    }

    std::vector<const EventRows*> sources_;
    const Kept& kept_;
    std::vector<std::uint32_t> next_;
    std::vector<Dense> customer_;
    std::vector<std::int64_t> time_;
    std::vector<std::uint64_t> order_;  // source << 32 | row
};

}  // namespace

void merge_segments(std::span<const std::shared_ptr<const Segment>> sources, const Kept& kept,
                    SegmentWriter& writer) {
    std::set<Code> events;
    for (const auto& source : sources)
        for (const auto& rows : source->events())
            events.insert(rows.event);
    for (const Code event : events) {
        std::vector<const EventRows*> parts;
        std::set<ColumnKey> keys;
        for (const auto& source : sources) {
            const auto* rows = source->find(event, kept.from_ms, kept.until_ms);
            if (!rows)
                continue;
            parts.push_back(rows);
            for (const auto& [key, column] : rows->columns)
                keys.insert(key);
        }
        const MergedRows merged(std::move(parts), kept);
        const std::vector<ColumnKey> sorted(keys.begin(), keys.end());
        writer.add(event, merged.customer(), merged.time(), sorted,
                   [&](ColumnKey key, std::vector<Cell>& cells) { merged.fetch(key, cells); });
    }
}

}  // namespace qiao::index
