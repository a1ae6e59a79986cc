// Random facts for property tests: an index built from them with flushes, compactions and crashes,
// and the same facts kept as plainly as can be.
#pragma once

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>

#include "base/check.hpp"
#include "index/index.hpp"
#include "index/oracle.hpp"
#include "index/random_rules.hpp"

namespace qiao::index::property {

// ---- facts ----

enum class Upkeep { none, flush, compact, reopen, crash };
struct Action {
    IndexChange change;
    bool publish = false;
    Upkeep upkeep = Upkeep::none;
};

inline ProfileId person(std::int64_t i) { return static_cast<ProfileId>(1000 + i * 77); }

// Coarse times, so that ties and exact borders of windows are common; in a `dense` world all is
// within minutes.
inline std::int64_t random_time(Random& random, bool dense) {
    if (dense)
        return now_ms - minute * random.up_to(6);
    static const char* borders[] = {"2026-11-22", "2026-11-21", "2026-11-16", "2026-11-10",
                                    "2026-11-09", "2026-11-01", "2026-10-01", "2026-11-20T12"};
    if (random.chance(15)) {
        std::string border = random.pick(borders);
        border += border.size() == 10 ? "T00:00:00+08:00" : ":00:00+08:00";
        return to_ms(*parse_time(border)) - (random.chance(30) ? 1 : 0);
    }
    static const std::int64_t grid[] = {minute, hour, 6 * hour, day};
    return now_ms - random.pick(grid) * random.up_to(20) + (random.chance(10) ? 1 : 0);
}
inline Value random_number(Random& random) { return *Decimal::parse(number(random)); }

struct Shape {
    std::int64_t people = 0;
    bool dense = false;     // all times within minutes
    bool monotone = false;  // one event only: long runs
};

inline IndexChange random_change(Random& random, const Shape& shape) {
    using Kind = IndexChange::Kind;
    IndexChange change;
    change.profile = person(random.up_to(shape.people));
    const auto dice = random.up_to(99);
    if (dice < 62) {
        change.kind = Kind::row;
        change.name = shape.monotone ? event_names[0] : random.pick(event_names);
        change.time = time_from_ms(random_time(random, shape.dense));
        if (random.chance(70))
            change.properties.emplace_back("value", random_number(random));
        if (random.chance(60))
            change.properties.emplace_back("channel",
                                           std::string(random.chance(50) ? "app" : "web"));
        if (random.chance(30))
            change.properties.emplace_back("new", random.chance(50));
    } else if (dice < 82) {
        change.kind = Kind::tag;
        const auto which = random.up_to(6);
        static const char* names[] = {"level", "age", "vip", "since", "held", "org", "score:churn"};
        change.name = names[which];
        const Value values[] = {random.pick(levels),
                                random_number(random),
                                random.chance(50),
                                time_from_ms(random_time(random, shape.dense)),
                                StringSet{random.chance(50) ? "gold" : "plain", "silver"},
                                std::string(random.chance(50) ? "3301" : "44"),
                                random_number(random)};
        if (random.chance(85))
            change.value = values[which];
        if (auto* set = std::get_if<StringSet>(&change.value))
            std::sort(set->begin(), set->end());
    } else if (dice < 86) {
        change.kind = Kind::identity;
        change.name = "user_id";
        if (random.chance(80))
            change.value = "u-" + std::to_string(random.up_to(30));
    } else if (dice < 90) {
        change.kind = Kind::consent;
        change.name = "marketing.sms";
        if (random.chance(80))
            change.value = random.chance(60);
    } else if (dice < 94) {
        change.kind = Kind::merge;
        change.other = person(random.up_to(shape.people));
    } else if (dice < 97) {
        change.kind = Kind::split;
        change.other = person(random.up_to(shape.people));
    } else if (dice < 98) {
        change.kind = Kind::erase;
    } else {
        change.kind = Kind::create;
    }
    return change;
}

// What the changes mean, kept as plainly as can be: rows stay with whom they were recorded for, and
// a person is everyone that leads to it.
class Model {
public:
    // Answers false where the shards would never say this (the change is then left out).
    bool apply(const IndexChange& change) {
        using Kind = IndexChange::Kind;
        const ProfileId root = root_of(change.profile);
        switch (change.kind) {
            case Kind::merge: {
                if (redirects_.contains(change.other) || root_of(change.profile) == change.other)
                    return false;
                if (!people_.contains(change.other))
                    return false;
                redirects_[change.other] = change.profile;
                people_.erase(change.other);  // what it has is told again of who stands for it
                touch(root_of(change.other));
                return true;
            }
            case Kind::split: {
                const auto found = redirects_.find(change.other);
                if (found == redirects_.end() || found->second != change.profile ||
                    change.profile == ProfileId::none)
                    return false;
                redirects_.erase(found);
                touch(change.other);
                return true;
            }
            case Kind::erase:
                if (is_erased(change.profile))
                    return false;
                people_.erase(change.profile);
                redirects_[change.profile] = ProfileId::none;
                for (const auto& [profile, event] : rows_)
                    touch(root_of(profile));
                return true;
            default:
                break;
        }
        if (root == ProfileId::none)
            return true;
        auto& one = touch(root);
        if (change.kind == Kind::row)
            rows_.push_back({change.profile, {change.name, to_ms(change.time), change.properties}});
        if (change.kind == Kind::tag) {
            if (type_of(change.value) == ValueType::null)
                one.tags.erase(change.name);
            else
                one.tags[change.name] = change.value;
        }
        const bool granted = change.value == Value(true);
        if (change.kind == Kind::consent && granted)
            one.consents.insert(change.name);
        if (change.kind == Kind::consent && !granted)
            one.consents.erase(change.name);
        const bool gone = type_of(change.value) == ValueType::null;
        if (change.kind == Kind::identity && gone)
            one.identities.erase(change.name);
        if (change.kind == Kind::identity && !gone)
            one.identities.insert(change.name);
        return true;
    }

    // A row of a person whom another stands for is recorded for the one who stands.
    ProfileId recorded_for(ProfileId profile) const { return root_of(profile); }

    // Who stands for a profile; none: nobody. Who was merged into an erased person stands for
    // itself.
    ProfileId root_of(ProfileId profile) const {
        if (is_erased(profile))
            return ProfileId::none;
        for (auto next = redirects_.find(profile);
             next != redirects_.end() && !is_erased(next->second); next = redirects_.find(profile))
            profile = next->second;
        return profile;
    }
    const std::vector<std::pair<ProfileId, oracle::Event>>& rows() const { return rows_; }

    oracle::World world(const Calendar& calendar) const {
        oracle::World made{{}, time_from_ms(now_ms), &calendar};
        for (const auto& [id, one] : people_) {
            made.people.push_back(one);
            for (const auto& [profile, event] : rows_)
                if (root_of(profile) == id)
                    made.people.back().events.push_back(event);
        }
        return made;
    }

private:
    bool is_erased(ProfileId profile) const {
        const auto found = redirects_.find(profile);
        return found != redirects_.end() && found->second == ProfileId::none;
    }
    oracle::Person& touch(ProfileId id) {
        static oracle::Person nobody;
        if (id == ProfileId::none)
            return nobody;
        auto& one = people_[id];
        one.id = id;
        return one;
    }
    std::map<ProfileId, oracle::Person> people_;
    std::map<ProfileId, ProfileId> redirects_;
    std::vector<std::pair<ProfileId, oracle::Event>> rows_;
};

struct World {
    std::vector<Action> actions;
    bool background = false;  // maintenance on its own thread, while changes are applied
    Dense filler = 0;  // people who were erased at once, so that ids reach into the second block
};

inline World random_world(Random& random) {
    World made;
    const Shape shape{2 + random.up_to(12), random.chance(35), random.chance(15)};
    const auto count = 10 + random.up_to(140);
    if (random.chance(20))
        made.filler = block_size - 5;
    made.background = random.chance(30);
    for (std::int64_t i = 0; i < count; ++i) {
        Action action{random_change(random, shape), random.chance(15), Upkeep::none};
        if (random.chance(4))
            action.upkeep = static_cast<Upkeep>(1 + random.up_to(3));
        made.actions.push_back(std::move(action));
    }
    return made;
}

struct Subject {
    std::filesystem::path directory;
    std::unique_ptr<Index> index;
    bool background = false;

    void open() {
        index.reset();
        IndexOptions options;
        options.directory = directory;
        options.background = background;
        options.period = std::chrono::hours(36);
        if (background)
            options.memory_rows = 20;
        auto opened = Index::open(options);
        check(opened.has_value());
        index = std::move(*opened);
    }
};

// Builds the index and the model; a row is given to the profile that stands, as the shards do.
inline Model build(const World& world, Subject& subject) {
    subject.index.reset();
    std::filesystem::remove_all(subject.directory);
    subject.background = world.background;
    subject.open();
    Model model;
    std::vector<std::vector<IndexChange>> batches(1);  // the last one is still open
    const auto apply = [&](std::size_t number) {
        Positions positions{};
        positions[0] = number + 2;  // a fresh index stands at 1
        subject.index->apply(batches[number], positions);
    };
    const auto publish = [&] {
        apply(batches.size() - 1);
        batches.emplace_back();
    };
    // What was not durable is fed again.
    const auto recover = [&] {
        subject.open();
        const auto next = subject.index->snapshot()->positions[0] - 1;
        for (auto number = next; number + 1 < batches.size(); ++number)
            apply(number);
    };
    for (Dense i = 0; i < world.filler; ++i) {
        IndexChange change;
        change.kind = IndexChange::Kind::create;
        change.profile = person(100'000 + i);
        batches.back().push_back(change);
        change.kind = IndexChange::Kind::erase;
        batches.back().push_back(change);
    }
    for (const auto& action : world.actions) {
        IndexChange change = action.change;
        if (change.kind == IndexChange::Kind::row) {
            change.profile = model.recorded_for(change.profile);
            if (change.profile == ProfileId::none)
                continue;
        }
        if (model.apply(change))
            batches.back().push_back(change);
        if (action.publish || action.upkeep != Upkeep::none)
            publish();
        if (action.upkeep == Upkeep::flush)
            subject.index->flush();
        if (action.upkeep == Upkeep::compact)
            subject.index->compact();
        if (action.upkeep == Upkeep::reopen)
            subject.index->flush();
        if (action.upkeep == Upkeep::reopen || action.upkeep == Upkeep::crash)
            recover();
    }
    publish();
    return model;
}

inline std::vector<ProfileId> members(const State& state, const People& people) {
    std::vector<ProfileId> made;
    people.each([&](Dense dense) {
        made.push_back(state.profile(dense));
        return true;
    });
    std::sort(made.begin(), made.end());
    return made;
}

inline std::string describe(const World& world) {
    std::ostringstream out;
    for (const auto& action : world.actions) {
        const auto& change = action.change;
        out << "  kind " << static_cast<int>(change.kind) << " profile "
            << static_cast<std::uint64_t>(change.profile) << " other "
            << static_cast<std::uint64_t>(change.other) << ' ' << change.name << ' '
            << format_time(change.time);
        for (const auto& [name, value] : change.properties)
            out << ' ' << name << '=' << boost::json::serialize(to_json(value));
        out << ' ' << boost::json::serialize(to_json(change.value))
            << (action.publish ? " publish" : "") << " upkeep " << static_cast<int>(action.upkeep)
            << '\n';
    }
    return out.str();
}

// Leaves out changes while the failure stays, halves first.
template <class Fails>
World shrink(World world, Fails&& fails) {
    for (std::size_t step = std::max<std::size_t>(1, world.actions.size() / 2); step >= 1;
         step /= 2) {
        for (std::size_t at = 0; at < world.actions.size();) {
            World smaller = world;
            const auto first = smaller.actions.begin() + static_cast<std::ptrdiff_t>(at);
            const auto count = std::min(step, smaller.actions.size() - at);
            smaller.actions.erase(first, first + static_cast<std::ptrdiff_t>(count));
            if (fails(smaller))
                world = std::move(smaller);
            else
                at += step;
        }
        if (step == 1)
            break;
    }
    return world;
}

inline std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace qiao::index::property
