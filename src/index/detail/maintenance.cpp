// Files, fewer segments, forgotten texts: what happens to an index behind its feeder.
#include <algorithm>
#include <chrono>

#include "base/check.hpp"
#include "index/detail/impl.hpp"
#include "runtime/log.hpp"
#include "runtime/thread_priority.hpp"

namespace qiao::index {
namespace {

constexpr std::size_t memory_segments = 12;
constexpr std::size_t most_files = 8;
constexpr int politeness = 10;

std::function<bool(Dense)> living(const Snapshot& state) {
    return [state](Dense customer) { return state->alive->contains(customer); };
}

Segments some(SegmentPtr made) { return made ? Segments{std::move(made)} : Segments{}; }

}  // namespace

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

Segments files_of(const Segments& segments) {
    Segments made;
    for (const auto& segment : segments)
        if (!segment->path().empty())
            made.push_back(segment);
    return made;
}

// Puts `made` in the place of `old`, which stand together in the list.
void Index::Impl::replace(const Segments& old, const Segments& made,
                          std::optional<Time> kept_from) {
    for (const auto& segment : old)
        if (std::find(made.begin(), made.end(), segment) == made.end())
            leaving.push_back(segment);
    Snapshot last;
    std::lock_guard lock(list_mutex);
    auto next = std::make_shared<State>(*current);
    auto& list = next->segments;
    const auto first = std::find(list.begin(), list.end(), old.front());
    check(first != list.end() && static_cast<std::size_t>(list.end() - first) >= old.size());
    check(std::equal(old.begin(), old.end(), first));
    const auto place = list.erase(first, first + static_cast<std::ptrdiff_t>(old.size()));
    list.insert(place, made.begin(), made.end());
    if (kept_from && kept_from != next->kept_from) {
        next->kept_from = kept_from;
        ++next->version;  // answers change
    }
    last = std::exchange(current, std::move(next));
    claimed = 0;
    settled = false;
}

std::string Index::Impl::next_file() {
    return "segment-" + std::to_string(manifest.next_number++) + ".qseg";
}

SegmentPtr Index::Impl::open_file(const std::filesystem::path& path) {
    auto made = Segment::open(path, damaged, true);
    if (!made)
        throw std::runtime_error(made.error().detail);
    return *made;
}

// Null where no row is left.
SegmentPtr Index::Impl::write(const Segments& sources, const Kept& kept, bool to_file) {
    if (!to_file) {
        SegmentWriter writer;
        merge_segments(sources, kept, writer);
        auto made = Segment::of_bytes(writer.finish());
        return made->rows() > 0 ? made : nullptr;
    }
    const auto path = options.directory / next_file();
    {
        SegmentWriter writer(path);
        merge_segments(sources, kept, writer);
        writer.finish();
    }
    auto made = open_file(path);
    if (made->rows() > 0)
        return made;
    std::filesystem::remove(path);
    return nullptr;
}

SegmentPtr Index::Impl::write(const Segments& sources, const Snapshot& state, bool to_file,
                              std::optional<Time> from) {
    Kept kept{living(state)};
    if (from)
        kept.from_ms = to_ms(*from);
    return write(sources, kept, to_file);
}

// Makes the state and these segment files the ones that survive.
void Index::Impl::save(const Snapshot& state, const Segments& files) {
    manifest.state = "state-" + std::to_string(manifest.next_number++) + ".qst";
    detail::write_state(options.directory / manifest.state, *state,
                        intake.profiles().redirects(state->merges));
    manifest.segments.clear();
    for (const auto& file : files)
        manifest.segments.push_back(file->path().filename().string());
    if (state->kept_from)
        manifest.kept_from_ms = to_ms(*state->kept_from);
    manifest.erased_at_ms = erased_at_ms;
    detail::write_manifest(options.directory, manifest);
    detail::remove_others(options.directory, manifest);
    std::lock_guard lock(list_mutex);
    durable = state->positions;
}

void Index::Impl::flush_locked() {
    Snapshot state;
    if (retired || now()->is_lost)
        return;
    {
        std::lock_guard lock(list_mutex);
        state = current;
        claimed = state->segments.size();
    }
    const Segments fresh = in_memory(state->segments);
    Segments files = files_of(state->segments);
    Segments made;
    if (!fresh.empty()) {
        made = some(write(fresh, state, true, state->kept_from));
        files.insert(files.end(), made.begin(), made.end());
    }
    save(state, files);
    if (!fresh.empty())
        replace(fresh, made, {});
    std::lock_guard lock(list_mutex);
    claimed = 0;
}

void Index::Impl::compact_locked(bool everything) {
    Snapshot state;
    if (retired || now()->is_lost)
        return;
    std::int64_t erased_at = 0;
    {
        std::lock_guard applying(apply_mutex);
        std::lock_guard lock(list_mutex);
        state = current;
        claimed = state->segments.size();
        if (everything)
            erased_at = erased_at_ms.exchange(0);
    }
    try {
        rewrite(state, everything, erased_at != 0);
    } catch (...) {
        std::int64_t nobody = 0;
        if (erased_at != 0)
            erased_at_ms.compare_exchange_strong(nobody, erased_at);
        throw;
    }
}

void Index::Impl::rewrite(const Snapshot& state, bool everything, bool forgets) {
    const bool to_file = !options.directory.empty();
    // Rows leave, and the state says so, at the same moment.
    const auto from = wanted_from();
    const bool drops_old = from != state->kept_from;
    if (!state->segments.empty())
        replace(state->segments,
                to_file ? rewritten(state, everything, from)
                        : some(write(state->segments, state, false, from)),
                from);
    else if (drops_old)
        amend([&](State& next) { next.kept_from = from; });
    if (forgets || drops_old)
        forget_texts();
    if (to_file)
        flush_locked();
}

std::set<detail::Period> Index::Impl::due(const detail::Division& division, bool everything,
                                          std::optional<Time> from) const {
    const auto least = static_cast<double>(divider.least_rows());
    std::set<detail::Period> made;
    for (const auto& [period, part] : division.parts) {
        const auto loose = static_cast<double>(part.loose_rows);
        const auto base = static_cast<double>(part.base_rows);
        const bool holds_old = part.base && from && part.base->first_ms() < to_ms(*from);
        const bool has_grown = part.base ? loose > options.compact_share * base : loose >= least;
        const bool is_in_memory = part.base && part.base->path().empty();
        if (has_grown || holds_old || is_in_memory || (everything && part.base))
            made.insert(period);
    }
    return made;
}

// A file for each period that is due, those of the others as they are, and what is left.
Segments Index::Impl::rewritten(const Snapshot& state, bool everything, std::optional<Time> from) {
    const auto division = divider.divide(state->segments);
    const auto& periods = divider.periods();
    const auto now_due = due(division, everything, from);
    const Kept kept{living(state), from ? to_ms(*from) : INT64_MIN};
    const auto is_loose = [&](const SegmentPtr& segment) {
        return std::find(division.loose.begin(), division.loose.end(), segment) !=
               division.loose.end();
    };
    Segments made;
    const auto add = [&](const SegmentPtr& segment) {
        if (segment)
            made.push_back(segment);
    };
    for (const auto& [period, part] : division.parts) {
        if (!now_due.contains(period)) {
            add(part.base);
            continue;
        }
        Segments sources;
        for (const auto& segment : state->segments)
            if (segment == part.base || is_loose(segment))
                sources.push_back(segment);
        auto of_period = kept;
        of_period.from_ms = std::max(kept.from_ms, periods.begin(period));
        of_period.until_ms = periods.begin(period + 1);
        add(write(sources, of_period, true));
    }
    if (!division.loose.empty()) {
        auto of_others = kept;
        of_others.times = [&](std::int64_t time) { return !now_due.contains(periods.of(time)); };
        add(write(division.loose, of_others, true));
    }
    return made;
}

bool Index::Impl::is_scattered() {
    const auto division = divider.divide(files_of(now()->segments));
    return division.loose.size() > most_files || !due(division, false, {}).empty();
}

bool Index::Impl::wants_forget() const {
    const auto since = erased_at_ms.load();
    return since != 0 && wall_ms() - since >= options.forget_after.count();
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

// Forgets every text that no living row, attribute or name uses. The feeder goes on: what it asks
// for meanwhile stays.
void Index::Impl::forget_texts() {
    Snapshot state;
    {
        std::lock_guard applying(apply_mutex);
        strings->watch_uses();
        state = now();
    }
    Used used;
    for (const auto& segment : state->segments)
        used.mark(*segment);
    for (const auto& [key, attribute] : *state->attributes) {
        Used::put(used.texts, key.column.name);
        attribute->each_used([&](Cell cell) { used.mark(key.column.type, cell); });
    }
    strings->blank_unused(std::move(used.texts), used.sets);
}

std::optional<Time> Index::Impl::wanted_from() const {
    const auto from = wanted_from_ms.load();
    return from == INT64_MIN ? std::nullopt : std::optional(time_from_ms(from));
}

bool Index::Impl::wants_drop(const State& state) const {
    const auto from = wanted_from();
    return from && (!state.kept_from || *state.kept_from < *from);
}

// Where old rows fill whole segments, these go at once; else a compaction has to part them. What is
// older than `from` is not applied any more.
bool Index::Impl::drop_old_segments() {
    const Snapshot state = now();
    const auto from = wanted_from_ms.load();
    Segments old;
    for (const auto& segment : state->segments) {
        const bool has_old = segment->first_ms() < from, has_new = segment->last_ms() >= from;
        if (has_old && (has_new || segment->path().empty()))
            return false;
        if (has_old)
            old.push_back(segment);
    }
    leaving.insert(leaving.end(), old.begin(), old.end());
    amend([&](State& next) {
        std::erase_if(next.segments, [&](const SegmentPtr& segment) {
            return std::find(old.begin(), old.end(), segment) != old.end();
        });
        next.kept_from = time_from_ms(from);
        ++next.version;
    });
    if (!options.directory.empty())
        flush_locked();
    return true;
}

bool Index::Impl::wants_work() const {
    const Snapshot state = now();
    if (state->is_lost || !maintains)
        return false;
    const Segments fresh = in_memory(state->segments);
    const bool may_be_scattered = !settled && state->segments.size() - fresh.size() > 1;
    return fresh.size() > memory_segments || rows_in(fresh) > options.memory_rows ||
           may_be_scattered || wants_forget() || wants_drop(*state);
}

// One step of maintenance: files when memory holds enough, else fewer segments in memory; a
// compaction where a period has grown beside its file.
void Index::Impl::work() {
    std::lock_guard one(maintenance);
    let_go();
    if (retired)
        return;
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
        replace(fresh, some(write(fresh, state, false, state->kept_from)), {});
    }
    if (wants_forget())
        compact_locked(true);
    else if (wants_drop(*now()) || (on_disk && !settled && is_scattered()))
        compact_locked(false);
    settled = true;
}

void Index::Impl::let_go() {
    std::erase_if(leaving, [](const SegmentPtr& segment) { return segment.use_count() == 1; });
}

// Reads all files once after opening, so that damage shows before a question meets it.
void Index::Impl::verify_files() {
    const Snapshot state = now();
    for (const auto& segment : state->segments)
        for (std::size_t part = 0; part <= segment->events().size(); ++part)
            if (stopping || !segment->verify(part))
                return;
}

void Index::Impl::run() {
    yield_to_others(politeness);
    verify_files();
    std::unique_lock lock(wake_mutex);
    while (!stopping) {
        wake.wait_for(lock, std::chrono::seconds(1));
        if (stopping)
            return;
        lock.unlock();
        if (damaged->load() && !now()->is_lost) {
            log::error("A file of the sequence index is damaged; the index must be rebuilt.");
            amend([](State& state) { state.is_lost = true; });
        }
        try {
            if (wants_work())
                work();
            const std::lock_guard one(maintenance);
            let_go();
        } catch (const std::exception&) {
            log::error(
                "The sequence index could not write its files; it keeps its rows in memory "
                "and tries again.");
            std::lock_guard one(maintenance);
            std::lock_guard list(list_mutex);
            claimed = 0;
        }
        lock.lock();
    }
}

}  // namespace qiao::index
