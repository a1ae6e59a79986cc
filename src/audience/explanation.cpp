#include "audience/explanation.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/check.hpp"

namespace qiao::audience {
namespace {

namespace json = boost::json;
using rule::Node;
using rule::Op;

struct OpWords {
    const char* zh;
    const char* en;
};

OpWords words_of(Op op) {
    switch (op) {
        case Op::eq:
            return {"等于", "equal to"};
        case Op::ne:
            return {"不等于", "other than"};
        case Op::in:
            return {"是其中之一：", "one of"};
        case Op::not_in:
            return {"不是其中任何一个：", "none of"};
        case Op::lt:
            return {"小于", "less than"};
        case Op::lte:
            return {"不大于", "at most"};
        case Op::gt:
            return {"大于", "more than"};
        case Op::gte:
            return {"不小于", "at least"};
        case Op::between:
            return {"介于", "between"};
        case Op::exists:
            return {"有值", "any value"};
        case Op::missing:
            return {"没有值", "no value"};
        case Op::contains:
            return {"包含", "containing"};
        case Op::top:
            return {"位于前", "in the top"};
    }
    check(false);
    return {"", ""};
}

std::string text_of(const Value& value) {
    if (const auto* number = std::get_if<Decimal>(&value))
        return number->text();
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* flag = std::get_if<bool>(&value))
        return *flag ? "true" : "false";
    if (const auto* time = std::get_if<Time>(&value))
        return format_time(*time);
    if (std::holds_alternative<Sealed>(value))
        return "•••";
    if (const auto* set = std::get_if<StringSet>(&value)) {
        std::string joined;
        for (const auto& item : *set)
            joined += (joined.empty() ? "" : ", ") + item;
        return joined;
    }
    return "";
}

// Ages and their constants are milliseconds.
std::string age_text(const Value& value) {
    const auto* number = std::get_if<Decimal>(&value);
    if (!number)
        return "";
    const auto minutes = number->scaled() / Decimal::scale / 60'000;
    if (minutes >= 2 * 24 * 60)
        return std::to_string(minutes / (24 * 60)) + " d";
    if (minutes >= 120)
        return std::to_string(minutes / 60) + " h";
    return std::to_string(minutes) + " min";
}

std::string constants(const rule::Test& test, bool ages) {
    constexpr std::size_t most_shown = 5;
    std::string joined;
    for (std::size_t i = 0; i < std::min(test.values.size(), most_shown); ++i) {
        if (i > 0)
            joined += test.op == Op::between ? " – " : ", ";
        joined += ages ? age_text(test.values[i]) : text_of(test.values[i]);
    }
    if (test.values.size() > most_shown)
        joined += ", …";
    return joined;
}

Sentence wanted(const rule::Test& test, bool ages = false) {
    const auto words = words_of(test.op);
    const auto values = constants(test, ages);
    return {std::string(words.zh) + (values.empty() ? "" : " " + values),
            std::string(words.en) + (values.empty() ? "" : " " + values)};
}

Sentence named(const Wording& wording, std::string_view kind, const std::string& name) {
    auto words = wording ? wording(kind, name) : Sentence{};
    if (words.zh.empty())
        words.zh = name;
    if (words.en.empty())
        words.en = name;
    return words;
}

Sentence period_words(const rule::Period& period) {
    using W = rule::CalendarWindow;
    if (period.within) {
        const auto text = format_duration(*period.within);
        return {"最近 " + text + " 内", "within " + text};
    }
    if (period.from || period.to)
        return {"指定日期内", "in the given dates"};
    if (!period.calendar)
        return {"至今", "ever"};
    switch (*period.calendar) {
        case W::today:
            return {"今天", "today"};
        case W::yesterday:
            return {"昨天", "yesterday"};
        case W::this_week:
            return {"本周", "this week"};
        case W::last_week:
            return {"上周", "last week"};
        case W::this_month:
            return {"本月", "this month"};
        case W::last_month:
            return {"上月", "last month"};
        case W::this_quarter:
            return {"本季度", "this quarter"};
        case W::this_year:
            return {"今年", "this year"};
    }
    check(false);
    return {};
}

Sentence measure_words(const rule::Measure& measure) {
    using K = rule::MeasureKind;
    const auto& p = measure.property;
    switch (measure.kind) {
        case K::count:
            return {"次数", "times"};
        case K::days:
            return {"天数", "days"};
        case K::sum:
            return {p + " 合计", "sum of " + p};
        case K::min:
            return {p + " 最小值", "smallest " + p};
        case K::max:
            return {p + " 最大值", "largest " + p};
        case K::avg:
            return {p + " 平均值", "average " + p};
        case K::distinct:
            return {p + " 去重数", "different " + p};
        case K::first:
            return {"距首次", "time since the first"};
        case K::last:
            return {"距最近一次", "time since the last"};
    }
    check(false);
    return {};
}

Sentence found_words(const index::Explained& explained, bool ages) {
    if (!explained.found || type_of(*explained.found) == ValueType::null)
        return {"没有值", "no value"};
    auto text = ages ? age_text(*explained.found) : text_of(*explained.found);
    return {text, text};
}

Sentence compared(const Sentence& what, const index::Explained& explained, const rule::Test& test,
                  bool ages = false) {
    const auto found = found_words(explained, ages);
    const auto asked = wanted(test, ages);
    return {what.zh + "为 " + found.zh + "，条件是" + asked.zh,
            what.en + ": " + found.en + "; asked for " + asked.en};
}

class Because {
public:
    Because(const index::Explained& explained, const Wording& wording)
        : explained_(explained), wording_(wording) {}

    Sentence operator()(const rule::All&) const { return {}; }
    Sentence operator()(const rule::Any&) const { return {}; }
    Sentence operator()(const rule::Not&) const { return {}; }
    Sentence operator()(const rule::TagTest& tag) const {
        return compared(named(wording_, "tag", tag.tag), explained_, tag.test);
    }
    Sentence operator()(const rule::ScoreTest& score) const {
        return compared(named(wording_, "tag", score.score), explained_, score.test);
    }
    Sentence operator()(const rule::EventTest& event) const {
        using K = rule::MeasureKind;
        const auto period = period_words(event.period);
        const auto name = named(wording_, "event", event.match.event);
        const auto measure = measure_words(event.measure);
        const std::string where_zh = event.match.where.empty() ? "" : "（符合属性条件）";
        const std::string where_en = event.match.where.empty() ? "" : " (that meet its conditions)";
        return compared({period.zh + "「" + name.zh + "」" + where_zh + measure.zh,
                         name.en + where_en + " " + period.en + ", " + measure.en},
                        explained_, event.test,
                        event.measure.kind == K::first || event.measure.kind == K::last);
    }
    Sentence operator()(const rule::SequenceTest& sequence) const {
        const auto period = period_words(sequence.period);
        std::string zh, en;
        for (const auto& step : sequence.steps) {
            const auto name = named(wording_, "event", step.event);
            zh += (zh.empty() ? "" : " → ") + name.zh;
            en += (en.empty() ? "" : " → ") + name.en;
        }
        return compared({period.zh + "按顺序（" + zh + "）完成的步数",
                         "steps done in order (" + en + ") " + period.en},
                        explained_, sequence.test);
    }
    Sentence operator()(const rule::IdentityTest& identity) const {
        const bool has = explained_.holds == identity.exists;
        return {(has ? "有" : "没有") + identity.kind,
                (has ? "has a " : "has no ") + identity.kind};
    }
    Sentence operator()(const rule::AudienceTest& audience) const {
        const auto name = named(wording_, "audience", audience.id);
        return {explained_.holds ? "在人群「" + name.zh + "」中" : "不在人群「" + name.zh + "」中",
                (explained_.holds ? "is in the audience " : "is not in the audience ") + name.en};
    }
    Sentence operator()(const rule::OrgTest& org) const {
        const auto name = named(wording_, "org", org.code);
        return {(explained_.holds ? "属于" : "不属于") + name.zh,
                (explained_.holds ? "belongs to " : "does not belong to ") + name.en};
    }
    Sentence operator()(const rule::ConsentTest& consent) const {
        return {(explained_.holds ? "已同意 " : "未同意 ") + consent.name,
                (explained_.holds ? "has agreed to " : "has not agreed to ") + consent.name};
    }

private:
    const index::Explained& explained_;
    const Wording& wording_;
};

// The branch that decides: the first false part of an `all`, the first true one of an `any`.
Sentence group_words(const index::Explained& explained, bool is_all,
                     const std::vector<Sentence>& parts) {
    const auto failed =
        static_cast<std::size_t>(std::count_if(explained.parts.begin(), explained.parts.end(),
                                               [](const auto& part) { return !part.holds; }));
    const auto held = explained.parts.size() - failed;
    const auto total = std::to_string(explained.parts.size());
    if (is_all && explained.holds)
        return {total + " 个条件全部满足", "all " + total + " conditions hold"};
    if (!is_all && !explained.holds)
        return {total + " 个条件都不满足", "none of " + total + " conditions holds"};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (explained.parts[i].holds == is_all)
            continue;
        if (is_all)
            return {std::to_string(failed) + " 个条件不满足：" + parts[i].zh,
                    std::to_string(failed) + " of " + total +
                        " conditions do not hold: " + parts[i].en};
        return {std::to_string(held) + " 个条件满足：" + parts[i].zh,
                std::to_string(held) + " of " + total + " conditions hold: " + parts[i].en};
    }
    return {};
}

const std::vector<Node>* children_of(const Node& node) {
    if (const auto* all = std::get_if<rule::All>(&node.what))
        return &all->nodes;
    if (const auto* any = std::get_if<rule::Any>(&node.what))
        return &any->nodes;
    return nullptr;
}

const Node* only_child_of(const Node& node) {
    if (const auto* negation = std::get_if<rule::Not>(&node.what))
        return negation->node.get();
    if (const auto* audience = std::get_if<rule::AudienceTest>(&node.what))
        return audience->rule.get();
    return nullptr;
}

struct Told {
    json::object tree;
    Sentence because;
};

Told tell(const Node& node, const index::Explained& explained, const Wording& wording,
          bool english) {
    Told told;
    json::array parts;
    std::vector<Sentence> sentences;
    const auto add = [&](const Node& child, const index::Explained& part) {
        auto inner = tell(child, part, wording, english);
        sentences.push_back(inner.because);
        parts.push_back(std::move(inner.tree));
    };
    if (const auto* children = children_of(node)) {
        for (std::size_t i = 0; i < std::min(children->size(), explained.parts.size()); ++i)
            add((*children)[i], explained.parts[i]);
        told.because =
            group_words(explained, std::holds_alternative<rule::All>(node.what), sentences);
    } else if (const auto* child = only_child_of(node); child && !explained.parts.empty()) {
        add(*child, explained.parts.front());
        told.because =
            std::holds_alternative<rule::Not>(node.what)
                ? Sentence{"排除条件：" + sentences.front().zh, "not: " + sentences.front().en}
                : because(node, explained, wording);
    } else {
        told.because = because(node, explained, wording);
    }
    told.tree = {{"holds", explained.holds},
                 {"because", english ? told.because.en : told.because.zh},
                 {"because_zh", told.because.zh},
                 {"because_en", told.because.en},
                 {"pointer", node.pointer}};
    if (explained.found && type_of(*explained.found) != ValueType::null)
        told.tree["found"] = to_json(*explained.found);
    if (!parts.empty())
        told.tree["parts"] = std::move(parts);
    return told;
}

}  // namespace

Sentence because(const Node& node, const index::Explained& explained, const Wording& wording) {
    return std::visit(Because(explained, wording), node.what);
}

json::object explain_json(const Node& node, const index::Explained& explained,
                          const Wording& wording, bool english) {
    return tell(node, explained, wording, english).tree;
}

}  // namespace qiao::audience
