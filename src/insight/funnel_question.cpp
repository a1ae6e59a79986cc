#include <boost/json.hpp>

#include "insight/funnel.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;

std::vector<FunnelExclude> excludes_of(Form& form, std::size_t steps) {
    std::vector<FunnelExclude> made;
    for (auto& match : form.matches("exclude", 0, 10))
        made.push_back({std::move(match), 1});
    const auto* list = form.member("exclude");
    for (std::size_t i = 0; i < made.size() && list && form.is_sound(); ++i) {
        const auto& object = list->get_array()[i].get_object();
        const auto* after = object.if_contains("after");
        const auto most = static_cast<std::int64_t>(steps) - 1;
        if (!after || !after->is_int64() || after->get_int64() < 1 || after->get_int64() > most)
            form.refuse(form.pointer("exclude") + "/" + std::to_string(i) + "/after",
                        "Name the step after which the event breaks the chain, from 1 to the last "
                        "but one.");
        else
            made[i].after = static_cast<unsigned>(after->get_int64());
    }
    return made;
}

}  // namespace

Result<FunnelQuestion> parse_funnel(const json::value& value, std::string_view at) {
    Form form(value, at);
    FunnelQuestion made;
    made.steps = form.matches("steps", 2, most_funnel_steps);
    made.window = form.duration("window", "7d");
    made.hold = form.text("hold");
    made.exclude = excludes_of(form, made.steps.size());
    if (auto split = audience_split(form, "by"))
        made.split = std::move(*split);
    else
        made.by = form.by("by", 1);
    if (!made.by.empty() && made.by[0].kind == By::Kind::event)
        form.refuse(form.pointer("by") + "/0",
                    "A funnel is split by a property of its first step, by a tag, or by "
                    "{\"audiences\":[…]}.");
    if (form.has("per"))
        made.per = form.per("per", false);
    made.frame = form.frame();
    form.member("per");
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<FunnelQuestion> resolve(FunnelQuestion question, const rule::Vocabulary& vocabulary,
                               std::string_view at) {
    const std::string base(at);
    for (auto& step : question.steps) {
        auto match = rule::resolve(step, vocabulary);
        if (!match)
            return fail(match.error());
        step = std::move(*match);
        if (question.hold.empty())
            continue;
        const auto type = vocabulary.property(step.event, question.hold);
        const bool is_first = &step == &question.steps.front();
        if (!type || (!is_first && *type != question.hold_type))
            return fail(ErrorCode::unprocessable, "rule.unknown",
                        "Every step has to have the property \"" + question.hold +
                            "\", with the same type.",
                        base + "/hold");
        question.hold_type = *type;
    }
    for (auto& exclude : question.exclude) {
        auto match = rule::resolve(exclude.match, vocabulary);
        if (!match)
            return fail(match.error());
        exclude.match = std::move(*match);
    }
    auto split = resolve(std::move(question.split), vocabulary, base + "/by");
    if (!split)
        return fail(split.error());
    question.split = std::move(*split);
    if (question.by.empty())
        return question;
    auto type = type_of(question.by[0], Doing{Subject::event, question.steps.front()},
                        base + "/by/0", vocabulary);
    if (!type)
        return fail(type.error());
    question.by_type = *type;
    return question;
}

std::vector<std::int64_t> duration_borders(std::int64_t window_ms) {
    constexpr std::int64_t minute = 60'000, hour = 60 * minute, day = 24 * hour;
    std::vector<std::int64_t> made;
    for (const auto border : {minute, 5 * minute, 15 * minute, hour, 6 * hour, day, 3 * day,
                              7 * day, 30 * day, 90 * day})
        if (border < window_ms)
            made.push_back(border);
    made.push_back(window_ms);
    return made;
}

json::object chain_rule(json::object chain, const json::object& asked, const Frame& frame,
                        const rule::Interval& interval) {
    if (frame.as_of) {
        chain["from"] = format_time(time_from_ms(interval.from_ms));
        chain["to"] = format_time(time_from_ms(interval.until_ms));
    } else {
        for (const char* name : {"within", "from", "to"})
            if (const auto* member = asked.if_contains(name); member && !member->is_null())
                chain[name] = *member;
        if (!chain.contains("within") && !chain.contains("from"))
            chain["within"] = "30d";
    }
    if (!frame.audience)
        return chain;
    json::object made;
    made["all"] = json::array{json::parse(*frame.audience), std::move(chain)};
    return made;
}

json::value funnel_rules(const json::value& value, const FunnelQuestion& question,
                         const rule::Interval& interval) {
    if (!question.hold.empty() || !question.exclude.empty() ||
        question.steps.size() > rule::Limits{}.steps)
        return nullptr;
    const auto& object = value.as_object();
    json::array made;
    for (std::size_t step = 1; step <= question.steps.size(); ++step) {
        json::object chain{{"sequence", object.at("steps")},
                           {"window", format_duration(question.window)},
                           {"reached", static_cast<std::int64_t>(step)},
                           {"op", "eq"}};
        made.push_back(chain_rule(std::move(chain), object, question.frame, interval));
    }
    return made;
}

}  // namespace qiao::insight
