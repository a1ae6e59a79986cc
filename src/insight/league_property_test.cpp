// Random products over random facts: activity by unit, its people, the curve, and the league.
#include "index/plan.hpp"
#include "insight/league.hpp"
#include "insight/question_property.hpp"
#include "insight/random_products.hpp"

namespace qiao::insight::property {
namespace {

class LeagueProperty : public QuestionProperty {
protected:
    bool is_any(const std::vector<rule::EventMatch>& matches, const oracle::Event& event) const {
        return std::any_of(matches.begin(), matches.end(), [&](const rule::EventMatch& match) {
            return oracle::matches(match, event);
        });
    }
    // One person, by the words of products.hpp.
    Activity told(const ProductUse& use, const oracle::Person& person,
                  const rule::Interval& interval) const {
        Activity own;
        own.customers = 1;
        std::set<Day> days;
        for (const auto* event : events_of(person, interval)) {
            const bool transacts = is_any(use.transactions, *event);
            if (transacts || is_any(use.uses, *event))
                days.insert(calendar_.day_of(time_from_ms(event->time_ms)));
            if (!transacts)
                continue;
            own.transactions += 1;
            const auto* value = use.value.empty() ? nullptr : find(event->properties, use.value);
            if (const auto* number = value ? std::get_if<Decimal>(value) : nullptr)
                own.value += number->scaled();
        }
        own.active = !days.empty();
        own.active_days = days.size();
        own.transacting = own.transactions > 0;
        own.effective =
            own.transactions >= static_cast<std::uint64_t>(use.effective_transactions) &&
            own.value >= use.effective_value;
        return own;
    }
    static std::string org_of(const oracle::Person& person) {
        const auto value = oracle::tag_of(person, "org");
        const auto* text = std::get_if<std::string>(&value);
        return text ? *text : std::string();
    }
    static bool is_in(Part part, const Activity& own) {
        return part == Part::customers     ? true
               : part == Part::active      ? own.active > 0
               : part == Part::inactive    ? own.active == 0
               : part == Part::transacting ? own.transacting > 0
                                           : own.effective > 0;
    }

    std::string difference(const std::string& text, const oracle::World& world) {
        const auto json = boost::json::parse(text);
        const auto draft = parse_product(json.at("product"));
        if (!draft)
            return draft.error().detail + draft.error().pointer;
        const auto use = use_of(draft->definition, names_);
        if (!use)
            return use.error().detail + use.error().pointer;
        auto question = json.at("question");
        const auto asked = parse_products_question(question);
        if (!asked)
            return asked.error().detail + asked.error().pointer;
        const auto units = compared_units(asked->per, asked->at, world.as_of, calendar_, "");
        if (!units)
            return units.error().detail;
        for (const auto& unit : {units->now, units->before})
            if (auto found = compare(*use, asked->frame, {unit.from_ms, unit.until_ms}, world);
                !found.empty())
                return found;
        return compare_curve(*use, asked->frame, world);
    }
    std::string compare(const ProductUse& use, const Frame& frame, const rule::Interval& interval,
                        const oracle::World& world) {
        const auto people = people_of(frame, world);
        const auto found = activity_by_org(use, *snapshot(), people, interval, calendar_, how_);
        if (!found)
            return found.error().detail;
        ActivityByOrg wanted;
        std::map<Part, std::set<ProfileId>> behind;
        for (const auto* person : audience_of(frame, world)) {
            const auto own = told(use, *person, interval);
            wanted[org_of(*person)] += own;
            for (const auto part : {Part::customers, Part::active, Part::inactive,
                                    Part::transacting, Part::effective})
                if (is_in(part, own) && tree_.is_within("33", org_of(*person)))
                    behind[part].insert(person->id);
        }
        if (*found != wanted)
            return "the activity of the units differs";
        const auto rows = by_unit(*found, tree_, "branch");
        for (const auto& row : rows)
            if (row.activity != total_of(wanted, tree_, row.org->code))
                return "branch " + row.org->code + " is not the sum of its units";
        auto codes = tree_.subtree("33");
        std::sort(codes.begin(), codes.end());
        for (const auto part :
             {Part::customers, Part::active, Part::inactive, Part::transacting, Part::effective})
            if (ids(*people_behind(use, part, codes, *snapshot(), people, interval, calendar_,
                                   how_)) != behind[part])
                return "the people of part " + std::to_string(static_cast<int>(part)) + " differ";
        return {};
    }
    std::string compare_curve(const ProductUse& use, const Frame& frame,
                              const oracle::World& world) {
        const Day last = calendar_.day_of(world.as_of), first = last - 4;
        const rule::Interval interval{to_ms(calendar_.start_of(first - month_days + 1)),
                                      to_ms(world.as_of) + 1};
        const auto days = units_of(interval, Per::day, calendar_);
        const auto points = activity_curve(use, *snapshot(), people_of(frame, world), days, how_);
        if (!points || points->size() != 5)
            return "the curve has no five points";
        for (const auto& point : *points) {
            ActivityPoint wanted{point.at};
            for (const auto* person : audience_of(frame, world)) {
                const auto is_active = [&](Day back) {
                    return told(use, *person,
                                {to_ms(calendar_.start_of(point.at - back + 1)),
                                 std::min(interval.until_ms,
                                          to_ms(calendar_.start_of(point.at + 1)))})
                               .active > 0;
                };
                wanted.day += is_active(1);
                wanted.week += is_active(week_days);
                wanted.month += is_active(month_days);
            }
            if (wanted.day != point.day || wanted.week != point.week || wanted.month != point.month)
                return "the curve differs at " + format_day(point.at);
        }
        return {};
    }

    access::OrgTree tree_ = units_of_facts();
};

TEST_F(LeagueProperty, AgreesWithLookingAtEveryone) {
    run(20, 15, random_league, [this](const std::string& text, const oracle::World& world) {
        return difference(text, world);
    });
}

TEST(Ranks, EqualValuesShareARankAndTheNextIsLeftOut) {
    using Ranks = std::vector<std::optional<std::size_t>>;
    EXPECT_EQ(ranks({3, 7, std::nullopt, 3, 1}), (Ranks{2, 1, std::nullopt, 2, 4}));
}

TEST(ComparedUnits, ARunningMonthIsComparedWithAsLongABeginning) {
    const auto calendar = *Calendar::of_zone("Asia/Shanghai");
    const auto as_of = *parse_time("2026-03-31T12:00:00+08:00");
    const auto march = compared_units(Per::month, std::nullopt, as_of, calendar, "");
    ASSERT_TRUE(march);
    EXPECT_TRUE(march->is_running);
    EXPECT_EQ(march->days, 31);
    // February is shorter: it is taken whole, and no day of March with it.
    EXPECT_EQ(march->days_before, 28);
    EXPECT_EQ(march->before.until_ms, march->now.from_ms);
    const auto february = compared_units(Per::month, *parse_day("2026-02-11"), as_of, calendar, "");
    ASSERT_TRUE(february);
    EXPECT_FALSE(february->is_running);
    EXPECT_EQ(february->days_before, 31);
    EXPECT_FALSE(compared_units(Per::month, *parse_day("2026-04-01"), as_of, calendar, ""));
}

}  // namespace
}  // namespace qiao::insight::property
