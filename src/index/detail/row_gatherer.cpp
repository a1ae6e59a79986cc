#include "index/detail/row_gatherer.hpp"

#include <sys/mman.h>

#include <cstring>

namespace qiao::index::detail {

namespace {

constexpr std::size_t known_texts = 1 << 15;                                    // a power of two
constexpr std::size_t bytes_of_row = sizeof(Dense) + sizeof(std::int64_t) + 8;  // and its order

}  // namespace

// Profiles come in no order, and every one lies on another page.
std::vector<Owners::Slot> Owners::on_large_pages(std::size_t size) {
    constexpr std::size_t page = std::size_t{2} << 20;
    std::vector<Slot> slots;
    slots.reserve(size);
    const auto from = (reinterpret_cast<std::uintptr_t>(slots.data()) + page - 1) / page * page;
    const auto until = reinterpret_cast<std::uintptr_t>(slots.data() + size) / page * page;
    if (from < until)
        ::madvise(reinterpret_cast<void*>(from), until - from, MADV_HUGEPAGE);  // small ones do too
    slots.resize(size);
    return slots;
}

std::size_t Owners::slot_of(ProfileId profile) const {
    auto slot = std::hash<ProfileId>{}(profile) >> 20 & (slots_.size() - 1);
    while (slots_[slot].profile != ProfileId::none && slots_[slot].profile != profile)
        slot = (slot + 1) & (slots_.size() - 1);
    return slot;
}

void Owners::put(ProfileId profile, Owner owner) {
    if ((taken_ + 1) * 10 >= slots_.size() * 7) {
        auto old = std::exchange(slots_, on_large_pages(slots_.size() * 2));
        for (const auto& slot : old)
            if (slot.profile != ProfileId::none)
                slots_[slot_of(slot.profile)] = slot;
    }
    auto& slot = slots_[slot_of(profile)];
    taken_ += slot.profile == ProfileId::none ? 1 : 0;
    slot = {profile, owner};
}

const Owners::Owner* Owners::find(ProfileId profile) const {
    const auto& slot = slots_[slot_of(profile)];
    return slot.profile == ProfileId::none ? nullptr : &slot.owner;
}

void Owners::prefetch(ProfileId profile) const {
    __builtin_prefetch(&slots_[std::hash<ProfileId>{}(profile) >> 20 & (slots_.size() - 1)]);
}

Owners::Owner Owners::find_or_add(ProfileId profile) {
    if (const auto* known = find(profile))
        return *known;
    const std::lock_guard lock(mutex_);
    const auto [place, is_new] = strangers_.try_emplace(profile);
    if (is_new)
        place->second.customer = loader_.add_customer(profile);
    return place->second;
}

RowGatherer::RowGatherer(BulkLoader& loader, Owners& owners, IsTime is_time, std::size_t most_bytes)
    : loader_(loader),
      owners_(owners),
      is_time_(std::move(is_time)),
      most_bytes_(most_bytes),
      known_texts_(known_texts) {}

void RowGatherer::take(const history::RowColumns& rows) {
    for (const auto profile : rows.profile)
        owners_.prefetch(profile);
    for (std::size_t row = 0; row < rows.profile.size(); ++row) {
        const auto profile = rows.profile[row];
        const auto owner = owners_.find_or_add(profile);
        if (owner.customer == Owners::nobody)
            continue;
        auto& event = event_of(rows.event[row]);
        event.rows.customer.push_back(owner.customer);
        event.rows.time_ms.push_back(rows.time_ms[row]);
        next_slot_ = 0;
        const auto take_one = [&](const history::Property& one) { take_property(event, one); };
        unreadable_ += reader_.read(rows.properties[row], take_one) ? 0 : 1;
        if (owner.is_moved)
            put(event, slot_of(event, {}, ValueType::null), static_cast<Cell>(profile));
        bytes_ += bytes_of_row + event.slots.size() * sizeof(Cell);
    }
    if (bytes_ >= most_bytes_)
        flush();
}

namespace {

// Names and texts are short, and mostly equal: a call costs more than the comparison.
bool is_same(std::string_view a, std::string_view b) {
    if (a.size() != b.size())
        return false;
    const auto word = [](const char* at) {
        std::uint64_t made;
        std::memcpy(&made, at, sizeof made);
        return made;
    };
    constexpr std::size_t step = sizeof(std::uint64_t);
    const auto size = a.size();
    if (size < step) {
        for (std::size_t i = 0; i < size; ++i)
            if (a[i] != b[i])
                return false;
        return true;
    }
    for (std::size_t i = 0; i + step < size; i += step)
        if (word(a.data() + i) != word(b.data() + i))
            return false;
    return word(a.data() + size - step) == word(b.data() + size - step);
}

}  // namespace

RowGatherer::Event& RowGatherer::event_of(std::string_view name) {
    if (last_event_ && is_same(last_event_->name, name))
        return *last_event_;
    auto found = events_.find(name);
    if (found == events_.end()) {
        auto made = std::make_unique<Event>();
        made->name = name;
        made->rows.event = loader_.strings().code(name);
        found = events_.emplace(made->name, std::move(made)).first;
    }
    last_event_ = found->second.get();
    return *last_event_;
}

// Rows of an event mostly have the same properties in the same order. The origin of a moved row has
// no name and no type, which no property has.
const RowGatherer::Slot& RowGatherer::slot_of(Event& event, std::string_view name, ValueType type) {
    const auto size = event.slots.size();
    for (std::size_t i = 0, at = next_slot_; i < size; ++i, ++at) {
        if (at >= size)
            at = 0;
        if (event.slots[at].type != type || !is_same(event.slots[at].name, name))
            continue;
        next_slot_ = at + 1;
        return event.slots[at];
    }
    Slot slot{std::string(name), type, false, event.rows.columns.size()};
    slot.is_time = type == ValueType::string && is_time_(event.name, name);
    const auto key =
        type == ValueType::null ? origin_key : ColumnKey{loader_.strings().code(name), type};
    event.rows.columns.push_back({key, {}});
    return event.slots.emplace_back(std::move(slot));
}

void RowGatherer::put(Event& event, const Slot& slot, Cell cell) {
    auto& cells = event.rows.columns[slot.column].second;
    cells.resize(event.rows.customer.size() - 1, missing);
    cells.push_back(cell);
}

void RowGatherer::take_property(Event& event, const history::Property& property) {
    if (property.type == ValueType::null)
        return;
    const auto& slot = slot_of(event, property.name, property.type);
    switch (property.type) {
        case ValueType::boolean:
            return put(event, slot, property.truth ? 1 : 0);
        case ValueType::number:
            return put(event, slot, property.number.scaled());
        case ValueType::string_set:
            return put(event, slot, loader_.strings().set_code(property.set));
        case ValueType::string:
            if (const auto time = slot.is_time ? parse_time(property.text) : Result<Time>(Time{});
                slot.is_time && time)
                return put(event, slot_of(event, property.name, ValueType::time), to_ms(*time));
            break;
        default:
            break;
    }
    put(event, slot, text_cell(property.text));
}

Cell RowGatherer::text_cell(std::string_view text) {
    auto& known = known_texts_[hash64(text) & (known_texts - 1)];
    if (!known.is_set || !is_same(known.text, text))
        known = {std::string(text), loader_.strings().code(text), true};
    return known.code;
}

void RowGatherer::flush() {
    if (bytes_ == 0)
        return;
    loader_.add_segment([&](SegmentWriter& writer) {
        for (auto& [name, event] : events_) {
            auto& rows = event->rows;
            for (auto& [key, cells] : rows.columns)
                cells.resize(rows.customer.size(), missing);
            add_rows(writer, rows);
        }
    });
    events_.clear();
    last_event_ = nullptr;
    bytes_ = 0;
}

}  // namespace qiao::index::detail
