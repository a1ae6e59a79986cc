#include "index/index.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>

#include "base/check.hpp"
#include "index/detail/files.hpp"
#include "runtime/log.hpp"

namespace qiao::index {
namespace {

using SegmentPtr = std::shared_ptr<const Segment>;
using Segments = std::vector<SegmentPtr>;

// The feeder itself merges only segments so small that it takes a few milliseconds.
constexpr std::uint64_t feeder_merge_rows = 64 * 1024;
constexpr std::size_t memory_segments = 12;

std::uint64_t rows_in(const Segments& segments) {
    std::uint64_t rows = 0;
    for (const auto& segment : segments)
        rows += segment->rows();
    return rows;
}

Segments in_memory(const Segments& segments) {
    Segments made;
    for (const auto& segment : segments)
        if (segment->path().empty())
            made.push_back(segment);
    return made;
}

std::function<bool(Dense)> living(const Snapshot& state) {
    return [state](Dense customer) { return state->alive->contains(customer); };
}

}  // namespace

struct Index::Impl {
    explicit Impl(IndexOptions given)
        : options(std::move(given)), strings(std::make_shared<Strings>()), intake(strings) {}
    ~Impl();

    Result<void> open();
    void publish(const Positions& positions, SegmentPtr fresh);
    void merge_small();
    void replace(const Segments& old, SegmentPtr made);
    Snapshot now() const {
        std::lock_guard lock(list_mutex);
        return current;
    }
    SegmentPtr write(const Segments& sources, const Snapshot& state, bool to_file);
    void save(const Snapshot& state, const Segments& files);
    void flush_locked();
    void compact_locked();
    void forget_texts(const SegmentPtr& base);
    bool wants_work() const;
    void work();
    void run();

    IndexOptions options;
    std::shared_ptr<Strings> strings;
    detail::Intake intake;
    std::mutex apply_mutex;  // the feeder, against the moment in which texts are forgotten

    mutable std::mutex list_mutex;
    Snapshot current;
    std::size_t claimed = 0;  // the oldest segments that maintenance is merging
    Positions durable{};

    std::mutex maintenance;  // one flush, merge or compaction at a time
    detail::Manifest manifest;
    int lock_file = -1;

    std::mutex wake_mutex;
    std::condition_variable wake;
    bool stopping = false;
    std::thread thread;
};

Index::Impl::~Impl() {
    {
        std::lock_guard lock(wake_mutex);
        stopping = true;
    }
    wake.notify_all();
    if (thread.joinable())
        thread.join();
    if (lock_file >= 0)
        ::close(lock_file);
}

Result<void> Index::Impl::open() {
    auto first = std::make_shared<State>();
    first->positions.fill(1);
    if (!options.directory.empty()) {
        std::filesystem::create_directories(options.directory);
        lock_file =
            ::open((options.directory / "LOCK").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
        if (lock_file < 0 || ::flock(lock_file, LOCK_EX | LOCK_NB) != 0)
            return fail(ErrorCode::unavailable, "index.locked",
                        "Another process has the sequence index open; stop it first.");
        auto read = detail::read_manifest(options.directory);
        if (!read)
            return fail(read.error());
        if (*read) {
            manifest = **read;
            auto positions =
                detail::read_state(options.directory / manifest.state, *strings, intake);
            if (!positions)
                return fail(positions.error());
            first->positions = *positions;
            for (const auto& name : manifest.segments) {
                auto segment = Segment::open(options.directory / name);
                if (!segment)
                    return fail(segment.error());
                first->segments.push_back(std::move(*segment));
            }
        }
        detail::remove_others(options.directory, manifest);
    }
    durable = first->positions;
    intake.publish(*first);
    first->version = 1;
    current = std::move(first);
    if (options.background)
        thread = std::thread([this] { run(); });
    return {};
}

void Index::Impl::publish(const Positions& positions, SegmentPtr fresh) {
    auto next = std::make_shared<State>();
    intake.publish(*next);
    next->positions = positions;
    std::lock_guard lock(list_mutex);
    next->version = current->version + 1;
    next->segments = current->segments;
    if (fresh)
        next->segments.push_back(std::move(fresh));
    current = std::move(next);
}

// Keeps the number of tiny segments logarithmic: the newest are merged while each is at most twice
// as large as all that follow it.
void Index::Impl::merge_small() {
    const Snapshot state = now();
    std::size_t oldest_claimed;
    {
        std::lock_guard lock(list_mutex);
        oldest_claimed = claimed;
    }
    const auto& all = state->segments;
    std::size_t from = all.size();
    std::uint64_t rows = 0;
    while (from > oldest_claimed && all[from - 1]->path().empty() &&
           rows + all[from - 1]->rows() <= feeder_merge_rows &&
           (rows == 0 || all[from - 1]->rows() <= 2 * rows)) {
        rows += all[--from]->rows();
    }
    const Segments small(all.begin() + static_cast<std::ptrdiff_t>(from), all.end());
    if (small.size() < 4)
        return;
    SegmentPtr made = write(small, state, false);
    std::lock_guard lock(list_mutex);
    // Maintenance may have taken or replaced segments meanwhile; the next apply() tries again.
    if (claimed > from || current->segments != state->segments)
        return;
    auto next = std::make_shared<State>(*current);
    next->segments.resize(from);
    if (made)
        next->segments.push_back(std::move(made));
    current = std::move(next);
}

// Puts `made` in the place of `old`, which stand together in the list.
void Index::Impl::replace(const Segments& old, SegmentPtr made) {
    std::lock_guard lock(list_mutex);
    auto next = std::make_shared<State>(*current);
    auto& list = next->segments;
    const auto first = std::find(list.begin(), list.end(), old.front());
    check(first != list.end() && static_cast<std::size_t>(list.end() - first) >= old.size());
    check(std::equal(old.begin(), old.end(), first));
    const auto place = list.erase(first, first + static_cast<std::ptrdiff_t>(old.size()));
    if (made)
        list.insert(place, std::move(made));
    current = std::move(next);
    claimed = 0;
}

SegmentPtr Index::Impl::write(const Segments& sources, const Snapshot& state, bool to_file) {
    if (!to_file) {
        SegmentWriter writer;
        merge_segments(sources, living(state), writer);
        auto made = Segment::of_bytes(writer.finish());
        return made->rows() > 0 ? made : nullptr;
    }
    const auto path =
        options.directory / ("segment-" + std::to_string(manifest.next_number++) + ".qseg");
    {
        SegmentWriter writer(path);
        merge_segments(sources, living(state), writer);
        writer.finish();
    }
    auto made = Segment::open(path);
    if (!made)
        throw std::runtime_error(made.error().detail);
    return *made;
}

// Makes the state and these segment files the ones that survive.
void Index::Impl::save(const Snapshot& state, const Segments& files) {
    manifest.state = "state-" + std::to_string(manifest.next_number++) + ".qst";
    detail::write_state(options.directory / manifest.state, *state,
                        intake.profiles().redirects(state->merges));
    manifest.segments.clear();
    for (const auto& file : files)
        manifest.segments.push_back(file->path().filename().string());
    detail::write_manifest(options.directory, manifest);
    detail::remove_others(options.directory, manifest);
    std::lock_guard lock(list_mutex);
    durable = state->positions;
}

void Index::Impl::flush_locked() {
    Snapshot state;
    {
        std::lock_guard lock(list_mutex);
        state = current;
        claimed = state->segments.size();
    }
    const Segments fresh = in_memory(state->segments);
    Segments files;
    for (const auto& segment : state->segments)
        if (!segment->path().empty())
            files.push_back(segment);
    SegmentPtr made;
    if (!fresh.empty()) {
        made = write(fresh, state, true);
        files.push_back(made);
    }
    save(state, files);
    if (made)
        replace(fresh, made);
    std::lock_guard lock(list_mutex);
    claimed = 0;
}

void Index::Impl::compact_locked() {
    Snapshot state;
    std::uint64_t erased = 0;
    {
        std::lock_guard applying(apply_mutex);
        std::lock_guard lock(list_mutex);
        state = current;
        claimed = state->segments.size();
        erased = intake.take_erased();
    }
    const bool to_file = !options.directory.empty();
    SegmentPtr base;
    if (!state->segments.empty()) {
        base = write(state->segments, state, to_file);
        replace(state->segments, base);
    }
    if (erased > 0)
        forget_texts(base);
    if (to_file)
        flush_locked();
}

namespace {

// The texts and sets that something living uses.
struct Used {
    std::vector<bool> texts, sets;

    void mark(ValueType type, Cell cell) {
        if (cell == missing)
            return;
        auto& marks = type == ValueType::string_set ? sets : texts;
        const bool is_code =
            type == ValueType::string || type == ValueType::sealed || type == ValueType::string_set;
        if (is_code)
            put(marks, static_cast<std::size_t>(cell));
    }
    void mark(const Segment& segment) {
        for (const auto& rows : segment.events()) {
            put(texts, rows.event);
            for (const auto& [key, column] : rows.columns)
                mark(rows, key, column);
        }
    }
    void mark(const EventRows& rows, const ColumnKey& key, const Column& column) {
        if (key == origin_key)
            return;
        put(texts, key.name);
        for (const Cell cell : column.dictionary)
            mark(key.type, cell);
        if (column.encoding <= Encoding::dict16)
            return;
        for (std::uint32_t row = 0; row < rows.rows; ++row)
            mark(key.type, column.at(row));
    }
    static void put(std::vector<bool>& marks, std::size_t code) {
        if (code >= marks.size())
            marks.resize(code + 1);
        marks[code] = true;
    }
};

}  // namespace

// Forgets every text that no living row, attribute or name uses. The base is read beforehand: only
// what is newer has to be read while the feeder waits.
void Index::Impl::forget_texts(const SegmentPtr& base) {
    Used used;
    if (base)
        used.mark(*base);
    std::lock_guard applying(apply_mutex);
    const Snapshot state = now();
    for (const auto& segment : state->segments)
        if (segment != base)
            used.mark(*segment);
    for (const auto& [key, attribute] : *state->attributes) {
        Used::put(used.texts, key.column.name);
        attribute->each_used([&](Cell cell) { used.mark(key.column.type, cell); });
    }
    used.texts.resize(strings->size());
    used.sets.resize(strings->set_count());
    strings->blank_unused(used.texts, used.sets);
}

bool Index::Impl::wants_work() const {
    const Snapshot state = now();
    const Segments fresh = in_memory(state->segments);
    return fresh.size() > memory_segments || rows_in(fresh) > options.memory_rows;
}

// One step of maintenance: files when memory holds enough, else fewer segments in memory; a
// compaction when the rows beside the base have grown to a share of it.
void Index::Impl::work() {
    std::lock_guard one(maintenance);
    const bool on_disk = !options.directory.empty();
    Snapshot state = now();
    Segments fresh = in_memory(state->segments);
    if (on_disk && rows_in(fresh) > options.memory_rows) {
        flush_locked();
    } else if (fresh.size() > memory_segments) {
        {
            std::lock_guard lock(list_mutex);
            state = current;
            claimed = state->segments.size();
        }
        fresh = in_memory(state->segments);
        replace(fresh, write(fresh, state, false));
    }
    state = now();
    std::uint64_t most = 0;
    for (const auto& segment : state->segments)
        most = std::max(most, segment->rows());
    const std::uint64_t beside = state->rows() - most;
    const auto files = state->segments.size() - in_memory(state->segments).size();
    if (on_disk && files > 1 &&
        (static_cast<double>(beside) > options.compact_share * static_cast<double>(most) ||
         files > 8))
        compact_locked();
}

void Index::Impl::run() {
    std::unique_lock lock(wake_mutex);
    while (!stopping) {
        wake.wait_for(lock, std::chrono::seconds(1));
        if (stopping)
            return;
        lock.unlock();
        try {
            if (wants_work())
                work();
        } catch (const std::exception&) {
            log::error(
                "The sequence index could not write its files; it keeps its rows in memory "
                "and tries again.");
            std::lock_guard list(list_mutex);
            claimed = 0;
        }
        lock.lock();
    }
}

Index::Index(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Index::~Index() = default;

Result<std::unique_ptr<Index>> Index::open(IndexOptions options) {
    auto impl = std::make_unique<Impl>(std::move(options));
    if (auto opened = impl->open(); !opened)
        return fail(opened.error());
    return std::unique_ptr<Index>(new Index(std::move(impl)));
}

void Index::apply(std::span<const IndexChange> changes, const Positions& positions) {
    {
        std::lock_guard applying(impl_->apply_mutex);
        const Snapshot before = impl_->now();
        for (const auto& change : changes)
            impl_->intake.apply(change, before->segments);
        impl_->publish(positions, impl_->intake.take_rows());
        impl_->merge_small();
    }
    if (!impl_->wants_work())
        return;
    if (impl_->options.background)
        impl_->wake.notify_one();
    else
        impl_->work();
}

Snapshot Index::snapshot() const { return impl_->now(); }

std::uint64_t Index::data_version() const { return impl_->now()->version; }

std::optional<Dense> Index::find(const State& state, ProfileId profile) const {
    const auto dense = impl_->intake.profiles().find(profile);
    if (!dense || !state.alive->contains(*dense))
        return std::nullopt;
    return dense;
}

void Index::flush() {
    if (impl_->options.directory.empty())
        return;
    std::lock_guard one(impl_->maintenance);
    impl_->flush_locked();
}

void Index::compact() {
    std::lock_guard one(impl_->maintenance);
    impl_->compact_locked();
}

Positions Index::durable_positions() const {
    std::lock_guard lock(impl_->list_mutex);
    return impl_->durable;
}

MemoryUse Index::memory_use() const {
    MemoryUse use;
    const Snapshot state = snapshot();
    for (const auto& segment : state->segments)
        (segment->path().empty() ? use.rows : use.mapped) += segment->bytes();
    for (const auto& [key, attribute] : *state->attributes) {
        use.attributes += attribute->dictionary->size() * 56;
        for (const auto& block : attribute->blocks)
            use.attributes += block ? block->size() : 0;
    }
    use.strings = impl_->strings->memory();
    use.profiles = state->profiles.size() * sizeof(std::array<ProfileId, block_size>) +
                   impl_->intake.profiles().memory();
    return use;
}

namespace {

// Row numbers in order of (customer, time); empty where the rows stand in that order already.
std::vector<std::uint32_t> sorted_order(const BulkEvent& event) {
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
        return std::tie(event.customer[a], event.time_ms[a]) <
               std::tie(event.customer[b], event.time_ms[b]);
    };
    std::vector<std::uint32_t> order(event.customer.size());
    std::iota(order.begin(), order.end(), 0u);
    if (std::is_sorted(order.begin(), order.end(), before))
        return {};
    std::stable_sort(order.begin(), order.end(), before);
    return order;
}

template <class Item>
void reorder(std::vector<Item>& items, const std::vector<std::uint32_t>& order) {
    if (order.empty())
        return;
    std::vector<Item> made;
    made.reserve(items.size());
    for (const auto row : order)
        made.push_back(items[row]);
    items = std::move(made);
}

void add_bulk(SegmentWriter& writer, BulkEvent& event, Strings& strings) {
    const auto order = sorted_order(event);
    reorder(event.customer, order);
    reorder(event.time_ms, order);
    std::vector<std::pair<ColumnKey, const BulkEvent::Column*>> columns;
    std::vector<ColumnKey> keys;
    for (const auto& column : event.columns)
        columns.push_back({ColumnKey{strings.code(column.name), column.type}, &column});
    std::sort(columns.begin(), columns.end());
    for (const auto& [key, column] : columns)
        keys.push_back(key);
    writer.add(strings.code(event.event), event.customer, event.time_ms, keys,
               [&](ColumnKey key, std::vector<Cell>& cells) {
                   for (const auto& [known, column] : columns)
                       if (known == key)
                           cells = column->cells;
                   reorder(cells, order);
               });
}

}  // namespace

void Index::load(std::vector<ProfileId> profiles, std::vector<BulkTag> tags,
                 const std::function<bool(BulkEvent&)>& next, const Positions& positions) {
    std::lock_guard one(impl_->maintenance);
    std::lock_guard applying(impl_->apply_mutex);
    const auto customers = static_cast<Dense>(profiles.size());
    People alive(customers);
    for (Dense dense = 0; dense < customers; ++dense)
        alive.add(dense);
    impl_->intake.restore(profiles, alive, {});
    for (const auto& tag : tags) {
        auto& writer =
            impl_->intake.writer({Space::tag, {impl_->strings->code(tag.name), tag.type}});
        for (Dense dense = 0; dense < customers; ++dense)
            writer.set(dense, tag.cells[dense]);
    }
    const bool to_file = !impl_->options.directory.empty();
    const auto name = "segment-" + std::to_string(impl_->manifest.next_number++) + ".qseg";
    const auto path = impl_->options.directory / name;
    auto writer =
        to_file ? std::make_unique<SegmentWriter>(path) : std::make_unique<SegmentWriter>();
    for (BulkEvent event; next(event); event = {})
        add_bulk(*writer, event, *impl_->strings);
    auto bytes = writer->finish();
    writer.reset();
    auto segment =
        to_file ? Segment::open(path) : Result<SegmentPtr>(Segment::of_bytes(std::move(bytes)));
    if (!segment)
        throw std::runtime_error(segment.error().detail);
    impl_->publish(positions, std::move(*segment));
    if (to_file)
        impl_->flush_locked();
}

Strings& Index::strings() { return *impl_->strings; }

}  // namespace qiao::index
