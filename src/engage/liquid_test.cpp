#include "engage/liquid.hpp"

#include <gtest/gtest.h>

namespace qiao::engage {

namespace {

Result<std::string> rendered(std::string_view text, const Properties& tags,
                             Escape escape = Escape::none) {
    auto parsed = Template::parse(text);
    if (!parsed)
        return fail(parsed.error());
    return parsed->render([&](std::string_view name) { return find(tags, name); }, escape,
                          *Calendar::of_zone("Asia/Shanghai"));
}

const Properties tags = {{"name", std::string("王芳")},
                         {"aum", *Decimal::parse("1234567.5")},
                         {"tier", std::string("gold")},
                         {"opened_at", *parse_time("2026-10-01T17:30:00Z")},
                         {"payroll", false}};

}  // namespace

TEST(Liquid, PrintsValuesThroughFilters) {
    EXPECT_EQ(*rendered("您好 {{ name }}，资产 {{ aum | number }}", tags),
              "您好 王芳，资产 1,234,567.5");
    EXPECT_EQ(*rendered("{{ tier | upcase | append: '!' }}", tags), "GOLD!");
    EXPECT_EQ(*rendered("{{ opened_at | date: \"%m/%d %H:%M\" }}", tags), "10/02 01:30");
    EXPECT_EQ(*rendered("{{ name | truncate: 1 }}", tags), "王…");
}

TEST(Liquid, AMissingValueNeedsADefault) {
    EXPECT_EQ(*rendered("{{ city | default: '本地' }}", tags), "本地");
    EXPECT_EQ(rendered("{{ city }}", tags).error().reason, "liquid.missing");
    EXPECT_EQ(Template::parse("{{ city }} {{ tier | default: 'x' }}")->names_without_default(),
              (std::vector<std::string>{"city"}));
}

TEST(Liquid, ChoosesBranches) {
    EXPECT_EQ(*rendered("{% if tier == 'gold' %}金{% else %}普{% endif %}", tags), "金");
    EXPECT_EQ(*rendered("{% if tier != 'gold' %}金{% endif %}!", tags), "!");
    EXPECT_EQ(*rendered("{% if payroll %}a{% else %}b{% endif %}{% if city %}c{% endif %}", tags),
              "b");
}

TEST(Liquid, EscapesForHtml) {
    EXPECT_EQ(*rendered("{{ name }}", {{"name", std::string("<b>&'\"")}}, Escape::html),
              "&lt;b&gt;&amp;&#39;&quot;");
}

TEST(Liquid, SaysWhereItIsWrong) {
    const auto error = Template::parse("您好\n{{ name ").error();
    EXPECT_EQ(error.reason, "liquid.syntax");
    EXPECT_NE(error.detail.find("line 2, column 1"), std::string::npos);
    for (const auto* text :
         {"{{ }}", "{{ a | }}", "{{ a b }}", "{% if %}x{% endif %}", "{% if a %}", "{% endif %}",
          "{% for a %}", "{{ a | shout }}", "{% if a > 1 %}{% endif %}"})
        EXPECT_FALSE(Template::parse(text)) << text;
}

}  // namespace qiao::engage
