// History's rows on their way into segments: one gatherer for each thread that reads.
#pragma once

#include <mutex>
#include <unordered_map>

#include "history/history.hpp"
#include "history/properties_reader.hpp"
#include "index/detail/bulk_rows.hpp"
#include "index/index.hpp"

namespace qiao::index::detail {

// Whose a profile's rows are. Filled by one thread, then read by many.
class Owners {
public:
    static constexpr Dense nobody = UINT32_MAX;  // erased
    struct Owner {
        Dense customer = nobody;
        bool is_moved = false;  // the profile was merged into that customer
    };
    explicit Owners(BulkLoader& loader) : loader_(loader) {}

    void put(ProfileId profile, Owner owner);
    const Owner* find(ProfileId profile) const;
    // A profile that no shard knows becomes a customer of its own. Any thread.
    Owner find_or_add(ProfileId profile);
    void prefetch(ProfileId profile) const;

private:
    struct Slot {
        ProfileId profile = ProfileId::none;
        Owner owner;
    };
    static std::vector<Slot> on_large_pages(std::size_t size);
    std::size_t slot_of(ProfileId profile) const;

    BulkLoader& loader_;
    std::vector<Slot> slots_ = std::vector<Slot>(1024);
    std::size_t taken_ = 0;
    std::mutex mutex_;
    std::unordered_map<ProfileId, Owner> strangers_;
};

class RowGatherer {
public:
    // Whether a property of an event is of the type time; history keeps only its text.
    using IsTime = std::function<bool(std::string_view event, std::string_view property)>;
    RowGatherer(BulkLoader& loader, Owners& owners, IsTime is_time, std::size_t most_bytes);

    void take(const history::RowColumns& rows);
    void flush();  // what is gathered becomes a segment
    // Rows that were taken without some of their properties, which were no proper JSON.
    std::uint64_t unreadable() const { return unreadable_; }

private:
    struct Slot {
        std::string name;
        ValueType type = ValueType::null;
        bool is_time = false;
        std::size_t column = 0;
    };
    struct Event {
        std::string name;
        BulkRows rows;
        std::vector<Slot> slots;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return hash64(text); }
    };
    Event& event_of(std::string_view name);
    const Slot& slot_of(Event& event, std::string_view name, ValueType type);
    void take_property(Event& event, const history::Property& property);
    void put(Event& event, const Slot& slot, Cell cell);
    Cell text_cell(std::string_view text);

    BulkLoader& loader_;
    Owners& owners_;
    IsTime is_time_;
    std::size_t most_bytes_;
    std::size_t bytes_ = 0;
    std::uint64_t unreadable_ = 0;
    std::unordered_map<std::string, std::unique_ptr<Event>, Hash, std::equal_to<>> events_;
    Event* last_event_ = nullptr;
    std::size_t next_slot_ = 0;  // where the next property probably is
    struct KnownText {
        std::string text;
        Code code = 0;
        bool is_set = false;
    };
    std::vector<KnownText> known_texts_;  // by hash; the last one met wins
    history::PropertiesReader reader_;
};

}  // namespace qiao::index::detail
