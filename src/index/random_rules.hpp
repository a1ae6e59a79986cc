// Random rules and the names that they use, for the property test: coarse numbers and times, so
// that ties and exact borders are common.
#pragma once

#include <boost/json.hpp>
#include <random>
#include <string>
#include <string_view>

#include "base/rule.hpp"
#include "base/time.hpp"

namespace qiao::index::property {

inline constexpr std::int64_t minute = 60'000, hour = 60 * minute, day = 24 * hour;
inline const std::int64_t now_ms = to_ms(*parse_time("2026-11-22T09:30:00+08:00"));

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    std::int64_t up_to(std::int64_t limit) {
        return std::uniform_int_distribution<std::int64_t>(0, limit)(engine_);
    }
    bool chance(int percent) { return up_to(99) < percent; }
    template <class Items>
    auto pick(const Items& items) {
        return items[static_cast<std::size_t>(
            up_to(static_cast<std::int64_t>(std::size(items)) - 1))];
    }

private:
    std::mt19937_64 engine_;
};

inline const std::string event_names[] = {"view", "pay", "start", "done"};
inline const std::string levels[] = {"gold", "silver", "plain"};

inline std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

inline std::string number(Random& random) {
    static const char* numbers[] = {"0", "1", "2", "3", "-1", "1.5", "0.0001", "2.25", "30", "4"};
    return random.pick(numbers);
}
inline std::string number_test(Random& random, std::string_view operand) {
    static const char* ops[] = {"eq", "ne", "lt", "lte", "gt", "gte"};
    const std::string key = in_quotes(operand) + ":";
    switch (random.up_to(9)) {
        case 0:
            return R"("op":"between",)" + key + "[" + number(random) + "," + number(random) + "]";
        case 1:
            return R"("op":"in",)" + key + "[" + number(random) + "," + number(random) + "]";
        case 2:
            return R"("op":"not_in",)" + key + "[" + number(random) + "]";
        default:
            return R"("op":")" + std::string(random.pick(ops)) + "\"," + key + number(random);
    }
}
inline std::string text_test(Random& random, const std::string& known) {
    switch (random.up_to(6)) {
        case 0:
            return R"("op":"ne","value":)" + in_quotes(known);
        case 1:
            return R"("op":"in","value":[)" + in_quotes(known) + R"(,"never seen"])";
        case 2:
            return R"("op":"not_in","value":[)" + in_quotes(known) + "]";
        case 3:
            return R"("op":"exists")";
        case 4:
            return R"("op":"missing")";
        default:
            return R"("op":"eq","value":)" + in_quotes(known);
    }
}
inline std::string period(Random& random) {
    static const char* windows[] = {"2m",           "5m",        "1h",         "1d",
                                    "3d",           "1w",        "today",      "yesterday",
                                    "this_week",    "last_week", "this_month", "last_month",
                                    "this_quarter", "this_year"};
    switch (random.up_to(5)) {
        case 0:
            return "";
        case 1:
            return R"(,"from":"2026-11-10")";
        case 2:
            return R"(,"from":"2026-11-01","to":"2026-11-20T12:00:00+08:00")";
        default:
            return R"(,"within":)" + in_quotes(random.pick(windows));
    }
}
inline std::string match(Random& random) {
    std::string made = R"("event":)" + in_quotes(random.pick(event_names));
    if (!random.chance(40))
        return made;
    made += R"(,"where":[)";
    if (random.chance(50))
        made += R"({"property":"value",)" + number_test(random, "value") + "}";
    else if (random.chance(70))
        made += R"({"property":"channel",)" + text_test(random, random.chance(50) ? "app" : "web") +
                "}";
    else
        made += R"({"property":"new","op":"eq","value":true},{"property":"channel","op":"exists"})";
    return made + "]";
}
inline std::string event_rule(Random& random) {
    static const char* measures[] = {
        "count",     "days",      "sum:value",      "min:value",
        "max:value", "avg:value", "distinct:value", "distinct:channel"};
    std::string made = "{" + match(random) + period(random);
    if (random.chance(25))
        return made + "}";
    if (random.chance(15)) {
        static const char* ages[] = {"1m", "2m", "1h", "1d", "3d", "1w"};
        static const char* ops[] = {"lt", "lte", "gt", "gte", "eq"};
        return made + R"(,"measure":")" + (random.chance(50) ? "first" : "last") + R"(","op":")" +
               random.pick(ops) + R"(","value":)" + in_quotes(random.pick(ages)) + "}";
    }
    return made + R"(,"measure":)" + in_quotes(random.pick(measures)) + "," +
           number_test(random, "value") + "}";
}
inline std::string sequence_rule(Random& random) {
    std::string made = R"({"sequence":[)";
    const auto steps = 1 + random.up_to(3);
    for (std::int64_t i = 0; i < steps; ++i)
        made += (i ? ",{" : "{") + match(random) + "}";
    made += "]" + period(random);
    static const char* windows[] = {"1m", "2m", "3m", "1h", "1d", "1w"};
    if (random.chance(60))
        made += R"(,"window":)" + in_quotes(random.pick(windows));
    if (random.chance(60))
        made += "," + number_test(random, "reached");
    return made + "}";
}
inline std::string leaf(Random& random) {
    switch (random.up_to(15)) {
        case 0:
            return R"({"tag":"level",)" + text_test(random, random.pick(levels)) + "}";
        case 1:
            return R"({"tag":"age",)" + number_test(random, "value") + "}";
        case 2:
            return random.chance(50) ? R"({"tag":"vip","op":"eq","value":true})"
                                     : R"({"tag":"age","op":"missing"})";
        case 3:
            return R"({"tag":"held","op":"contains","value":)" + in_quotes(random.pick(levels)) +
                   "}";
        case 4:
            return R"({"tag":"since","op":"gte","value":"2026-11-15T00:00:00+08:00"})";
        case 5:
            return R"({"identity":"user_id","op":")" +
                   std::string(random.chance(50) ? "exists" : "missing") + "\"}";
        case 6:
            return R"({"consent":"marketing.sms"})";
        case 7:
            return R"({"org":")" + std::string(random.chance(50) ? "33" : "3301") + "\"}";
        case 8:
            return R"({"score":"churn","op":"top","value":)" +
                   std::string(random.chance(50) ? "0.3" : "0.5") + "}";
        case 9:
            return R"({"audience":"aud_1"})";
        case 10:
        case 11:
        case 12:
            return sequence_rule(random);
        default:
            return event_rule(random);
    }
}
inline std::string rule_text(Random& random, int depth) {
    if (depth == 0 || random.chance(45))
        return leaf(random);
    if (random.chance(25))
        return R"({"not":)" + rule_text(random, depth - 1) + "}";
    std::string made = random.chance(60) ? R"({"all":[)" : R"({"any":[)";
    const auto parts = random.up_to(3);
    for (std::int64_t i = 0; i < parts; ++i)
        made += (i ? "," : "") + rule_text(random, depth - 1);
    return made + "]}";
}

// What the rules may name.
class Names final : public rule::Vocabulary {
public:
    Names() {
        const auto parsed = [](const char* text) { return *rule::parse(boost::json::parse(text)); };
        inner_ = parsed(
            R"({"any":[{"event":"view","within":"3d"},{"tag":"vip","op":"eq","value":true}]})");
        golden_ = parsed(R"({"tag":"level","op":"eq","value":"gold"})");
        nobody_ = parsed(R"({"any":[]})");
    }
    std::optional<ValueType> tag(std::string_view name) const override {
        if (name == "level")
            return ValueType::string;
        if (name == "age")
            return ValueType::number;
        if (name == "vip")
            return ValueType::boolean;
        if (name == "since")
            return ValueType::time;
        if (name == "held")
            return ValueType::string_set;
        return std::nullopt;
    }
    bool has_event(std::string_view) const override { return true; }
    std::optional<ValueType> property(std::string_view, std::string_view name) const override {
        if (name == "value")
            return ValueType::number;
        if (name == "channel")
            return ValueType::string;
        if (name == "new")
            return ValueType::boolean;
        return std::nullopt;
    }
    bool has_score(std::string_view) const override { return true; }
    bool has_identity(std::string_view) const override { return true; }
    bool has_consent(std::string_view) const override { return true; }
    std::optional<std::vector<std::string>> org(std::string_view code) const override {
        if (code == "33")
            return std::vector<std::string>{"33", "3301"};
        return std::vector<std::string>{std::string(code)};
    }
    const rule::Node* audience(std::string_view id) const override {
        if (id == "aud_2")
            return &golden_;
        return id == "aud_3" ? &nobody_ : &inner_;
    }

private:
    rule::Node inner_, golden_, nobody_;
};

}  // namespace qiao::index::property
