// Random metrics over random facts.
#include "index/plan.hpp"
#include "insight/detail/metric_table.hpp"
#include "insight/question_property.hpp"
#include "insight/random_questions.hpp"

namespace qiao::insight::property {
namespace {

// The formula by its text: split at the last sign of the weakest kind outside of parentheses.
using Numbers = std::vector<std::optional<Exact>>;
std::optional<Exact> worth(std::string text, const Numbers& parts) {
    std::erase(text, ' ');
    for (const std::string_view signs : {"+-", "*/"}) {
        int depth = 0;
        for (std::size_t i = text.size(); i-- > 1;) {
            depth += text[i] == ')' ? 1 : text[i] == '(' ? -1 : 0;
            const bool ends = std::string_view("+-*/(").find(text[i - 1]) == std::string::npos;
            if (depth != 0 || !ends || signs.find(text[i]) == std::string::npos)
                continue;
            const auto left = worth(text.substr(0, i), parts);
            const auto right = worth(text.substr(i + 1), parts);
            if (!left || !right || (text[i] == '/' && *right == 0))
                return std::nullopt;
            switch (text[i]) {
                case '+':
                    return *left + *right;
                case '-':
                    return *left - *right;
                case '*':
                    return *left * *right;
                default:
                    return *left / *right;
            }
        }
    }
    if (text.front() == '(')
        return worth(text.substr(1, text.size() - 2), parts);
    if (text.front() == '-') {
        const auto value = worth(text.substr(1), parts);
        return value ? std::optional(Exact(-*value)) : std::nullopt;
    }
    if (text.front() >= 'A' && text.front() <= 'Z')
        return parts[static_cast<std::size_t>(text.front() - 'A')];
    return exact(Decimal::parse(text)->scaled()) / Decimal::scale;
}

class MetricProperty : public QuestionProperty {
protected:
    using Events = std::vector<const oracle::Event*>;

    static bool did(const Doing& doing, const oracle::Event& event) {
        return doing.subject == insight::Subject::event ? oracle::matches(doing.match, event)
                                                        : is_behaviour(event.name);
    }
    // The rows of a person that count. A new customer's group is ambiguous where several events
    // are the first at once; such people are no case of this test.
    std::optional<Events> rows_of(const Doing& doing, const oracle::Person& person,
                                  const rule::Interval& interval) const {
        Events rows;
        if (doing.subject != insight::Subject::new_customer) {
            for (const auto* event : events_of(person, interval))
                if (did(doing, *event))
                    rows.push_back(event);
            return rows;
        }
        for (const auto& event : person.events) {
            if (!did(doing, event))
                continue;
            if (!rows.empty() && event.time_ms < rows.front()->time_ms)
                rows.clear();
            if (rows.empty() || event.time_ms == rows.front()->time_ms)
                rows.push_back(&event);
        }
        if (rows.empty() || !is_inside(interval, *rows.front()))
            return Events{};
        if (rows.size() > 1)
            return std::nullopt;
        return rows;
    }
    static Group group_of(const std::vector<By>& by, const oracle::Person& person,
                          const oracle::Event& event) {
        Group group;
        for (const auto& one : by)
            group.push_back(one.kind == By::Kind::event ? Value(event.name)
                            : one.kind == By::Kind::tag ? oracle::tag_of(person, one.name)
                                                        : property_of(event, one.name));
        return group;
    }
    struct Told {
        std::vector<std::int64_t> values;
        std::set<ProfileId> people;
        std::uint64_t rows = 0;
    };
    static bool is_same(const Point& point, const Told& told) {
        __int128 sum = 0;
        for (const auto value : told.values)
            sum += value;
        const bool has_values = !told.values.empty();
        return point.rows == told.rows && point.people == told.people.size() &&
               point.values == told.values.size() && point.sum == sum &&
               (!has_values ||
                (point.low == *std::min_element(told.values.begin(), told.values.end()) &&
                 point.high == *std::max_element(told.values.begin(), told.values.end())));
    }
    // A person's row that counts: when, in which groups, with which value.
    struct Row {
        ProfileId person;
        std::int64_t time_ms = 0;
        std::vector<std::string> groups;  // several of a split alone
        Value value;
    };
    static std::vector<std::string> groups_of(const ResolvedMetric& metric,
                                              const oracle::Person& person,
                                              const oracle::Event& event,
                                              const oracle::World& world) {
        const auto& split = metric.split;
        if (split.empty())
            return {shown(group_of(metric.by, person, event))};
        std::vector<std::string> made;
        for (std::size_t i = 0; i < split.audiences.size(); ++i)
            if (oracle::holds(*split.rules[i], person, world))
                made.push_back(shown(Group{split.audiences[i]}));
        if (made.empty())
            made.push_back(shown(Group{Value{}}));
        return made;
    }
    // All rows within the interval; nothing where a person's are ambiguous.
    std::optional<std::vector<Row>> rows_in(const ResolvedMetric& metric, const Frame& frame,
                                            const oracle::World& world,
                                            const rule::Interval& interval) {
        std::vector<Row> made;
        for (const auto* person : audience_of(frame, world)) {
            const auto rows = rows_of(metric.doing, *person, interval);
            if (!rows)
                return std::nullopt;
            for (const auto* event : *rows)
                made.push_back({person->id, event->time_ms,
                                groups_of(metric, *person, *event, world),
                                property_of(*event, metric.measure.property)});
        }
        return made;
    }
    template <class Wants>
    static Told tell(const std::vector<Row>& rows, std::int64_t from_ms, std::int64_t until_ms,
                     Wants&& wants) {
        Told told;
        for (const auto& row : rows) {
            if (row.time_ms < from_ms || row.time_ms >= until_ms ||
                std::none_of(row.groups.begin(), row.groups.end(), wants))
                continue;
            ++told.rows;
            told.people.insert(row.person);
            if (const auto* number = std::get_if<Decimal>(&row.value))
                told.values.push_back(number->scaled());
        }
        return told;
    }
    std::vector<ResolvedMetric> resolved(const MetricQuestion& question) const {
        std::vector<ResolvedMetric> made;
        for (const auto& part : question.parts) {
            made.push_back({*resolve(part.doing, names_),
                            part.measure,
                            question.by,
                            {},
                            *resolve(question.split, names_, "")});
            for (const auto& by : question.by)
                made.back().by_types.push_back(*type_of(by, part.doing, "", names_));
        }
        return made;
    }

    std::string difference(const std::string& text, const oracle::World& world) {
        const auto question = parse_metric(boost::json::parse(text));
        if (!question)
            return question.error().detail + question.error().pointer;
        const auto metric = resolved(*question).front();
        const auto interval = interval_of(question->frame, world);
        const auto units = units_of(interval, question->per, calendar_);
        if (units.size() > most_units)
            return {};
        const auto people = people_of(question->frame, world);
        const auto rows = rows_in(metric, question->frame, world, interval);
        if (!rows)
            return {};
        const auto split = *people_by_group(metric.split, snapshot(), world.as_of, calendar_, how_);
        const auto found = compute(metric, snapshot(), people, units, how_, split);
        if (!found && found.error().reason == "insight.too_many_groups")
            return {};
        if (!found)
            return found.error().detail;
        if (const auto wrong = compare_groups(metric, *found, *rows); !wrong.empty())
            return wrong;
        std::vector<Group> largest;
        for (const auto& series : found->series) {
            const auto name = shown(series.group);
            const auto is_it = [&](const std::string& group) { return group == name; };
            if (const auto wrong = compare(series, *rows, units, interval, is_it); !wrong.empty())
                return "the group " + name + " differs " + wrong;
            const auto behind =
                people_behind(metric, snapshot(), people, units, series.group, how_, split);
            if (!behind ||
                ids(*behind) != tell(*rows, interval.from_ms, interval.until_ms, is_it).people)
                return "the people of " + name + " differ";
            if (largest.size() < 2)
                largest.push_back(series.group);
        }
        const auto anyone = [](const std::string&) { return true; };
        if (const auto wrong = compare(found->everyone, *rows, units, interval, anyone);
            !wrong.empty())
            return "everyone differs " + wrong;
        if (!metric.split.empty())
            return {};
        const auto rest = compute_rest(metric, snapshot(), people, units, largest, how_);
        if (!rest)
            return rest.error().detail;
        const auto is_rest = [&](const std::string& group) {
            return std::none_of(largest.begin(), largest.end(),
                                [&](const Group& one) { return shown(one) == group; });
        };
        if (const auto wrong = compare(*rest, *rows, units, interval, is_rest); !wrong.empty())
            return "the rest differs " + wrong;
        return {};
    }
    static std::string compare_groups(const ResolvedMetric& metric, const Computed& found,
                                      const std::vector<Row>& rows) {
        const auto& split = metric.split;
        for (std::size_t i = 0; i < split.groups(); ++i)
            if (i >= found.series.size() || found.series[i].group != split.group(i))
                return "the groups of the split differ";
        std::set<std::string> groups;
        for (const auto& row : rows)
            groups.insert(row.groups.begin(), row.groups.end());
        const auto least = split.empty() ? std::size_t(metric.by.empty()) : split.groups();
        return found.series.size() == std::max(groups.size(), least)
                   ? ""
                   : "the number of groups differs";
    }
    template <class Wants>
    std::string compare(const Series& found, const std::vector<Row>& rows,
                        const std::vector<Unit>& units, const rule::Interval& interval,
                        Wants&& wants) {
        if (found.points.size() != units.size())
            return "in its units";
        for (std::size_t unit = 0; unit < units.size(); ++unit)
            if (!is_same(found.points[unit],
                         tell(rows, units[unit].from_ms, units[unit].until_ms, wants)))
                return "on " + format_day(units[unit].day);
        if (!is_same(found.whole, tell(rows, interval.from_ms, interval.until_ms, wants)))
            return "in whole";
        return {};
    }

    static std::optional<Exact> value_of(const Told& told, MeasureKind kind) {
        return worth_of(static_cast<std::int64_t>(told.rows),
                        static_cast<std::int64_t>(told.people.size()), told.values, kind);
    }
    static std::optional<Exact> worth_of(std::int64_t rows, std::int64_t people,
                                         const std::vector<std::int64_t>& values,
                                         MeasureKind kind) {
        if (kind == MeasureKind::count)
            return Exact(rows);
        if (kind == MeasureKind::unique)
            return Exact(people);
        if (kind == MeasureKind::per_person)
            return people ? std::optional<Exact>(Exact(rows) / people) : std::nullopt;
        Exact sum = 0;
        for (const auto value : values)
            sum += Exact(value) / Decimal::scale;
        if (kind == MeasureKind::sum)
            return sum;
        if (values.empty())
            return std::nullopt;
        if (kind == MeasureKind::avg)
            return sum / values.size();
        return Exact(kind == MeasureKind::min ? *std::min_element(values.begin(), values.end())
                                              : *std::max_element(values.begin(), values.end())) /
               Decimal::scale;
    }
    // The moving average of one part: averages and ratios are of all that the units hold.
    static std::optional<Exact> mean_of(const std::vector<Told>& units, MeasureKind kind) {
        std::int64_t rows = 0, people = 0;
        std::vector<std::int64_t> values;
        Exact sum = 0;
        int count = 0;
        for (const auto& told : units) {
            rows += static_cast<std::int64_t>(told.rows);
            people += static_cast<std::int64_t>(told.people.size());
            values.insert(values.end(), told.values.begin(), told.values.end());
            if (const auto value = value_of(told, kind)) {
                sum += *value;
                ++count;
            }
        }
        if (kind == MeasureKind::avg || kind == MeasureKind::per_person)
            return worth_of(rows, people, values, kind);
        return count ? std::optional(Exact(sum / count)) : std::nullopt;
    }

    std::string table_difference(const std::string& text, const oracle::World& world) {
        const auto question = parse_metric(boost::json::parse(text));
        if (!question)
            return question.error().detail + question.error().pointer;
        const auto parts = resolved(*question);
        Ground ground{snapshot(),
                      people_of(question->frame, world),
                      interval_of(question->frame, world),
                      world.as_of,
                      how_,
                      &calendar_};
        detail::MetricGround from{
            *question, parts,
            ground,    ground.interval,
            "",        *people_by_group(parts[0].split, snapshot(), world.as_of, calendar_, how_)};
        const auto now = detail::metric_table(from, nullptr);
        if (!now)
            return now.error().reason.ends_with("too_many_groups") ||
                           now.error().reason.ends_with("too_many_units")
                       ? ""
                       : now.error().detail;
        const auto formula = std::string(boost::json::parse(text).at("formula").as_string());
        if (auto wrong = check_table(*question, parts, *now, ground.interval, formula, world);
            !wrong.empty())
            return wrong;
        if (question->compare == Comparison::none)
            return {};
        from.interval = compared(ground.interval, question->compare, calendar_);
        const auto before = detail::metric_table(from, &now->rows);
        if (!before)
            return before.error().reason.ends_with("too_many_groups") ? "" : before.error().detail;
        if (before->rows.size() != now->rows.size())
            return "the rows of the period before differ";
        const auto wrong = check_table(*question, parts, *before, from.interval, formula, world);
        return wrong.empty() ? "" : "before: " + wrong;
    }
    std::string check_table(const MetricQuestion& question,
                            const std::vector<ResolvedMetric>& parts, const MetricTable& table,
                            const rule::Interval& interval, const std::string& formula,
                            const oracle::World& world) {
        std::vector<std::vector<Row>> rows;  // of every part, of all time
        for (const auto& part : parts)
            rows.push_back(*rows_in(part, question.frame, world, {INT64_MIN / 4, INT64_MAX / 4}));
        std::set<std::string> own, all;
        for (const auto& row : table.rows)
            own.insert(shown(row.group));
        for (const auto& part : rows)
            for (const auto& row : part)
                if (row.time_ms >= interval.from_ms && row.time_ms < interval.until_ms)
                    all.insert(row.groups.begin(), row.groups.end());
        std::erase_if(all, [&](const std::string& group) { return own.contains(group); });
        if (table.left_out != all.size())
            return "the groups left out differ";
        if (table.rest.has_value() != (question.top && !all.empty()))
            return "there is a rest without its reason";
        if (question.top && own.size() > *question.top)
            return "there are more rows than asked for";
        const auto check = [&](const MetricRow& row, auto&& wants) {
            return check_row(question, row, table.units, interval, formula, world, rows, wants);
        };
        for (const auto& row : table.rows) {
            const auto name = shown(row.group);
            if (auto wrong = check(row, [&](const std::string& one) { return one == name; });
                !wrong.empty())
                return name + ": " + wrong;
        }
        if (table.rest)
            if (auto wrong =
                    check(*table.rest, [&](const std::string& one) { return !own.contains(one); });
                !wrong.empty())
                return "rest: " + wrong;
        if (table.everyone)
            if (auto wrong = check(*table.everyone, [](const std::string&) { return true; });
                !wrong.empty())
                return "everyone: " + wrong;
        return {};
    }
    template <class Wants>
    std::string check_row(const MetricQuestion& question, const MetricRow& row,
                          const std::vector<Unit>& units, const rule::Interval& interval,
                          const std::string& formula, const oracle::World& world,
                          const std::vector<std::vector<Row>>& rows, Wants&& wants) {
        const auto worth_with = [&](auto&& number) {
            Numbers numbers;
            for (std::size_t part = 0; part < rows.size(); ++part)
                numbers.push_back(number(part, question.parts[part].measure.kind));
            const auto value = worth(formula, numbers);
            return value ? rounded(*value) : std::nullopt;
        };
        const auto between = [&](std::int64_t from, std::int64_t until) {
            return worth_with([&](std::size_t part, MeasureKind kind) {
                return value_of(tell(rows[part], from, until, wants), kind);
            });
        };
        for (std::size_t unit = 0; unit < units.size(); ++unit)
            if (row.values[unit] != between(units[unit].from_ms, units[unit].until_ms))
                return "the value on " + format_day(units[unit].day) + " differs";
        if (row.total != between(interval.from_ms, interval.until_ms))
            return "the total differs";
        for (std::size_t unit = 0; unit < row.averages.size(); ++unit) {
            std::vector<std::pair<std::int64_t, std::int64_t>> window;
            Day day = units[unit].day;
            for (std::size_t i = 0; i < *question.average; ++i) {
                const Time end = calendar_.start_of(next_unit(day, question.per));
                if (end <= world.as_of)
                    window.emplace_back(to_ms(calendar_.start_of(day)), to_ms(end));
                day = unit_start(day - 1, question.per);
            }
            const auto wanted = worth_with([&](std::size_t part, MeasureKind kind) {
                std::vector<Told> told;
                for (const auto& [from, until] : window)
                    told.push_back(tell(rows[part], from, until, wants));
                return mean_of(told, kind);
            });
            if (row.averages[unit] != wanted)
                return "the average on " + format_day(units[unit].day) + " differs";
        }
        return {};
    }
};

TEST_F(MetricProperty, EngineAndOracleAgree) {
    run(60, 20, random_metric, [&](const std::string& text, const oracle::World& world) {
        return difference(text, world);
    });
}

TEST_F(MetricProperty, FormulasAndOracleAgree) {
    run(40, 15, random_formula_metric, [&](const std::string& text, const oracle::World& world) {
        return table_difference(text, world);
    });
}

}  // namespace
}  // namespace qiao::insight::property
