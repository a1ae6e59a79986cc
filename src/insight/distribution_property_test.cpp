// Random distribution questions over random facts.
#include "index/plan.hpp"
#include "insight/distribution.hpp"
#include "insight/question_property.hpp"
#include "insight/random_questions.hpp"

namespace qiao::insight::property {
namespace {

using Kind = DistributionQuestion::Kind;


bool did(const Doing& doing, const oracle::Event& event) {
    return doing.subject == insight::Subject::event ? oracle::matches(doing.match, event)
                                           : is_behaviour(event.name);
}

class DistributionProperty : public QuestionProperty {
protected:
    struct Person {
        ProfileId id;
        std::vector<const oracle::Event*> events;
    };
    std::int64_t value_of(const DistributionQuestion& question, const Person& person) const {
        std::int64_t sum = 0;
        std::set<Day> days;
        for (const auto* event : person.events) {
            days.insert(calendar_.day_of(time_from_ms(event->time_ms)));
            const auto value = property_of(*event, question.property);
            if (const auto* number = std::get_if<Decimal>(&value))
                sum += number->scaled();
        }
        if (question.kind == Kind::sum)
            return sum;
        return Decimal::scale * static_cast<std::int64_t>(question.kind == Kind::days
                                                              ? days.size()
                                                              : person.events.size());
    }
    bool is_in(const DistributionQuestion& question, const Person& person,
               const Distribution::Bucket& bucket) const {
        const auto value = Decimal::from_scaled(value_of(question, person));
        return (!bucket.from || value >= *bucket.from) && (!bucket.to || value < *bucket.to);
    }
    std::string difference(const std::string& text, const oracle::World& world) {
        const auto parsed = parse_distribution(boost::json::parse(text));
        if (!parsed)
            return parsed.error().detail + parsed.error().pointer;
        const auto question = resolve(*parsed, names_, "");
        if (!question)
            return question.error().detail + question.error().pointer;
        const auto interval = interval_of(question->frame, world);
        const auto audience = people_of(question->frame, world);
        const auto found =
            compute(*question, *snapshot(), audience, interval, calendar_, how_);
        if (!found && found.error().reason == "insight.too_many_units")
            return {};
        if (!found)
            return found.error().detail;
        std::vector<Person> people;
        for (const auto* person : audience_of(question->frame, world)) {
            Person one{person->id, {}};
            for (const auto* event : events_of(*person, interval))
                if (did(question->doing, *event))
                    one.events.push_back(event);
            if (!one.events.empty())
                people.push_back(std::move(one));
        }
        if (found->people != people.size())
            return "the people differ";
        for (std::size_t i = 0; i < found->buckets.size(); ++i) {
            const auto& bucket = found->buckets[i];
            std::set<ProfileId> wanted;
            std::uint64_t rows = 0;
            for (const auto& person : people) {
                std::uint64_t here = 0;
                for (const auto* event : person.events) {
                    const auto midnight = to_ms(
                        calendar_.start_of(calendar_.day_of(time_from_ms(event->time_ms))));
                    here += question->kind == Kind::hour
                                ? (event->time_ms - midnight) / 3'600'000 ==
                                      static_cast<std::int64_t>(i)
                                : is_in(*question, person, bucket);
                }
                rows += here;
                if (here > 0)
                    wanted.insert(person.id);
            }
            if (bucket.people != wanted.size() || bucket.rows != rows)
                return "bucket " + std::to_string(i) + " differs";
            if (ids(*people_behind(*question, i, *snapshot(), audience, interval, calendar_,
                                   how_)) != wanted)
                return "the people of a bucket differ";
        }
        return question->kind == Kind::hour ? "" : rank_difference(*question, *found, people);
    }
    std::string rank_difference(const DistributionQuestion& question, const Distribution& found,
                                const std::vector<Person>& people) const {
        std::vector<std::int64_t> values;
        std::int64_t sum = 0;
        std::uint64_t in_buckets = 0;
        for (const auto& person : people) {
            values.push_back(value_of(question, person));
            sum += values.back();
        }
        for (const auto& bucket : found.buckets)
            in_buckets += bucket.people;
        if (in_buckets != people.size())
            return "the buckets leave people out";
        const auto scaled = [](const std::optional<Decimal>& number) {
            return number ? std::optional(number->scaled()) : std::nullopt;
        };
        if (scaled(found.median) != quantile(values, 0.5) ||
            scaled(found.p90) != quantile(values, 0.9))
            return "a rank differs";
        if (values.empty())
            return found.mean ? "there is a mean of nobody" : "";
        const auto exact = static_cast<double>(sum) / static_cast<double>(values.size());
        return std::abs(static_cast<double>(found.mean->scaled()) - exact) <= 0.5
                   ? ""
                   : "the mean differs";
    }
};

TEST_F(DistributionProperty, EngineAndOracleAgree) {
    run(80, 20, random_distribution, [&](const std::string& text, const oracle::World& world) {
        return difference(text, world);
    });
}

}  // namespace
}  // namespace qiao::insight::property
