#include <boost/json.hpp>

#include "insight/distribution.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;
using Kind = DistributionQuestion::Kind;

constexpr std::size_t most_borders = 50;

std::vector<Decimal> usual_borders(Kind kind) {
    std::vector<std::int64_t> whole;
    if (kind == Kind::count)
        whole = {1, 2, 3, 5, 10, 20, 50, 100};
    if (kind == Kind::days)
        whole = {1, 2, 3, 5, 8, 15, 22, 31};
    if (kind == Kind::sum)
        whole = {0, 100, 1'000, 10'000, 100'000, 1'000'000};
    std::vector<Decimal> made;
    for (const auto border : whole)
        made.push_back(*Decimal::from_int(border));
    return made;
}

std::vector<Decimal> borders_of(Form& form, Kind kind) {
    const auto* value = form.member("buckets");
    if (!value)
        return usual_borders(kind);
    const auto* list = value->if_array();
    if (kind == Kind::hour || !list || list->empty() || list->size() > most_borders) {
        form.refuse(form.pointer("buckets"),
                    "The buckets are 1 to 50 borders in ascending order; hours have none.");
        return {};
    }
    std::vector<Decimal> made;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto number = value_from_json((*list)[i]);
        const auto* border = number ? std::get_if<Decimal>(&*number) : nullptr;
        if (!border || (!made.empty() && *border <= made.back())) {
            form.refuse(form.pointer("buckets") + "/" + std::to_string(i),
                        "A border is a number above the one before it.");
            return {};
        }
        made.push_back(*border);
    }
    return made;
}

}  // namespace

Result<DistributionQuestion> parse_distribution(const json::value& value, std::string_view at) {
    Form form(value, at);
    DistributionQuestion made;
    made.doing = form.doing();
    if (form.is_sound() && made.doing.subject == Subject::new_customer)
        form.refuse(form.pointer("event"),
                    "A first event happens once; name another event or $any.");
    const auto measure = form.text("measure", "count");
    const bool is_sum = measure.starts_with("sum:") && measure.size() > 4;
    if (is_sum)
        made.property = measure.substr(4);
    if (measure == "days")
        made.kind = Kind::days;
    else if (measure == "hour")
        made.kind = Kind::hour;
    else if (is_sum)
        made.kind = Kind::sum;
    else if (measure != "count")
        form.refuse(form.pointer("measure"),
                    "The measure is count, days, hour, or a sum such as \"sum:amount\".");
    made.borders = borders_of(form, made.kind);
    made.frame = form.frame();
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<DistributionQuestion> resolve(DistributionQuestion question,
                                     const rule::Vocabulary& vocabulary, std::string_view at) {
    auto doing = resolve(question.doing, vocabulary);
    if (!doing)
        return fail(doing.error());
    question.doing = std::move(*doing);
    if (!question.property.empty())
        if (auto number = check_number(question.property, question.doing.match.event,
                                       std::string(at) + "/measure", vocabulary);
            !number)
            return fail(number.error());
    return question;
}

}  // namespace qiao::insight
