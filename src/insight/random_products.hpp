// Random questions about products, units and screens over the facts of index/random_facts.hpp, as
// JSON.
#pragma once

#include <string>

#include "access/org_tree.hpp"
#include "index/random_facts.hpp"
#include "insight/random_questions.hpp"

namespace qiao::insight::property {

// The units of the facts: one branch, its outlets, and one beside it.
inline access::OrgTree units_of_facts() {
    const auto org = [](const char* code, const char* parent, const char* kind) {
        access::Org made;
        made.code = made.name = code;
        made.parent = parent;
        made.kind = kind;
        return made;
    };
    return access::OrgTree({org("00", "", "head"), org("33", "00", "branch"),
                            org("44", "00", "branch"), org("3301", "33", "outlet"),
                            org("3302", "33", "outlet")});
}

// The question, and the steps of its product.
inline std::string random_entries(Random& random) {
    static const char* by[] = {"channel", "value", "new", "tag:level", "$branch", "$outlet"};
    static const char* windows[] = {"1m", "3m", "1h", "1d", "30d"};
    using index::property::in_quotes;
    using index::property::match;
    std::string made = R"({"entries":{"product":"prd_x","by":[)" + in_quotes(random.pick(by)) +
                       R"(],"window":)" + in_quotes(random.pick(windows));
    made += R"(,"exposures":{)" + match(random) + R"(},"clicks":{)" + match(random) + "}";
    made += random_frame(random) + R"(},"steps":[{"event":"done"},{)" + match(random) + "},{" +
            match(random) + "}]}";
    return made;
}

// The rules of the steps, and the question.
inline std::string random_acquisition(Random& random, const std::string& by) {
    std::string made = R"({"rules":[)";
    for (int i = 0; i < 4; ++i)
        made += (i > 0 ? "," : "") + index::property::rule_text(random, 2);
    return made + R"(],"question":{"by":[)" + index::property::in_quotes(by) + "]" +
           random_frame(random) + "}}";
}

inline std::string random_product(Random& random) {
    using index::property::match;
    std::string made = R"({"kind":"product","name_zh":"x","name_en":"x","uses":[)";
    const auto uses = 1 + random.up_to(2);
    for (std::int64_t i = 0; i < uses; ++i)
        made += (i > 0 ? ",{" : "{") + match(random) + "}";
    made += "]";
    if (random.chance(70)) {
        made += R"(,"transactions":[{)" + match(random) + "}]";
        if (random.chance(60))
            made += R"(,"value":"value","effective_value":)" + std::to_string(random.up_to(40));
        made += R"(,"effective_transactions":)" + std::to_string(1 + random.up_to(2));
    }
    return made + "}";
}

// The product, and the question about one unit of time.
inline std::string random_league(Random& random) {
    static const char* pers[] = {"day", "week", "month"};
    std::string question = R"({"per":)" + index::property::in_quotes(random.pick(pers));
    if (random.chance(25))
        question += R"(,"audience":)" + index::property::rule_text(random, 1);
    return R"({"product":)" + random_product(random) + R"(,"question":)" + question + "}}";
}

// The rules of the stages, and the question.
inline std::string random_stages(Random& random) {
    static const char* pers[] = {"day", "week", "month"};
    std::string made = R"({"rules":[)" + index::property::rule_text(random, 1);
    for (auto more = random.up_to(2); more > 0; --more)
        made += "," + index::property::rule_text(random, 1);
    return made + R"(],"question":{"model":"stm_x","per":)" +
           index::property::in_quotes(random.pick(pers)) + random_frame(random) + "}}";
}

// Rows that stand on screens.
inline void put_on_screens(index::property::World& world, Random& random) {
    static const std::string pages[] = {"home", "funds", "order"}, elements[] = {"buy", "back"},
                             labels[] = {"Buy", "Purchase"};
    for (auto& action : world.actions) {
        auto& change = action.change;
        if (change.kind != index::IndexChange::Kind::row)
            continue;
        if (random.chance(80))
            change.properties.emplace_back("page", random.pick(pages));
        if (random.chance(80))
            change.properties.emplace_back("element", random.pick(elements));
        if (random.chance(60))
            change.properties.emplace_back("label", random.pick(labels));
    }
}

inline std::string random_versions(Random& random) {
    if (random.chance(40))
        return {};
    std::string made = R"(,"version_by":"channel","version":)";
    made += random.chance(80) ? R"("app")" : R"("never seen")";
    return random.chance(70) ? made + R"(,"than":"web")" : made;
}

inline std::string random_screen(Random& random) {
    std::string made = R"({"clicks":{)" + index::property::match(random) + "}";
    static const char* screens[] = {"home", "funds", "never seen"};
    if (random.chance(85))
        made += R"(,"screen":)" + index::property::in_quotes(random.pick(screens));
    return made + random_versions(random) + random_frame(random) + "}";
}

// The question, and the functions.
inline std::string random_effort(Random& random) {
    std::string made = R"({"effort":{"clicks":{)" + index::property::match(random) +
                       R"(},"deep_from":)" + std::to_string(1 + random.up_to(1));
    made += random_versions(random) + random_frame(random) + R"(},"functions":[)";
    const auto count = 1 + random.up_to(2);
    for (std::int64_t i = 0; i < count; ++i) {
        made += (i > 0 ? ",{" : "{") + std::string(R"("name_zh":"x","name_en":"x","uses":[{)") +
                index::property::match(random) + "}]";
        if (random.chance(80))
            made += R"(,"transactions":[{)" + index::property::match(random) + "}]";
        made += "}";
    }
    return made + "]}";
}

}  // namespace qiao::insight::property
