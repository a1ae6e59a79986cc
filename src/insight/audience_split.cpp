#include "insight/audience_split.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "index/kept.hpp"
#include "index/plan.hpp"

namespace qiao::insight {

Group AudienceSplit::group(std::size_t number) const {
    return {number < audiences.size() ? Value(audiences[number]) : Value{}};
}

std::optional<std::size_t> AudienceSplit::number_of(const Group& asked) const {
    for (std::size_t number = 0; number < groups(); ++number)
        if (group(number) == asked)
            return number;
    return std::nullopt;
}

std::optional<AudienceSplit> audience_split(Form& form, std::string_view name) {
    const auto* value = form.member(name);
    if (!value || !value->is_object())
        return std::nullopt;
    Form inner(*value, form.pointer(name));
    AudienceSplit made;
    made.audiences = inner.texts("audiences", most_split_audiences);
    for (std::size_t i = 0; i < made.audiences.size(); ++i)
        if (std::count(made.audiences.begin(), made.audiences.end(), made.audiences[i]) > 1)
            inner.refuse(inner.pointer("audiences") + "/" + std::to_string(i),
                         "Name each audience once.");
    if (made.empty())
        inner.refuse(inner.pointer("audiences"), "Name one to ten audiences.");
    if (auto sound = inner.finish(); !sound)
        form.refuse(sound.error());
    return made;
}

Result<AudienceSplit> resolve(AudienceSplit split, const rule::Vocabulary& vocabulary,
                              const std::string& at) {
    split.rules.clear();
    for (std::size_t i = 0; i < split.audiences.size(); ++i) {
        const rule::Node named{rule::AudienceTest{split.audiences[i], nullptr}, {}};
        auto rule = rule::resolve(named, vocabulary);
        if (!rule) {
            auto error = rule.error();
            error.pointer = at + "/audiences/" + std::to_string(i);
            return fail(std::move(error));
        }
        split.rules.push_back(std::make_shared<const rule::Node>(std::move(*rule)));
    }
    return split;
}

Result<void> check_kept(const AudienceSplit& split, const Ground& ground) {
    for (const auto& rule : split.rules)
        if (auto kept = index::check_kept(ground.kept_from, *rule, ground.as_of, *ground.calendar);
            !kept)
            return kept;
    return {};
}

Result<SplitPeople> people_by_group(const AudienceSplit& split, const index::Snapshot& snapshot,
                                    Time as_of, const Calendar& calendar,
                                    const index::Execution& how) {
    SplitPeople made;
    if (split.empty())
        return made;
    auto none = *snapshot->alive;
    for (const auto& rule : split.rules) {
        auto people = index::Plan(*rule, snapshot, as_of, calendar).evaluate(how);
        if (!people)
            return fail(people.error());
        none -= *people;
        made.push_back(std::move(*people));
    }
    made.push_back(std::move(none));
    return made;
}

Result<SplitPeople> people_by_group(const AudienceSplit& split, const Ground& ground) {
    return people_by_group(split, ground.snapshot, ground.as_of, *ground.calendar, ground.how);
}

}  // namespace qiao::insight
