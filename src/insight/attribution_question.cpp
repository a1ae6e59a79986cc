#include <boost/json.hpp>

#include "insight/attribution.hpp"

namespace qiao::insight {

Result<AttributionQuestion> parse_attribution(const boost::json::value& value,
                                              std::string_view at) {
    Form form(value, at);
    AttributionQuestion made;
    auto goal = form.doing("goal");
    if (form.is_sound() && goal.subject != Subject::event)
        form.refuse(form.pointer("goal") + "/event", "A goal is one event; name it.");
    made.goal = std::move(goal.match);
    if (const auto* object = form.member("goal"); object && object->is_object())
        if (const auto* property = object->get_object().if_contains("value");
            property && !property->is_null()) {
            if (property->is_string())
                made.value = std::string(property->get_string());
            else
                form.refuse(form.pointer("goal") + "/value", "Name a property of the goal.");
        }
    made.touches = form.matches("touches", 1, 20);
    const auto by = form.text("by", "$event");
    if (by == "$event")
        made.by = {By::Kind::event, by};
    else if (by.empty() || by.starts_with("tag:"))
        form.refuse(form.pointer("by"), "Name a property of the touches, or $event.");
    else
        made.by = {By::Kind::property, by};
    made.window = form.duration("window", "30d");
    made.model = static_cast<Model>(form.choice(
        "model", {"first", "last", "linear", "position", "decay", "shapley"}, "last"));
    made.half_life = form.duration("half_life", "7d");
    made.frame = form.frame();
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<AttributionQuestion> resolve(AttributionQuestion question,
                                    const rule::Vocabulary& vocabulary, std::string_view at) {
    const std::string base(at);
    auto goal = rule::resolve(question.goal, vocabulary);
    if (!goal)
        return fail(goal.error());
    question.goal = std::move(*goal);
    if (!question.value.empty())
        if (auto number = check_number(question.value, question.goal.event, base + "/goal/value",
                                       vocabulary);
            !number)
            return fail(number.error());
    bool is_known = question.by.kind == By::Kind::event;
    question.by_type = ValueType::string;
    for (auto& touch : question.touches) {
        auto known = rule::resolve(touch, vocabulary);
        if (!known)
            return fail(known.error());
        touch = std::move(*known);
        // Touches without the property form the group of those that lack it.
        if (is_known || !vocabulary.property(touch.event, question.by.name))
            continue;
        auto type = type_of(question.by, Doing{Subject::event, touch}, base + "/by", vocabulary);
        if (!type)
            return fail(type.error());
        question.by_type = *type;
        is_known = true;
    }
    if (!is_known)
        return fail(ErrorCode::unprocessable, "rule.unknown",
                    "No touch has a property \"" + question.by.name + "\".", base + "/by");
    return question;
}

}  // namespace qiao::insight
