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

}  // namespace

Result<MetricQuestion> parse_metric(const boost::json::value& value, std::string_view at) {
    Form form(value, at);
    MetricQuestion made;
    made.doing = form.doing();
    made.measure = measure_of(form);
    made.per = form.per("per", true);
    made.by = form.by("by", most_by);
    made.frame = form.frame();
    made.compare = form.flag("compare");
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

}  // namespace qiao::insight
