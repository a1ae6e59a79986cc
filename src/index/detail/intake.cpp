#include "index/detail/intake.hpp"

#include <algorithm>
#include <bit>
#include <mutex>
#include <numeric>
#include <set>

#include "base/check.hpp"

namespace qiao::index::detail {

namespace {

// Four times a second, less than a millisecond of copying.
constexpr std::size_t in_a_row_at_once = std::size_t{4} << 20;
constexpr auto between_rows = std::chrono::milliseconds(250);

}  // namespace

std::size_t ProfileMap::slot_of(ProfileId profile) const {
    std::size_t slot = std::hash<ProfileId>{}(profile) >> 20 & (slots_.size() - 1);
    while (slots_[slot].first != ProfileId::none && slots_[slot].first != profile)
        slot = (slot + 1) & (slots_.size() - 1);
    return slot;
}

void ProfileMap::reserve(std::size_t profiles) {
    std::unique_lock lock(mutex_);
    if (const auto slots = std::bit_ceil(profiles * 10 / 7 + 1024); slots > slots_.size())
        resize(slots);
}

void ProfileMap::resize(std::size_t slots) {
    auto old = std::exchange(
        slots_, std::vector<std::pair<ProfileId, Dense>>(slots, {ProfileId::none, none}));
    taken_ = 0;
    for (const auto& item : old) {
        if (item.first == ProfileId::none || item.second == none)
            continue;
        slots_[slot_of(item.first)] = item;
        ++taken_;
    }
}

bool ProfileMap::is_erased_locked(ProfileId profile) const {
    const auto found = redirects_.find(profile);
    return found != redirects_.end() && found->second == ProfileId::none;
}

ProfileId ProfileMap::root_locked(ProfileId profile) const {
    if (is_erased_locked(profile))
        return ProfileId::none;
    for (std::size_t hops = 0; hops <= redirects_.size(); ++hops) {
        const auto next = redirects_.find(profile);
        if (next == redirects_.end() || is_erased_locked(next->second))
            return profile;
        profile = next->second;
    }
    return profile;
}

ProfileId ProfileMap::root(ProfileId profile) const {
    std::shared_lock lock(mutex_);
    return root_locked(profile);
}

std::optional<Dense> ProfileMap::find(ProfileId profile) const {
    std::shared_lock lock(mutex_);
    const ProfileId root = root_locked(profile);
    if (slots_.empty() || root == ProfileId::none)
        return std::nullopt;
    const Dense dense = slots_[slot_of(root)].second;
    if (dense == none)
        return std::nullopt;
    return dense;
}

void ProfileMap::put(ProfileId profile, Dense dense) {
    check(profile != ProfileId::none);
    std::unique_lock lock(mutex_);
    if ((taken_ + 1) * 10 >= slots_.size() * 7)
        resize(std::max<std::size_t>(1024, slots_.size() * 2));
    auto& slot = slots_[slot_of(profile)];
    if (slot.first == ProfileId::none)
        ++taken_;
    slot = {profile, dense};
}

void ProfileMap::remove(ProfileId profile) {
    std::unique_lock lock(mutex_);
    if (slots_.empty())
        return;
    auto& slot = slots_[slot_of(profile)];
    slot.second = none;
}

void ProfileMap::redirect(ProfileId from, ProfileId to) {
    std::unique_lock lock(mutex_);
    if (to != ProfileId::none && root_locked(to) == from) {
        redirects_.erase(to);
        log_.emplace_back(to, to);
    }
    redirects_[from] = to;
    log_.emplace_back(from, to);
}

void ProfileMap::end_redirect(ProfileId from) {
    std::unique_lock lock(mutex_);
    redirects_.erase(from);
    log_.emplace_back(from, from);
}

bool ProfileMap::is_erased(ProfileId profile) const {
    std::shared_lock lock(mutex_);
    return is_erased_locked(profile);
}

// In slices, so that a merge does not wait for long.
std::unordered_map<ProfileId, ProfileId> ProfileMap::redirects(std::size_t changes) const {
    constexpr std::size_t slice = 8 * 1024;
    std::unordered_map<ProfileId, ProfileId> made;
    for (std::size_t i = 0; i < changes;) {
        std::shared_lock lock(mutex_);
        check(changes <= log_.size());
        for (const auto end = std::min(changes, i + slice); i < end; ++i) {
            const auto [from, to] = log_[i];
            if (from == to)
                made.erase(from);
            else
                made[from] = to;
        }
    }
    return made;
}

std::size_t ProfileMap::changes() const {
    std::shared_lock lock(mutex_);
    return log_.size();
}

std::size_t ProfileMap::memory() const {
    std::shared_lock lock(mutex_);
    return slots_.size() * sizeof(slots_[0]) + redirects_.size() * 48 + log_.capacity() * 16;
}

Intake::Intake(std::shared_ptr<Strings> strings) : strings_(std::move(strings)) {}

Dense Intake::new_dense(ProfileId profile) {
    check(customers_ < UINT32_MAX - 1);
    const Dense made = customers_++;
    if (made % block_size == 0)
        profiles_.push_back(std::make_shared<std::array<ProfileId, block_size>>());
    (*profiles_[made / block_size])[made % block_size] = profile;
    if (made / 64 >= alive_.size())
        alive_.push_back(0);
    alive_[made / 64] |= std::uint64_t{1} << (made % 64);
    alive_changed_ = true;
    map_->put(profile, made);
    return made;
}

std::optional<Dense> Intake::dense_of(ProfileId profile) {
    const ProfileId root = map_->root(profile);
    if (root == ProfileId::none)
        return std::nullopt;
    if (const auto known = map_->find(root))
        return known;
    return new_dense(root);
}

// Shards feed the index side by side, each its own profiles in order: that a profile was merged,
// split off or erased may be read long before or after what its winner's shard says of the winner.
// So each of these changes one profile alone, and an erased winner hands nobody down with it: what
// was merged into it is erased by a change of its own, unless it had been split off before.
void Intake::apply(const IndexChange& change, const Segments& segments) {
    using Kind = IndexChange::Kind;
    switch (change.kind) {
        case Kind::merge:
            merge(change.profile, change.other, segments);
            return;
        case Kind::split:
            split(change.other, segments);
            return;
        case Kind::erase:
            erase(change.profile, segments);
            return;
        default:
            break;
    }
    const auto customer = dense_of(change.profile);
    if (!customer)
        return;
    if (change.kind == Kind::row)
        add_row(*customer, change);
    if (change.kind == Kind::tag)
        set_attribute(Space::tag, *customer, change.name, change.value);
    if (change.kind == Kind::consent)
        set_attribute(Space::consent, *customer, change.name, change.value);
    if (change.kind == Kind::identity)
        add_identity(*customer, change.name, change.value);
}

void Intake::add_row(Dense customer, const IndexChange& change) {
    if (to_ms(change.time) < kept_from_ms_)
        return;
    Row row{strings_->code(change.name), customer, to_ms(change.time),
            static_cast<std::uint32_t>(cells_.size()), 0};
    for (const auto& [name, value] : change.properties) {
        if (type_of(value) == ValueType::null)
            continue;
        cells_.emplace_back(ColumnKey{strings_->code(name), type_of(value)}, strings_->cell(value));
    }
    row.cells = static_cast<std::uint32_t>(cells_.size()) - row.first_cell;
    rows_.push_back(row);
}

AttributeWriter& Intake::writer(const AttributeKey& key) {
    auto& place = attributes_[key];
    if (!place)
        place = std::make_unique<AttributeWriter>(block_memory_);
    return *place;
}

// A tag whose type changed has a column of each type; only the newest holds a value.
void Intake::set_attribute(Space space, Dense customer, const std::string& name,
                           const Value& value) {
    const Code code = strings_->code(name);
    const AttributeKey first{space, {code, ValueType::null}};
    for (auto it = attributes_.lower_bound(first);
         it != attributes_.end() && it->first.space == space && it->first.column.name == code;
         ++it) {
        if (it->first.column.type != type_of(value))
            it->second->set(customer, missing);
    }
    if (type_of(value) != ValueType::null)
        writer({space, {code, type_of(value)}}).set(customer, strings_->cell(value));
}

void Intake::add_identity(Dense customer, const std::string& kind, const Value& value) {
    auto& column = writer({Space::identity, {strings_->code(kind), ValueType::string_set}});
    const auto* text = std::get_if<std::string>(&value);
    if (!text) {
        column.set(customer, missing);
        return;
    }
    const Cell old = column.at(customer);
    StringSet set = old == missing ? StringSet{} : strings_->set(static_cast<Code>(old));
    const auto place = std::lower_bound(set.begin(), set.end(), *text);
    if (place != set.end() && *place == *text)
        return;
    set.insert(place, *text);
    column.set(customer, strings_->set_code(set));
}

void Intake::clear_attributes(Dense customer) {
    for (auto& [key, column] : attributes_)
        column->set(customer, missing);
}

void Intake::drop(Dense customer) {
    clear_attributes(customer);
    alive_[customer / 64] &= ~(std::uint64_t{1} << (customer % 64));
    alive_changed_ = true;
}

// Rows move; tags, identities and consents of the loser are told again for the winner by its shard,
// which alone knows what was newer.
void Intake::merge(ProfileId winner, ProfileId loser, const Segments& segments) {
    if (map_->root(winner) == map_->root(loser) || map_->is_erased(loser))
        return;
    const auto from = map_->find(loser);
    const auto into = dense_of(winner);
    if (from && into) {
        move_rows(*from, segments, [&](ProfileId origin) {
            return std::pair{*into, origin == ProfileId::none ? loser : origin};
        });
        drop(*from);
        map_->remove(loser);
    } else if (from) {
        // Into somebody who is erased by now: it stands for itself, with what is told from here on.
        clear_attributes(*from);
    }
    map_->redirect(loser, winner);
}

// Both people get fresh dense ids, which leaves the old rows dead as a whole. What had come to the
// winner through `other` goes with it.
void Intake::split(ProfileId other, const Segments& segments) {
    if (map_->is_erased(other))
        return;
    const ProfileId root = map_->root(other);
    const auto old = map_->find(root);
    map_->end_redirect(other);
    if (old && root != other)
        share_out(root, *old, segments);
    dense_of(other);
}

// An erased profile leads to nobody for ever: what still comes for it is dropped.
void Intake::erase(ProfileId profile, const Segments& segments) {
    if (map_->is_erased(profile))
        return;
    const ProfileId root = map_->root(profile);
    const auto old = map_->find(root);
    map_->redirect(profile, ProfileId::none);
    if (!old)
        return;
    if (root == profile)
        map_->remove(profile);
    share_out(root, *old, segments);
    ++erased_;
}

// Who leads to whom has changed among those whose rows `old` holds, which was `root`'s: each row
// goes to the one that its profile stands for now, or to nobody.
void Intake::share_out(ProfileId root, Dense old, const Segments& segments) {
    std::optional<Dense> ours;
    if (!map_->is_erased(root))
        ours = new_dense(root);
    move_rows(old, segments, [&](ProfileId origin) {
        const ProfileId recorded = origin == ProfileId::none ? root : origin;
        const ProfileId owner = map_->root(recorded);
        const auto dense = owner == root ? ours : dense_of(owner);
        return std::pair{dense.value_or(nobody), owner == recorded ? ProfileId::none : recorded};
    });
    for (auto& [key, column] : attributes_)
        if (ours)
            column->set(*ours, column->at(old));
    drop(old);
}

// Rows that apply() took and no segment holds yet change hands in place.
void Intake::move_pending(Dense from, const Target& to) {
    bool dropped = false;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        Row row = rows_[i];
        if (row.customer != from)
            continue;
        std::vector<std::pair<ColumnKey, Cell>> cells(cells_.begin() + row.first_cell,
                                                      cells_.begin() + row.first_cell + row.cells);
        ProfileId origin = ProfileId::none;
        std::erase_if(cells, [&](const auto& cell) {
            if (cell.first != origin_key)
                return false;
            origin = static_cast<ProfileId>(cell.second);
            return true;
        });
        const auto [customer, new_origin] = to(origin);
        if (new_origin != ProfileId::none)
            cells.emplace_back(origin_key, static_cast<Cell>(new_origin));
        row.customer = customer;
        row.first_cell = static_cast<std::uint32_t>(cells_.size());
        row.cells = static_cast<std::uint32_t>(cells.size());
        cells_.insert(cells_.end(), cells.begin(), cells.end());
        rows_[i] = row;
        dropped = dropped || customer == nobody;
    }
    if (dropped)
        std::erase_if(rows_, [](const Row& row) { return row.customer == nobody; });
}

void Intake::move_rows(Dense from, const Segments& segments, const Target& to) {
    move_pending(from, to);
    for (const auto& segment : segments) {
        for (const auto& event : segment->events()) {
            const auto [first, last] = event.rows_of(from);
            const Column* origins = first < last ? event.find(origin_key) : nullptr;
            for (auto row = first; row < last; ++row) {
                const Cell recorded = origins ? origins->at(row) : missing;
                const auto [customer, origin] =
                    to(recorded == missing ? ProfileId::none : static_cast<ProfileId>(recorded));
                if (customer == nobody)
                    continue;
                Row moved{event.event, customer, event.time[row],
                          static_cast<std::uint32_t>(cells_.size()), 0};
                for (const auto& [key, column] : event.columns) {
                    if (key == origin_key)
                        continue;
                    if (const Cell cell = column.at(row); cell != missing)
                        cells_.emplace_back(key, cell);
                }
                if (origin != ProfileId::none)
                    cells_.emplace_back(origin_key, static_cast<Cell>(origin));
                moved.cells = static_cast<std::uint32_t>(cells_.size()) - moved.first_cell;
                rows_.push_back(moved);
            }
        }
    }
}

std::shared_ptr<const Segment> Intake::take_rows() {
    if (rows_.empty())
        return nullptr;
    std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
        return std::tie(a.event, a.customer, a.time_ms) < std::tie(b.event, b.customer, b.time_ms);
    });
    SegmentWriter writer;
    std::vector<Dense> customer;
    std::vector<std::int64_t> time;
    for (std::size_t begin = 0, end = 0; begin < rows_.size(); begin = end) {
        customer.clear();
        time.clear();
        std::set<ColumnKey> keys;
        for (end = begin; end < rows_.size() && rows_[end].event == rows_[begin].event; ++end) {
            customer.push_back(rows_[end].customer);
            time.push_back(rows_[end].time_ms);
            for (std::uint32_t c = 0; c < rows_[end].cells; ++c)
                keys.insert(cells_[rows_[end].first_cell + c].first);
        }
        const std::vector<ColumnKey> sorted(keys.begin(), keys.end());
        writer.add(rows_[begin].event, customer, time, sorted,
                   [&](ColumnKey key, std::vector<Cell>& cells) {
                       for (std::size_t i = begin; i < end; ++i)
                           for (std::uint32_t c = 0; c < rows_[i].cells; ++c)
                               if (cells_[rows_[i].first_cell + c].first == key)
                                   cells[i - begin] = cells_[rows_[i].first_cell + c].second;
                   });
    }
    rows_.clear();
    cells_.clear();
    return Segment::of_bytes(writer.finish());
}

void Intake::publish(State& state) {
    state.customers = customers_;
    state.profiles = profiles_;
    if (alive_changed_ || !published_alive_) {
        auto alive = std::make_shared<People>(customers_);
        std::copy_n(alive_.begin(), alive->words().size(), alive->words().begin());
        published_alive_ = std::move(alive);
        alive_changed_ = false;
    }
    state.alive = published_alive_;
    auto attributes = std::make_shared<AttributeMap>();
    const auto now = std::chrono::steady_clock::now();
    std::size_t bytes = now >= next_rows_ ? in_a_row_at_once : 0;
    const auto before = bytes;
    for (auto& [key, column] : attributes_)
        attributes->emplace(key, column->publish(bytes));
    if (bytes < before)
        next_rows_ = now + between_rows;
    state.attributes = std::move(attributes);
    state.strings = strings_;
    state.merges = map_->changes();
    state.map = map_;
}

void Intake::restore(const std::vector<ProfileId>& profiles, const People& alive,
                     const std::unordered_map<ProfileId, ProfileId>& redirects) {
    check(customers_ == 0);
    map_->reserve(profiles.size());
    for (const ProfileId profile : profiles) {
        const Dense dense = customers_++;
        if (dense % block_size == 0)
            profiles_.push_back(std::make_shared<std::array<ProfileId, block_size>>());
        (*profiles_[dense / block_size])[dense % block_size] = profile;
        if (alive.contains(dense))
            map_->put(profile, dense);
    }
    alive_ = alive.words();
    alive_changed_ = true;
    for (const auto& [from, to] : redirects)
        map_->redirect(from, to);
}

void Intake::restore(const AttributeKey& key, Attribute attribute) {
    writer(key).load(std::move(attribute));
}

}  // namespace qiao::index::detail
