// Hand-counted people, and random facts against looking at one person at a time.
#include "insight/activation.hpp"

#include "insight/question_property.hpp"
#include "insight/random_questions.hpp"

namespace qiao::insight::property {
namespace {

class Activation : public QuestionProperty {
protected:
    std::string difference(const std::string& text, const oracle::World& world) {
        const auto json = boost::json::parse(text);
        const auto& object = json.as_object();
        const auto parsed = rule::parse_event_match(object.at("of").as_object(), "");
        if (!parsed)
            return parsed.error().detail;
        const auto event = rule::resolve(*parsed, names_);
        const auto window = parse_duration(object.at("window").as_string());
        if (!event || !window)
            return "the question cannot be read";
        std::set<ProfileId> wanted;
        for (const auto& person : world.people)
            if (is_activated(person, *event, *window, world))
                wanted.insert(person.id);
        const auto found =
            activated_after(*event, *window, world.as_of, *snapshot(), people_of({}, world), how_);
        if (!found)
            return found.error().detail;
        return ids(*found) == wanted ? "" : "other people came to life";
    }
    static bool is_activated(const oracle::Person& person, const rule::EventMatch& event,
                             Duration window, const oracle::World& world) {
        const auto now = to_ms(world.as_of);
        const auto did = [&](std::int64_t after, std::int64_t up_to) {
            return std::any_of(person.events.begin(), person.events.end(), [&](const auto& one) {
                return is_behaviour(one.name) && one.time_ms > after &&
                       one.time_ms <= std::min(up_to, now);
            });
        };
        return std::any_of(person.events.begin(), person.events.end(), [&](const auto& one) {
            const auto at = one.time_ms;
            return at <= now && oracle::matches(event, one) &&
                   !did(at - quiet_before.count(), at) && did(at, at + window.count());
        });
    }
};

TEST_F(Activation, AgreesWithLookingAtEveryone) {
    const auto make = [](Random& random) {
        static const char* windows[] = {"1m", "1h", "1d", "7d", "30d"};
        return R"({"of":{)" + index::property::match(random) + R"(},"window":)" +
               index::property::in_quotes(random.pick(windows)) + "}";
    };
    run(20, 15, make, [this](const std::string& text, const oracle::World& world) {
        return difference(text, world);
    });
}

class World {
public:
    World() {
        index::IndexOptions options;
        options.background = false;
        index_ = std::move(*index::Index::open(std::move(options)));
    }

    void does(std::uint64_t who, std::string name, std::string_view when) {
        index::IndexChange change;
        change.kind = index::IndexChange::Kind::create;
        change.profile = ProfileId{who};
        if (seen_.insert(who).second)
            changes_.push_back(change);
        change.kind = index::IndexChange::Kind::row;
        change.name = std::move(name);
        change.time = *parse_time(std::string(when) + "+08:00");
        changes_.push_back(std::move(change));
    }
    std::set<std::uint64_t> activated() {
        index_->apply(changes_, {});
        const auto snapshot = index_->snapshot();
        index::People everyone(snapshot->customers);
        for (index::Dense one = 0; one < snapshot->customers; ++one)
            everyone.add(one);
        const auto found =
            activated_after({"$campaign_entered", {}, {}}, std::chrono::days(7),
                            *parse_time("2026-10-06T00:00:00+08:00"), *snapshot, everyone, {});
        std::set<std::uint64_t> made;
        found->each([&](index::Dense one) {
            return made.insert(static_cast<std::uint64_t>(snapshot->profile(one))).second;
        });
        return made;
    }

private:
    std::unique_ptr<index::Index> index_;
    std::vector<index::IndexChange> changes_;
    std::set<std::uint64_t> seen_;
};

TEST(ActivatedAfter, WhoWasQuietForAMonthAndCameBackWithinTheWindow) {
    World world;
    for (std::uint64_t who = 1; who <= 8; ++who)
        world.does(who, "$campaign_entered", "2026-10-01T10:00:00");
    world.does(1, "app_open", "2026-10-02T09:00:00");  // never seen before
    world.does(2, "app_open", "2026-09-01T10:00:00");  // the last time just 30 days before
    world.does(2, "app_open", "2026-10-02T09:00:00");
    world.does(3, "app_open", "2026-09-01T10:00:01");  // a moment less: still a monthly active
    world.does(3, "app_open", "2026-10-02T09:00:00");
    world.does(4, "app_open", "2026-10-08T09:00:00");         // not yet, at the moment of asking
    world.does(5, "$message_opened", "2026-10-02T09:00:00");  // what Qiao tells is no behaviour
    world.does(6, "app_open", "2026-10-01T10:00:00");         // at the same moment: before
    world.does(6, "app_open", "2026-10-02T09:00:00");
    world.does(7, "$profile_set", "2026-09-30T10:00:00");  // what is recorded is none either
    world.does(7, "app_open", "2026-10-05T10:00:00");
    world.does(9, "app_open", "2026-10-02T09:00:00");  // never entered
    EXPECT_EQ(world.activated(), (std::set<std::uint64_t>{1, 2, 7}));
}

}  // namespace
}  // namespace qiao::insight::property
