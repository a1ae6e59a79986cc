#include "index/index.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "base/check.hpp"
#include "index/detail/impl.hpp"
#include "index/kept.hpp"
#include "runtime/log.hpp"

namespace qiao::index {
namespace {

// The feeder itself merges only segments so small that it takes a few milliseconds.
constexpr std::uint64_t feeder_merge_rows = 16 * 1024;

}  // namespace

std::int64_t wall_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

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
            erased_at_ms = manifest.erased_at_ms;
            if (manifest.kept_from_ms) {
                first->kept_from = time_from_ms(*manifest.kept_from_ms);
                wanted_from_ms = *manifest.kept_from_ms;
                intake.keep_from(*manifest.kept_from_ms);
            }
            auto positions =
                detail::read_state(options.directory / manifest.state, *strings, intake);
            if (!positions)
                return fail(positions.error());
            first->positions = *positions;
            for (const auto& name : manifest.segments) {
                auto segment = Segment::open(options.directory / name, damaged);
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

// What a state leaves behind is freed outside the lock: it may be a mapped file of gigabytes.
void Index::Impl::publish(const Positions& positions, SegmentPtr fresh) {
    auto next = std::make_shared<State>();
    intake.publish(*next);
    next->positions = positions;
    Snapshot last;
    std::lock_guard lock(list_mutex);
    next->version = current->version + 1;
    next->is_lost = current->is_lost;
    next->kept_from = current->kept_from;
    next->segments = current->segments;
    if (fresh)
        next->segments.push_back(std::move(fresh));
    last = std::exchange(current, std::move(next));
}

void Index::Impl::amend(const std::function<void(State&)>& change) {
    Snapshot last;
    std::lock_guard lock(list_mutex);
    auto next = std::make_shared<State>(*current);
    change(*next);
    last = std::exchange(current, std::move(next));
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
    SegmentPtr made = write(small, state, false, state->kept_from);
    Snapshot last;
    std::lock_guard lock(list_mutex);
    // Maintenance may have taken or replaced segments meanwhile; the next apply() tries again.
    if (claimed > from || current->segments != state->segments)
        return;
    auto next = std::make_shared<State>(*current);
    next->segments.resize(from);
    if (made)
        next->segments.push_back(std::move(made));
    last = std::exchange(current, std::move(next));
}

void Index::Impl::apply(std::span<const IndexChange> changes, const Positions& positions) {
    {
        std::lock_guard applying(apply_mutex);
        const Snapshot before = now();
        const auto erased = intake.erased();
        for (const auto& change : changes)
            intake.apply(change, before->segments);
        if (intake.erased() > erased && erased_at_ms == 0)
            erased_at_ms = wall_ms();
        publish(positions, intake.take_rows());
        merge_small();
    }
    if (!wants_work())
        return;
    if (options.background)
        wake.notify_one();
    else
        work();
}

Index::Index(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Index::~Index() = default;

std::shared_ptr<Index::Impl> Index::impl() const {
    std::lock_guard lock(mutex_);
    return impl_;
}

Result<std::unique_ptr<Index>> Index::open(IndexOptions options) {
    auto impl = std::make_shared<Impl>(std::move(options));
    if (auto opened = impl->open(); !opened)
        return fail(opened.error());
    return std::unique_ptr<Index>(new Index(std::move(impl)));
}

void Index::reset(const std::filesystem::path& directory) {
    std::filesystem::remove_all(directory);
}

void Index::apply(std::span<const IndexChange> changes, const Positions& positions) {
    impl()->apply(changes, positions);
}

Snapshot Index::snapshot() const { return impl()->now(); }

std::uint64_t Index::data_version() const { return snapshot()->version; }

bool Index::is_lost() const {
    const auto now = impl();
    return now->now()->is_lost || now->damaged->load();
}

Result<void> Index::usable() const {
    if (is_lost())
        return fail(rebuilding(expected_s_.load()));
    return {};
}

void Index::lose() {
    impl()->amend([](State& state) { state.is_lost = true; });
}

namespace {

// Gives `fresh` the name of `old`, and the other way round; where the file system cannot do it in
// one step, a crash between two renames leaves no index, which is rebuilt.
void exchange(const std::filesystem::path& fresh, const std::filesystem::path& old) {
    if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, old.c_str(), RENAME_EXCHANGE) == 0)
        return;
    auto aside = fresh;
    aside += ".old";
    std::filesystem::remove_all(aside);
    std::filesystem::rename(old, aside);
    std::filesystem::rename(fresh, old);
    std::filesystem::rename(aside, fresh);
}

}  // namespace

void Index::replace(std::unique_ptr<Index> fresh) {
    const auto old = impl();
    const auto made = fresh->impl();
    check(old->options.directory.empty() == made->options.directory.empty());
    // Nobody writes files of either while the directories change their names.
    std::scoped_lock both(old->maintenance, made->maintenance);
    if (!old->options.directory.empty()) {
        const auto beside = made->options.directory;
        exchange(beside, old->options.directory);
        detail::sync_directory(old->options.directory.parent_path());
        made->options.directory = old->options.directory;
        std::error_code kept;
        std::filesystem::remove_all(beside, kept);
    }
    old->retired = true;
    made->maintains = true;
    const auto version = old->now()->version;
    made->amend([&](State& state) { state.version = std::max(state.version, version + 1); });
    std::lock_guard lock(mutex_);
    impl_ = made;
}

void Index::keep_from(Time from) {
    const auto now = impl();
    {
        std::lock_guard one(now->maintenance);
        if (now->wanted_from_ms >= to_ms(from))
            return;
        std::lock_guard applying(now->apply_mutex);
        now->wanted_from_ms = to_ms(from);
        now->intake.keep_from(to_ms(from));
    }
    {
        std::lock_guard one(now->maintenance);
        if (now->drop_old_segments())
            return;
    }
    if (now->options.background)
        now->wake.notify_one();
    else
        now->work();
}

std::optional<Dense> Index::find(const State& state, ProfileId profile) const {
    const auto dense = state.map->find(profile);
    if (!dense || !state.alive->contains(*dense))
        return std::nullopt;
    return dense;
}

void Index::flush() {
    const auto now = impl();
    std::lock_guard one(now->maintenance);
    if (!now->options.directory.empty())
        now->flush_locked();
}

void Index::compact() {
    const auto now = impl();
    std::lock_guard one(now->maintenance);
    now->compact_locked(true);
}

Positions Index::durable_positions() const {
    const auto now = impl();
    std::lock_guard lock(now->list_mutex);
    return now->durable;
}

MemoryUse Index::memory_use() const {
    MemoryUse use;
    const auto now = impl();
    const Snapshot state = now->now();
    for (const auto& segment : state->segments)
        (segment->path().empty() ? use.rows : use.mapped) += segment->bytes();
    use.attributes = now->intake.block_memory().bytes();
    for (const auto& [key, attribute] : *state->attributes)
        use.attributes += attribute->dictionary->size() * 56;
    use.strings = now->strings->memory();
    use.profiles = state->profiles.size() * sizeof(std::array<ProfileId, block_size>) +
                   now->intake.profiles().memory();
    return use;
}

Strings& Index::strings() { return *impl()->strings; }

}  // namespace qiao::index
