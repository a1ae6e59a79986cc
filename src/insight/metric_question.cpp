#include "insight/metric_question.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace qiao::insight {
namespace {

constexpr std::array<std::string_view, 7> measure_names = {"count", "unique", "sum",       "avg",
                                                           "min",   "max",    "per_person"};

Measure measure_of(Form& form) {
    const auto whole = form.text("measure", "count");
    const auto colon = whole.find(':');
    const auto kind = std::find(measure_names.begin(), measure_names.end(),
                                std::string_view(whole).substr(0, colon));
    const bool is_known = kind != measure_names.end();
    Measure made;
    if (is_known)
        made.kind = static_cast<MeasureKind>(kind - measure_names.begin());
    if (colon != std::string::npos)
        made.property = whole.substr(colon + 1);
    const bool wants = is_known && made.kind >= MeasureKind::sum && made.kind <= MeasureKind::max;
    if (!is_known || wants == made.property.empty() || (!wants && colon != std::string::npos))
        form.refuse(form.pointer("measure"),
                    "The measure is count, unique, per_person, or one of sum, avg, min, max with a "
                    "property, such as \"sum:amount\".");
    return made;
}

// The part's own members alone, or those of the question that is its only part.
MetricPart part_of(Form& form, std::string at) {
    return {form.doing(), measure_of(form), std::move(at)};
}

std::vector<MetricPart> parts_of(Form& form) {
    const auto* given = form.member("parts");
    if (!given)
        return {part_of(form, {})};
    std::vector<MetricPart> made;
    const auto* list = given->if_array();
    if (!list || list->empty() || list->size() > Formula::most_parts)
        form.refuse(form.pointer("parts"), "This is a list of 1 to 10 parts.");
    for (std::size_t i = 0; form.is_sound() && i < list->size(); ++i) {
        const auto within = "/parts/" + std::to_string(i);
        Form part((*list)[i], form.pointer("parts") + "/" + std::to_string(i));
        made.push_back(part_of(part, within));
        if (auto sound = part.finish(); !sound)
            form.refuse(sound.error());
    }
    return made;
}

Formula formula_of(Form& form, std::size_t parts) {
    const auto text = form.text("formula", parts == 1 ? "A" : "");
    if (!form.is_sound())
        return {};
    auto formula = Formula::parse(text, parts);
    if (formula)
        return std::move(*formula);
    formula.error().pointer = form.pointer("formula");
    form.refuse(formula.error());
    return {};
}

std::optional<std::size_t> maybe_count(Form& form, const char* name, std::int64_t least,
                                       std::size_t most) {
    if (!form.member(name))
        return std::nullopt;
    return static_cast<std::size_t>(
        form.integer(name, least, least, static_cast<std::int64_t>(most)));
}

// "true" is the period before.
Comparison comparison_of(Form& form) {
    const auto* value = form.member("compare");
    if (!value)
        return Comparison::none;
    if (value->is_bool())
        return value->get_bool() ? Comparison::period : Comparison::none;
    return static_cast<Comparison>(1 +
                                   form.choice("compare", {"period", "week", "year"}, "period"));
}

Day year_before(Day day) {
    const Day month = Calendar::month_start(day), then = Calendar::add_months(month, -12);
    return std::min(then + (day - month), Calendar::add_months(then, 1) - 1);
}

}  // namespace

rule::Interval compared(const rule::Interval& interval, Comparison with, const Calendar& calendar) {
    if (with == Comparison::period)
        return {interval.from_ms - (interval.until_ms - interval.from_ms), interval.from_ms};
    const auto earlier = [&](std::int64_t ms) {
        const Day day = calendar.day_of(time_from_ms(ms));
        const auto in_day = ms - to_ms(calendar.start_of(day));
        return to_ms(calendar.start_of(with == Comparison::week ? day - 7 : year_before(day))) +
               in_day;
    };
    // The end is no part of the period: it is the moment after its last.
    return {earlier(interval.from_ms), earlier(interval.until_ms - 1) + 1};
}

Result<MetricQuestion> parse_metric(const boost::json::value& value, std::string_view at) {
    Form form(value, at);
    MetricQuestion made;
    made.parts = parts_of(form);
    made.formula = formula_of(form, made.parts.size());
    made.per = form.per("per", true);
    if (auto split = audience_split(form, "by"))
        made.split = std::move(*split);
    else
        made.by = form.by("by", most_by);
    made.top = maybe_count(form, "top", 1, most_series);
    if (made.top && !made.split.empty())
        form.refuse(form.pointer("top"),
                    "A split by audiences shows all its groups, which may have people in common; "
                    "leave out \"top\".");
    made.average = maybe_count(form, "average", 2, 90);
    made.frame = form.frame();
    made.compare = comparison_of(form);
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

}  // namespace qiao::insight
