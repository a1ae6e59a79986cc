// Random clicks on random screens: heat maps, and what effort they are.
#include <map>

#include "insight/effort.hpp"
#include "insight/question_property.hpp"
#include "insight/random_products.hpp"

namespace qiao::insight::property {
namespace {

class ScreenProperty : public QuestionProperty {
protected:
    void prepare(index::property::World& world, Random& random) override {
        put_on_screens(world, random);
    }
    static std::string text_of(const oracle::Event& event, const std::string& name) {
        const auto value = property_of(event, name);
        const auto* text = std::get_if<std::string>(&value);
        return text ? *text : std::string();
    }
    static bool is_of(const Versions& versions, Release release, const std::string& version) {
        if (release == Release::now)
            return versions.now.empty() || version == versions.now;
        return versions.are_compared() && version == versions.before;
    }
    static constexpr Release releases[] = {Release::now, Release::before};
};

// ---- heat maps ----

struct Wanted {
    std::uint64_t clicks = 0;
    std::set<ProfileId> people;
    Screen::Count count() const { return {clicks, people.size()}; }
    void add(ProfileId person) {
        ++clicks;
        people.insert(person);
    }
};
struct WantedElement {
    std::array<Wanted, sides> of;
    std::array<Screen::Place, sides> places;
    std::int64_t label_ms = INT64_MIN / 2;
    std::string label;
};
struct WantedScreen {
    std::map<std::string, Wanted> screens, versions;
    std::map<std::string, std::int64_t> first_ms;
    std::map<std::string, WantedElement> elements;
    std::array<Wanted, sides> totals;
};

class HeatProperty : public ScreenProperty {
protected:
    void note(WantedScreen& wanted, const ScreenQuestion& question, ProfileId person,
              const oracle::Event& event) const {
        const auto page = text_of(event, "page"), element = text_of(event, "element");
        if (page.empty() || element.empty())
            return;
        wanted.screens[page].add(person);
        const auto version = text_of(event, question.versions.by);
        const bool is_here = page == question.screen;
        if (!version.empty() && (is_here || question.screen.empty())) {
            wanted.versions[version].add(person);
            auto& first = wanted.first_ms.try_emplace(version, event.time_ms).first->second;
            first = std::min(first, event.time_ms);
        }
        for (const auto release : releases) {
            if (!is_here || !is_of(question.versions, release, version))
                continue;
            const auto side = static_cast<std::size_t>(release);
            auto& of = wanted.elements[element];
            wanted.totals[side].add(person);
            of.of[side].add(person);
            const auto place = property_of(event, "value");
            if (const auto* number = std::get_if<Decimal>(&place)) {
                ++of.places[side].clicks;
                of.places[side].x += number->scaled();
                of.places[side].y += number->scaled();
            }
            const auto label = text_of(event, "label");
            if (!label.empty() &&
                std::pair(-event.time_ms, label) < std::pair(-of.label_ms, of.label)) {
                of.label = label;
                of.label_ms = event.time_ms;
            }
        }
    }
    static std::string compare(const Screen& found, const WantedScreen& wanted) {
        if (found.screens.size() != wanted.screens.size() ||
            found.versions.size() != wanted.versions.size() ||
            found.elements.size() != wanted.elements.size())
            return "the lists are of other lengths";
        for (const auto& one : found.screens)
            if (one.count != wanted.screens.at(one.screen).count())
                return "a screen differs";
        for (const auto& one : found.versions)
            if (one.count != wanted.versions.at(one.version).count() ||
                one.first_ms != wanted.first_ms.at(one.version))
                return "a version differs";
        for (std::size_t side = 0; side < sides; ++side) {
            if (found.totals[side] != wanted.totals[side].count())
                return "a total differs";
            for (const auto& one : found.elements) {
                const auto& element = wanted.elements.at(one.element);
                if (one.of[side].count != element.of[side].count())
                    return "an element differs";
                if (one.of[side].place != element.places[side])
                    return "a place differs";
                if (one.label != element.label)
                    return "a label differs";
            }
        }
        return {};
    }
    std::string difference(const std::string& text, const oracle::World& world) {
        const auto parsed = parse_screen(boost::json::parse(text));
        if (!parsed)
            return parsed.error().detail + parsed.error().pointer;
        auto question = resolve(*parsed, names_, "");
        if (!question)
            return question.error().detail + question.error().pointer;
        question->names.x = question->names.y = "value";
        const auto interval = interval_of(question->frame, world);
        const auto people = people_of(question->frame, world);
        const auto found = compute(*question, *snapshot(), people, interval, how_);
        if (!found)
            return found.error().detail;
        WantedScreen wanted;
        for (const auto* person : audience_of(question->frame, world))
            for (const auto* event : events_of(*person, interval))
                if (oracle::matches(question->clicks, *event))
                    note(wanted, *question, person->id, *event);
        if (auto why = compare(*found, wanted); !why.empty())
            return why;
        for (const auto release : releases) {
            const auto side = static_cast<std::size_t>(release);
            const auto behind = [&](const std::string& element) {
                return ids(*people_behind(*question, {element, release}, *snapshot(), people,
                                          interval, how_));
            };
            if (behind("") != wanted.totals[side].people)
                return "the people of the screen differ";
            for (const auto& [name, element] : wanted.elements)
                if (behind(name) != element.of[side].people)
                    return "the people of an element differ";
        }
        return {};
    }
};

TEST_F(HeatProperty, EngineAndOracleAgree) {
    run(100, 15, random_screen, [&](const std::string& text, const oracle::World& world) {
        return difference(text, world);
    });
}

// ---- effort ----

class EffortProperty : public ScreenProperty {
protected:
    using Visit = std::vector<const oracle::Event*>;
    struct Side {
        std::set<ProfileId> active;
        std::uint64_t visits = 0;
        std::vector<std::set<ProfileId>> used, finished;  // by function
        std::vector<std::vector<std::int64_t>> taps, own_taps;
        std::map<std::string, std::vector<std::int64_t>> depths;
        std::map<std::string, std::set<ProfileId>> met, met_deep;
    };

    static bool is_any(const std::vector<rule::EventMatch>& matches, const oracle::Event& event) {
        return std::any_of(matches.begin(), matches.end(), [&](const rule::EventMatch& match) {
            return oracle::matches(match, event);
        });
    }
    static std::vector<Visit> visits_of(const oracle::Person& person,
                                        const rule::Interval& interval) {
        std::vector<Visit> made;
        for (const auto* event : events_of(person, interval)) {
            if (made.empty() || event->time_ms - made.back().back()->time_ms > visit_pause_ms)
                made.emplace_back();
            made.back().push_back(event);
        }
        return made;
    }
    void note_visit(Side& side, const EffortQuestion& question,
                    const std::vector<ProductUse>& functions, ProfileId person,
                    const Visit& visit) const {
        ++side.visits;
        const auto taps = [&](std::int64_t from_ms, std::int64_t until_ms) {
            return std::count_if(visit.begin(), visit.end(), [&](const oracle::Event* event) {
                return oracle::matches(question.clicks, *event) && event->time_ms >= from_ms &&
                       event->time_ms <= until_ms;
            });
        };
        for (std::size_t i = 0; i < functions.size(); ++i)
            for (const auto* done : visit) {
                // Each match of a row is a transaction.
                for (const auto& match : functions[i].transactions) {
                    if (!oracle::matches(match, *done))
                        continue;
                    side.finished[i].insert(person);
                    auto from_ms = INT64_MIN;
                    for (const auto* other : visit)
                        for (const auto& function : functions)
                            if (other->time_ms < done->time_ms &&
                                is_any(function.transactions, *other))
                                from_ms = std::max(from_ms, other->time_ms + 1);
                    side.taps[i].push_back(taps(from_ms, done->time_ms));
                    const auto use =
                        std::find_if(visit.begin(), visit.end(), [&](const oracle::Event* event) {
                            return event->time_ms >= from_ms && event->time_ms <= done->time_ms &&
                                   is_any(functions[i].uses, *event);
                        });
                    if (use != visit.end())
                        side.own_taps[i].push_back(taps((*use)->time_ms, done->time_ms));
                }
            }
        std::map<std::string, std::int64_t> first_ms;
        for (const auto* event : visit)
            if (const auto page = text_of(*event, "page"); !page.empty())
                first_ms.try_emplace(page, event->time_ms);
        for (const auto& [page, met_ms] : first_ms) {
            const auto depth =
                std::count_if(first_ms.begin(), first_ms.end(),
                              [&](const auto& other) { return other.second < met_ms; });
            side.depths[page].push_back(depth);
            side.met[page].insert(person);
            if (static_cast<std::uint64_t>(depth) >= question.deep_from)
                side.met_deep[page].insert(person);
        }
    }
    Side told(const EffortQuestion& question, const std::vector<ProductUse>& functions,
              const oracle::World& world, Release release) {
        Side side;
        side.used.resize(functions.size());
        side.finished.resize(functions.size());
        side.taps.resize(functions.size());
        side.own_taps.resize(functions.size());
        const auto interval = interval_of(question.frame, world);
        for (const auto* person : audience_of(question.frame, world)) {
            for (const auto* event : events_of(*person, interval)) {
                if (!is_of(question.versions, release, text_of(*event, question.versions.by)))
                    continue;
                side.active.insert(person->id);
                for (std::size_t i = 0; i < functions.size(); ++i)
                    if (is_any(functions[i].uses, *event) ||
                        is_any(functions[i].transactions, *event))
                        side.used[i].insert(person->id);
            }
            for (const auto& visit : visits_of(*person, interval)) {
                bool has_click = false, is_of_release = false;
                for (const auto* event : visit) {
                    if (!oracle::matches(question.clicks, *event))
                        continue;
                    has_click = true;
                    is_of_release |=
                        is_of(question.versions, release, text_of(*event, question.versions.by));
                }
                if (has_click && is_of_release)
                    note_visit(side, question, functions, person->id, visit);
            }
        }
        return side;
    }
    static Spread spread(const std::vector<std::int64_t>& numbers) {
        const auto at = [&](double share) -> std::optional<std::uint64_t> {
            const auto found = quantile(numbers, share);
            return found ? std::optional(static_cast<std::uint64_t>(*found)) : std::nullopt;
        };
        return {numbers.size(), at(0.25), at(0.5), at(0.75)};
    }
    std::string compare(const Effort& found, const EffortQuestion& question, const Side& side,
                        Release release) const {
        const auto at = static_cast<std::size_t>(release);
        if (found.totals[at] != EffortTotal{side.active.size(), side.visits})
            return "the totals differ";
        for (std::size_t i = 0; i < side.used.size(); ++i)
            if (found.functions[i][at] !=
                FunctionEffort{side.used[i].size(), spread(side.taps[i]), spread(side.own_taps[i])})
                return "a function differs";
        std::size_t screens = 0;
        for (const auto& one : found.screens) {
            const auto depths = side.depths.find(one.screen);
            ScreenDepth wanted;
            if (depths != side.depths.end()) {
                ++screens;
                wanted.visits = depths->second.size();
                wanted.deep_visits = static_cast<std::uint64_t>(std::count_if(
                    depths->second.begin(), depths->second.end(), [&](std::int64_t depth) {
                        return static_cast<std::uint64_t>(depth) >= question.deep_from;
                    }));
                wanted.median = spread(depths->second).median;
            }
            if (one.of[at] != wanted)
                return "a screen differs";
        }
        return screens == side.depths.size() ? "" : "a screen is missing";
    }
    std::string compare_people(const EffortQuestion& question,
                               const std::vector<ProductUse>& functions, const Side& side,
                               const oracle::World& world, Release release) {
        using What = EffortPeople::What;
        const auto interval = interval_of(question.frame, world);
        const auto people = people_of(question.frame, world);
        const auto behind = [&](What what, const std::string& screen, std::vector<ProductUse> of) {
            return ids(*people_behind(question, {what, {}, screen, release}, of, *snapshot(),
                                      people, interval, how_));
        };
        for (std::size_t i = 0; i < functions.size(); ++i)
            if (behind(What::used, "", {functions[i]}) != side.used[i] ||
                behind(What::finished, "", {functions[i]}) != side.finished[i])
                return "the people of a function differ";
        for (const auto* page : {"home", "funds"}) {
            const auto met = side.met.find(page);
            const auto deep = side.met_deep.find(page);
            const std::set<ProfileId> none;
            if (behind(What::met, page, {}) != (met == side.met.end() ? none : met->second) ||
                behind(What::met_deep, page, {}) !=
                    (deep == side.met_deep.end() ? none : deep->second))
                return "the people of a screen differ";
        }
        return {};
    }
    std::string difference(const std::string& text, const oracle::World& world) {
        const auto json = boost::json::parse(text);
        const auto parsed = parse_effort(json.at("effort"));
        if (!parsed)
            return parsed.error().detail + parsed.error().pointer;
        const auto question = resolve(*parsed, names_, "");
        if (!question)
            return question.error().detail + question.error().pointer;
        std::vector<ProductUse> functions;
        for (const auto& function : json.at("functions").as_array()) {
            const auto draft = parse_product(function);
            if (!draft)
                return draft.error().detail + draft.error().pointer;
            functions.push_back(*use_of(draft->definition, names_));
        }
        const auto found =
            compute(*question, functions, *snapshot(), people_of(question->frame, world),
                    interval_of(question->frame, world), how_);
        if (!found)
            return found.error().detail;
        for (const auto release : releases) {
            if (release == Release::before && !question->versions.are_compared())
                continue;
            const auto side = told(*question, functions, world, release);
            if (auto why = compare(*found, *question, side, release); !why.empty())
                return why;
            if (auto why = compare_people(*question, functions, side, world, release); !why.empty())
                return why;
        }
        return {};
    }
};

TEST_F(EffortProperty, EngineAndOracleAgree) {
    run(60, 15, random_effort, [&](const std::string& text, const oracle::World& world) {
        return difference(text, world);
    });
}

TEST(Effort, AFunctionIsRareBelowItsShareOfActivePeople) {
    const EffortTotal total{100, 0};
    FunctionEffort function;
    function.people = 5;
    EXPECT_FALSE(is_rare(function, total, 5));
    function.people = 4;
    EXPECT_TRUE(is_rare(function, total, 5));
}

TEST(Effort, AScreenIsDeepInMoreThanHalfOfItsVisits) {
    EXPECT_FALSE(is_deep({4, 2, 3}));
    EXPECT_TRUE(is_deep({4, 3, 3}));
    EXPECT_FALSE(is_deep({}));
}

}  // namespace
}  // namespace qiao::insight::property
