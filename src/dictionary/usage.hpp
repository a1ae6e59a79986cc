// What is used and how much: first and last seen, volume per day, how often a property is there,
// and its most frequent values. Counted on the intake threads, written to SQL by flush().
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "dictionary/definition.hpp"
#include "sql/database.hpp"

namespace qiao::dictionary {

// How often a property (or a trait) came with an event, and in how many of them.
struct Presence {
    std::uint32_t property = 0;
    std::uint64_t count = 0;
};

// The counts of one thread for one day, by the definitions' indexes.
struct Tally {
    struct Name {
        std::uint64_t count = 0;
        Time first{}, last{};
    };
    struct Value {
        std::string text;
        std::uint64_t count = 0;
    };
    struct Event : Name {
        std::vector<Presence> properties;
        std::size_t hint = 0;  // facts of one event mostly carry the same properties in one order
    };
    Day day = 0;
    std::vector<Event> events;
    std::vector<Name> properties, tags;
    std::unordered_map<std::uint64_t, std::vector<Value>> values;  // kind << 32 | index
};

class Usage {
public:
    explicit Usage(const Calendar& calendar) : calendar_(calendar) {}

    static constexpr std::size_t max_values = 50;       // kept per name
    static constexpr std::size_t max_value_bytes = 64;  // longer ones are not kept
    static constexpr std::uint64_t value_sampling = 8;  // every eighth fact of a thread counts

    // Counts for one batch; holds its thread's slot while it lives.
    class Recorder {
    public:
        void event(const Definition& event, Time at);
        // `value` of a property that came with the event counted last.
        void property(const Definition& event, const Definition& property, const qiao::Value& value,
                      Time at);
        void tag(const Definition& tag, const qiao::Value& value, Time at);

    private:
        friend class Usage;
        struct Slot;
        Recorder(Usage& usage, Slot& slot);
        Tally& tally(Time at);
        void value(const Definition& definition, const qiao::Value& value);
        Usage& usage_;
        Slot& slot_;
        std::unique_lock<std::mutex> lock_;
    };
    Recorder recorder();

    // Takes all counts since the last call, of all threads.
    std::vector<Tally> take();

private:
    friend class Recorder;
    const Calendar& calendar_;
    static constexpr std::size_t slot_count = 16;
    std::array<std::shared_ptr<Recorder::Slot>, slot_count> slots_;
    std::mutex slots_mutex_;
};

}  // namespace qiao::dictionary
