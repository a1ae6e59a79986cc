#include "dictionary/usage.hpp"

#include <algorithm>
#include <atomic>

namespace qiao::dictionary {

struct Usage::Recorder::Slot {
    std::mutex mutex;
    Tally current;
    Time day_start{}, day_end{};
    std::vector<Tally> closed;  // of days gone by
    std::uint64_t facts = 0;
    bool samples = false;  // whether the values of the fact at hand count
};

namespace {

template <class Counts>
auto& at_index(Counts& counts, std::uint32_t index) {
    if (counts.size() <= index)
        counts.resize(index + 1);
    return counts[index];
}

void count(Tally::Name& name, Time at) {
    if (name.count++ == 0)
        name.first = at;
    name.last = std::max(name.last, at);
}

void count_property(Tally::Event& event, std::uint32_t property) {
    auto& all = event.properties;
    auto at = event.hint < all.size() && all[event.hint].property == property
                  ? all.begin() + static_cast<std::ptrdiff_t>(event.hint)
                  : std::find_if(all.begin(), all.end(),
                                 [&](const Presence& p) { return p.property == property; });
    if (at == all.end())
        at = all.insert(all.end(), Presence{property, 0});
    ++at->count;
    event.hint = static_cast<std::size_t>(at - all.begin()) + 1;
}

// Space-saving (Metwally and others, 2005): a newcomer takes the place, and the count, of the
// rarest.
void count_value(std::vector<Tally::Value>& values, std::string_view text) {
    auto at = std::find_if(values.begin(), values.end(),
                           [&](const Tally::Value& v) { return v.text == text; });
    if (at != values.end()) {
        at->count += Usage::value_sampling;
    } else if (values.size() < Usage::max_values) {
        values.push_back({std::string(text), Usage::value_sampling});
    } else {
        auto rarest =
            std::min_element(values.begin(), values.end(),
                             [](const auto& a, const auto& b) { return a.count < b.count; });
        rarest->text = text;
        rarest->count += Usage::value_sampling;
    }
}

}  // namespace

Usage::Recorder::Recorder(Usage& usage, Slot& slot)
    : usage_(usage), slot_(slot), lock_(slot.mutex) {}

Tally& Usage::Recorder::tally(Time at) {
    if (at >= slot_.day_start && at < slot_.day_end)
        return slot_.current;
    const auto day = usage_.calendar_.day_of(at);
    slot_.day_start = usage_.calendar_.start_of(day);
    slot_.day_end = usage_.calendar_.start_of(day + 1);
    if (slot_.current.day != day) {
        slot_.closed.push_back(std::move(slot_.current));
        slot_.current = Tally{};
        slot_.current.day = day;
    }
    return slot_.current;
}

void Usage::Recorder::event(const Definition& event, Time at) {
    auto& counted = at_index(tally(at).events, event.index);
    count(counted, at);
    counted.hint = 0;
    // The first facts of a thread all count, so that a dictionary of few facts shows their values.
    slot_.samples = slot_.facts < 256 || slot_.facts % value_sampling == 0;
    ++slot_.facts;
}

void Usage::Recorder::property(const Definition& event, const Definition& property,
                               const qiao::Value& value, Time at) {
    auto& tally = this->tally(at);
    count(at_index(tally.properties, property.index), at);
    count_property(at_index(tally.events, event.index), property.index);
    if (slot_.samples)
        this->value(property, value);
}

void Usage::Recorder::tag(const Definition& tag, const qiao::Value& value, Time at) {
    count(at_index(tally(at).tags, tag.index), at);
    slot_.samples = slot_.facts < 256 || slot_.facts % value_sampling == 0;
    ++slot_.facts;
    if (slot_.samples)
        this->value(tag, value);
}

void Usage::Recorder::value(const Definition& definition, const qiao::Value& value) {
    if (definition.data_class != DataClass::c1)
        return;
    const auto key =
        static_cast<std::uint64_t>(definition.kind) << 32 | std::uint64_t{definition.index};
    auto& values = slot_.current.values[key];
    if (const auto* text = std::get_if<std::string>(&value)) {
        if (!text->empty() && text->size() <= max_value_bytes)
            count_value(values, *text);
    } else if (const auto* truth = std::get_if<bool>(&value)) {
        count_value(values, *truth ? "true" : "false");
    } else if (const auto* set = std::get_if<StringSet>(&value)) {
        for (const auto& element : *set)
            if (!element.empty() && element.size() <= max_value_bytes)
                count_value(values, element);
    }
}

Usage::Recorder Usage::recorder() {
    // Threads in turn, so that two meet in one slot only where there are more threads than slots.
    static std::atomic<std::size_t> threads{0};
    thread_local const std::size_t index = threads.fetch_add(1) % slot_count;
    std::shared_ptr<Recorder::Slot> slot;
    {
        std::lock_guard lock(slots_mutex_);
        if (!slots_[index])
            slots_[index] = std::make_shared<Recorder::Slot>();
        slot = slots_[index];
    }
    return Recorder(*this, *slot);  // slots live as long as the usage
}

std::vector<Tally> Usage::take() {
    std::vector<Tally> taken;
    std::lock_guard lock(slots_mutex_);
    for (auto& slot : slots_) {
        if (!slot)
            continue;
        std::lock_guard counted(slot->mutex);
        for (auto& tally : slot->closed)
            taken.push_back(std::move(tally));
        slot->closed.clear();
        const auto day = slot->current.day;
        taken.push_back(std::move(slot->current));
        slot->current = Tally{};
        slot->current.day = day;
    }
    return taken;
}

}  // namespace qiao::dictionary
