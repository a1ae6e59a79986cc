// Random entries to random products: each entry's funnel against chains found by trying them all.
#include <map>

#include "insight/entries.hpp"
#include "insight/question_property.hpp"
#include "insight/random_products.hpp"

namespace qiao::insight::property {
namespace {

// The longest chain whose first steps carry the entry, where it is a property.
class LongestChain {
public:
    LongestChain(const FunnelQuestion& funnel, std::vector<const oracle::Event*> events,
                 const std::string& property, bool click_has_it, const Value& entry)
        : funnel_(funnel),
          events_(std::move(events)),
          used_(events_.size()),
          property_(property),
          held_steps_(property.empty() ? 0
                      : click_has_it   ? 2
                                       : 1),
          entry_(entry) {}

    std::size_t find() {
        grow(0, 0, INT64_MIN);
        return longest_;
    }

private:
    void grow(std::size_t length, std::int64_t start_ms, std::int64_t last_ms) {
        longest_ = std::max(longest_, length);
        if (length == funnel_.steps.size())
            return;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            const auto& event = *events_[i];
            if (used_[i] || event.time_ms < last_ms ||
                !oracle::matches(funnel_.steps[length], event))
                continue;
            if (length < held_steps_ && property_of(event, property_) != entry_)
                continue;
            const auto start = length == 0 ? event.time_ms : start_ms;
            if (event.time_ms - start > funnel_.window.count())
                continue;
            used_[i] = true;
            grow(length + 1, start, event.time_ms);
            used_[i] = false;
        }
    }

    const FunnelQuestion& funnel_;
    std::vector<const oracle::Event*> events_;
    std::vector<bool> used_;
    std::string property_;
    std::size_t held_steps_;
    Value entry_;
    std::size_t longest_ = 0;
};

class EntriesProperty : public QuestionProperty {
protected:
    struct Less {
        bool operator()(const Value& a, const Value& b) const { return is_less(a, b); }
    };
    // By entry: who reached so many steps or more.
    using Reached = std::map<Value, std::array<std::set<ProfileId>, entry_steps + 2>, Less>;

    static Value entry_of(const EntriesPlan& plan, const oracle::Person& person) {
        const auto value = oracle::tag_of(person, plan.by.name);
        if (plan.unit.empty())
            return value;
        const auto* code = std::get_if<std::string>(&value);
        for (const auto& above : plan.orgs.path_up(code ? *code : std::string()))
            if (const auto* org = plan.orgs.find(above); org && org->kind == plan.unit)
                return above;
        return {};
    }
    static void note(Reached& reached, const Value& entry, ProfileId person, std::size_t steps) {
        for (std::size_t step = 1; step <= steps; ++step)
            reached[entry][step].insert(person);
    }
    Reached told(const EntriesPlan& plan, const Frame& frame, const oracle::World& world) {
        Reached made;
        const auto interval = interval_of(frame, world);
        const auto audience = audience_of(frame, world);
        bool click_has_it = false;
        for (const auto* person : audience)
            for (const auto* event : events_of(*person, interval))
                click_has_it |= plan.by.kind == By::Kind::property &&
                                oracle::matches(plan.funnel.steps[1], *event) &&
                                type_of(property_of(*event, plan.by.name)) != ValueType::null;
        for (const auto* person : audience) {
            const auto events = events_of(*person, interval);
            if (plan.by.kind != By::Kind::property) {
                const auto entry = entry_of(plan, *person);
                if (type_of(entry) != ValueType::null)
                    note(made, entry, person->id,
                         LongestChain(plan.funnel, events, "", false, {}).find());
                continue;
            }
            std::set<Value, Less> entries;
            for (const auto* event : events)
                if (oracle::matches(plan.funnel.steps[0], *event))
                    entries.insert(property_of(*event, plan.by.name));
            for (const auto& entry : entries)
                if (type_of(entry) != ValueType::null)
                    note(made, entry, person->id,
                         LongestChain(plan.funnel, events, plan.by.name, click_has_it, entry)
                             .find());
        }
        return made;
    }
    std::string difference(const std::string& text, const oracle::World& world) {
        const auto json = boost::json::parse(text);
        const auto question = parse_entries(json.at("entries"));
        if (!question)
            return question.error().detail + question.error().pointer;
        ProductUse product;
        for (const auto& step : json.at("steps").as_array())
            product.steps.push_back(
                *rule::resolve(*rule::parse_event_match(step.as_object(), ""), names_));
        const auto plan = resolve(*question, product, names_, units_of_facts(), "", "");
        if (!plan)
            return plan.error().detail + plan.error().pointer;
        const auto people = people_of(question->frame, world);
        const auto interval = interval_of(question->frame, world);
        const auto found = compute(*plan, *snapshot(), people, interval, how_);
        if (!found)
            return found.error().detail;
        const auto wanted = told(*plan, question->frame, world);
        if (found->rows.size() + found->left_out != wanted.size())
            return "the number of entries differs";
        for (std::size_t i = 0; i < found->rows.size(); ++i) {
            const auto& row = found->rows[i];
            const auto at = wanted.find(row.entry);
            if (at == wanted.end())
                return "there is no such entry";
            if (i > 0 && found->rows[i - 1].steps[0] < row.steps[0])
                return "the order differs";
            for (unsigned step = 1; step <= entry_steps; ++step) {
                if (row.steps[step - 1] != at->second[step].size())
                    return "an entry differs";
                const auto behind = [&](bool dropped) {
                    return ids(*people_behind(*plan, {row.entry, step, dropped}, *snapshot(),
                                              people, interval, how_));
                };
                auto dropped = at->second[step];
                for (const auto person : at->second[step + 1])
                    dropped.erase(person);
                if (behind(false) != at->second[step] || behind(true) != dropped)
                    return "the people of an entry differ";
            }
        }
        return {};
    }
};

TEST_F(EntriesProperty, EngineAndOracleAgree) {
    run(60, 10, random_entries, [&](const std::string& text, const oracle::World& world) {
        return difference(text, world);
    });
}

}  // namespace
}  // namespace qiao::insight::property
