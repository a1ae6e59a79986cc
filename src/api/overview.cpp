#include "api/overview.hpp"

#include <array>
#include <memory>

#include "insight/metrics.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

struct Number {
    const char* key;
    const char* total;  // the metric of the number and of the one before it
    const char* days;   // the metric of its line
};

constexpr std::array<Number, 4> numbers = {{
    {"mau", R"({"event":"$any","measure":"unique","per":"total","within":"30d","compare":true})",
     R"({"event":"$any","measure":"unique","per":"day","within":"30d"})"},
    {"dau", R"({"event":"$any","measure":"unique","per":"total","within":"1d","compare":true})",
     R"({"event":"$any","measure":"unique","per":"day","within":"14d"})"},
    {"new_customers",
     R"({"event":"$new_customer","measure":"unique","per":"total","within":"30d","compare":true})",
     R"({"event":"$new_customer","measure":"unique","per":"day","within":"30d"})"},
    {"contacts",
     R"({"event":"$message_delivered","measure":"count","per":"total","within":"30d",
         "compare":true})",
     R"({"event":"$message_delivered","measure":"count","per":"day","within":"30d"})"},
}};

Result<insight::MetricAnswer> ask(const insight::Metrics& metrics, const char* text,
                                  const access::Principal& who) {
    const auto question = insight::parse_metric(json::parse(text));
    if (!question)
        return fail(question.error());
    return metrics.ask(*question, "", who);
}

json::value number_of(const std::optional<Decimal>& value) {
    return value ? to_json(Value(*value)) : json::value(0);
}

// An event that nobody has sent yet counts as zero.
Result<json::object> number_json(const insight::Metrics& metrics, const Number& number,
                                 const access::Principal& who) {
    json::object made{
        {"key", number.key}, {"value", 0}, {"previous", 0}, {"series", json::array{}}};
    const auto total = ask(metrics, number.total, who);
    if (!total && total.error().reason == "rule.unknown")
        return made;
    if (!total)
        return fail(total.error());
    made["value"] = number_of(total->now.rows.front().total);
    if (total->before)
        made["previous"] = number_of(total->before->rows.front().total);
    const auto days = ask(metrics, number.days, who);
    if (!days)
        return fail(days.error());
    json::array line;
    for (const auto& value : days->now.rows.front().values)
        line.push_back(number_of(value));
    made["series"] = std::move(line);
    return made;
}

Result<Answer> overview(const OverviewParts& parts, Call& call) {
    json::array needs, list;
    for (const auto& provider : parts.needs_me)
        for (auto& item : provider(call.who))
            needs.push_back(std::move(item));
    for (const auto& number : numbers) {
        auto made = number_json(parts.metrics, number, call.who);
        if (!made)
            return fail(made.error());
        list.push_back(std::move(*made));
    }
    return Answer{200,
                  json::object{{"needs_me", std::move(needs)},
                               {"running", parts.running ? parts.running(call.who) : json::array{}},
                               {"numbers", std::move(list)},
                               {"health", parts.health ? parts.health() : json::object{}}}};
}

}  // namespace

void add_overview(Endpoints& endpoints, OverviewParts given) {
    const auto parts = std::make_shared<const OverviewParts>(std::move(given));
    endpoints.define(
        "NeedsMe",
        object_schema(
            {{"kind", "string"}, {"title", "string"}, {"link", "string"}, {"count", "integer"}}));
    endpoints.define("OverviewNumber",
                     object_schema({{"key", "'mau'|'dau'|'new_customers'|'contacts'"},
                                    {"value", "number"},
                                    {"previous", "number"},
                                    {"series", "number[]"}}));
    endpoints.define("Overview", object_schema({{"needs_me", "NeedsMe[]"},
                                                {"running", "Campaign[]"},
                                                {"numbers", "OverviewNumber[]"},
                                                {"health", object_schema({})}}));
    endpoints.add("GET", "/api/v1/overview", Permission::view,
                  [parts](Call& call) { return overview(*parts, call); },
                  {"What needs me, what runs, four numbers", "overview", nullptr, "Overview"});
}

}  // namespace qiao::api
