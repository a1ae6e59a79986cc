// Random questions over the facts of index/random_facts.hpp, as JSON.
#pragma once

#include <string>

#include "index/random_rules.hpp"

namespace qiao::insight::property {

using index::property::Random;

inline std::string random_frame(Random& random) {
    std::string made = index::property::period(random);
    if (random.chance(25))
        made += R"(,"audience":)" + index::property::rule_text(random, 1);
    return made;
}
inline std::string random_by(Random& random) {
    static const char* names[] = {"channel", "value", "tag:level", "tag:age", "new"};
    return index::property::in_quotes(random.pick(names));
}

inline std::string random_split(Random& random) {
    static const char* audiences[] = {R"(["aud_1"])", R"(["aud_2","aud_1"])",
                                      R"(["aud_1","aud_2","aud_3"])"};
    return R"({"audiences":)" + std::string(random.pick(audiences)) + "}";
}

// So many of a hundred have up to 20 steps, most of which any event of their name can be, so that
// long chains are there.
inline std::string random_funnel(Random& random, int long_ones) {
    std::string made = R"({"steps":[)";
    const bool is_long = random.chance(long_ones);
    const auto steps = is_long ? 5 + random.up_to(15) : 2 + random.up_to(2);
    const bool is_plain = !is_long && random.chance(40);
    const auto kinds = static_cast<std::int64_t>(std::size(index::property::event_names));
    const auto every = 1 + random.up_to(kinds - 1);
    for (std::int64_t i = 0; i < steps; ++i) {
        made += i ? ",{" : "{";
        made += is_plain || (is_long && !random.chance(10))
                    ? R"("event":)" + index::property::in_quotes(
                                          index::property::event_names[is_long ? i % every : i])
                    : index::property::match(random);
        made += "}";
    }
    static const char* windows[] = {"1m", "2m", "3m", "1h", "1d", "1w", "30d"};
    made += R"(],"window":)" + index::property::in_quotes(random.pick(windows));
    made += random_frame(random);
    if (!is_plain && random.chance(30))
        made += random.chance(50) ? R"(,"hold":"channel")" : R"(,"hold":"value")";
    if (!is_plain && random.chance(40)) {
        made += R"(,"exclude":[{)" + index::property::match(random) + R"(,"after":1})";
        if (random.chance(50))
            made += ",{" + index::property::match(random) + R"(,"after":)" +
                    std::to_string(1 + random.up_to(steps - 2)) + "}";
        made += "]";
    }
    if (random.chance(40))
        made += R"(,"by":[)" + random_by(random) + "]";
    else if (random.chance(25))
        made += R"(,"by":)" + random_split(random);
    if (random.chance(30))
        made += R"(,"per":"week")";
    return made + "}";
}

inline std::string any_or_match(Random& random) {
    return random.chance(25) ? R"("event":"$any")" : index::property::match(random);
}

inline std::string random_unit(Random& random) {
    static const char* units[] = {"day", "week", "month"};
    return R"(,"unit":)" + index::property::in_quotes(random.pick(units));
}

inline std::string random_retention(Random& random) {
    std::string made = R"({"first":{)";
    made += random.chance(20) ? R"("event":"$new_customer")" : any_or_match(random);
    made += R"(},"then":{)" + any_or_match(random) + "}" + random_unit(random);
    static const char* periods[] = {"1", "3", "30", "63", "64", "100"};
    made += R"(,"periods":)" + std::string(random.pick(periods));
    if (random.chance(30))
        made += R"(,"first_ever":true)";
    if (random.chance(30))
        made += R"(,"mode":"unbounded")";
    if (random.chance(40))
        made += R"(,"by":[)" + random_by(random) + "]";
    else if (random.chance(25))
        made += R"(,"by":)" + random_split(random);
    return made + random_frame(random) + "}";
}

inline std::string random_lifecycle(Random& random) {
    return "{" + any_or_match(random) + random_unit(random) + random_frame(random) + "}";
}

// Any event counts by its name as well, and knows no properties.
inline std::string random_metric_part(Random& random, int dice) {
    static const char* measures[] = {"count",     "unique",    "per_person", "sum:value",
                                     "avg:value", "min:value", "max:value"};
    std::string made = dice == 0   ? R"("event":"$any")"
                       : dice == 1 ? R"("event":"$new_customer")"
                                   : index::property::match(random);
    return made + R"(,"measure":)" +
           index::property::in_quotes(dice < 2 ? "unique" : random.pick(measures));
}

inline std::string random_formula(Random& random, int parts, int depth) {
    static const char* signs[] = {"+", " - ", "*", " / "};
    static const char* numbers[] = {"2", "0", "0.5", "100"};
    const auto dice = random.up_to(9);
    if (depth == 0 || dice < 3)
        return dice == 2 ? std::string(random.pick(numbers))
                         : std::string(1, static_cast<char>('A' + random.up_to(parts - 1)));
    const auto left = random_formula(random, parts, depth - 1);
    if (dice == 3)
        return "-(" + left + ")";
    const auto made = left + random.pick(signs) + random_formula(random, parts, depth - 1);
    return dice < 7 ? "(" + made + ")" : made;
}

inline std::string random_metric_shape(Random& random, bool of_any) {
    static const char* pers[] = {"day", "week", "month", "total"};
    std::string made = R"(,"per":)" + index::property::in_quotes(random.pick(pers));
    if (random.chance(60)) {
        made += R"(,"by":[)" + (of_any ? index::property::in_quotes("$event") : random_by(random));
        if (random.chance(40))
            made += R"(,"tag:level")";
        if (random.chance(20))
            made += R"(,"tag:age")";
        made += "]";
    } else if (random.chance(50)) {
        made += R"(,"by":)" + random_split(random);
    }
    return made + random_frame(random);
}

inline std::string random_metric(Random& random) {
    const auto dice = static_cast<int>(random.up_to(9));
    return "{" + random_metric_part(random, dice) + random_metric_shape(random, dice == 0) + "}";
}

inline std::string random_formula_metric(Random& random) {
    static const char* comparisons[] = {"period", "week", "year"};
    const auto count = 1 + static_cast<int>(random.up_to(2));
    std::string made = R"({"parts":[)";
    for (int i = 0; i < count; ++i)
        made += (i ? ",{" : "{") +
                random_metric_part(random, 2 + static_cast<int>(random.up_to(7))) + "}";
    made += R"(],"formula":"A+)" + random_formula(random, count, 3) + "\"";
    const auto shape = random_metric_shape(random, false);
    made += shape;
    if (random.chance(50) && shape.find(R"("audiences")") == std::string::npos)
        made += R"(,"top":)" + std::to_string(1 + random.up_to(2));
    if (random.chance(50))
        made += R"(,"average":)" + std::to_string(2 + random.up_to(5));
    if (random.chance(30))
        made += R"(,"compare":)" + index::property::in_quotes(random.pick(comparisons));
    return made + "}";
}

inline std::string random_paths(Random& random) {
    std::string made = random.chance(60) ? R"({"start":{)" : R"({"end":{)";
    made += index::property::match(random) + "}";
    static const char* gaps[] = {"1m", "2m", "1h", "1d", "1w"};
    const bool has_window = random.chance(30);
    if (has_window)
        made += R"(,"window":)" + index::property::in_quotes(random.pick(gaps));
    const bool has_hold = random.chance(25);
    if (has_hold)
        made += random.chance(50) ? R"(,"hold":"channel")" : R"(,"hold":"value")";
    if (!(has_window || has_hold) || random.chance(50))
        made += R"(,"gap":)" + index::property::in_quotes(random.pick(gaps));
    made += R"(,"limit":100,"steps":)" + std::to_string(1 + random.up_to(4));
    if (random.chance(25))
        made += R"(,"only":["view","pay"])";
    if (random.chance(25))
        made += R"(,"leave_out":["done"])";
    return made + random_frame(random) + "}";
}

inline std::string random_distribution(Random& random) {
    static const char* measures[] = {"count", "sum:value", "days", "hour"};
    const std::string measure = random.pick(measures);
    std::string made = "{";
    made += random.chance(20) && measure != "sum:value" ? R"("event":"$any")"
                                                        : index::property::match(random);
    made += R"(,"measure":)" + index::property::in_quotes(measure);
    if (measure != "hour" && random.chance(60))
        made += R"(,"buckets":[-1,0.5,1,2,4])";
    return made + random_frame(random) + "}";
}

inline std::string random_attribution(Random& random) {
    std::string made = R"({"goal":{)" + index::property::match(random);
    if (random.chance(50))
        made += R"(,"value":"value")";
    made += R"(},"touches":[{)" + index::property::match(random) + "}";
    if (random.chance(60))
        made += ",{" + index::property::match(random) + "}";
    static const char* by[] = {"channel", "value", "$event"};
    static const char* windows[] = {"1m", "3m", "1h", "1d", "1w", "30d"};
    static const char* models[] = {"first", "last", "linear", "position", "decay", "shapley"};
    using index::property::in_quotes;
    return made + R"(],"by":)" + in_quotes(random.pick(by)) + R"(,"window":)" +
           in_quotes(random.pick(windows)) + R"(,"half_life":"1h","model":)" +
           in_quotes(random.pick(models)) + random_frame(random) + "}";
}

inline std::string random_interval(Random& random) {
    static const char* windows[] = {"1m", "2m", "1h", "1d", "45d"};
    return R"({"first":{)" + index::property::match(random) + R"(},"then":{)" +
           index::property::match(random) + R"(},"window":)" +
           index::property::in_quotes(random.pick(windows)) + random_frame(random) + "}";
}

}  // namespace qiao::insight::property
