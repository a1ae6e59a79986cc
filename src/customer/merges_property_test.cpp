// Merges against a model that knows no shards, no messages and no cache: every fact takes effect at
// once. And merges whose messages overtake each other: whatever the order, no row is lost or
// doubled.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "customer/merge_rules.hpp"
#include "customer/simulated_shards.hpp"

namespace qiao::customer {

namespace {

using Name = std::pair<std::string, std::string>;  // kind, value

Name name_of(const Identity& identity) { return {identity.kind, identity.value}; }
Identity identity_of(const Name& name) { return {name.first, name.second, {}}; }
Name user_name(int n) { return {"user_id", "u" + std::to_string(n)}; }
Name visitor_name(int n) {
    return {n % 2 == 0 ? "anonymous_id" : "device_id", "a" + std::to_string(n)};
}

struct Step {
    enum class Kind : std::uint8_t { visit, login, alias, bind, unbind, erase };
    Kind kind = Kind::visit;
    int user = 0, other = 0;
    std::size_t order = 0;
};

void showValue(const Step& step, std::ostream& out) {
    constexpr const char* words[] = {"visit", "login", "alias", "bind", "unbind", "erase"};
    out << words[static_cast<int>(step.kind)] << " u" << step.user << " " << step.other;
}

rc::Gen<Step> any_step() {
    using Kind = Step::Kind;
    return rc::gen::construct<Step>(rc::gen::weightedElement<Kind>({{6, Kind::visit},
                                                                    {8, Kind::login},
                                                                    {2, Kind::alias},
                                                                    {1, Kind::bind},
                                                                    {2, Kind::unbind},
                                                                    {1, Kind::erase}}),
                                    rc::gen::inRange(0, 4), rc::gen::inRange(0, 6),
                                    rc::gen::inRange<std::size_t>(0, 1000));
}

// The names that a step brings, the first one first.
std::vector<Name> names_of(const Step& step) {
    switch (step.kind) {
        case Step::Kind::visit:
            return {visitor_name(step.other)};
        case Step::Kind::login:
            return {user_name(step.user), visitor_name(step.other)};
        case Step::Kind::alias:
            return {user_name(step.user), user_name(step.other % 4)};
        case Step::Kind::bind:
            return {user_name(step.user), visitor_name(step.other)};
        case Step::Kind::unbind:
            return {user_name(step.user),
                    step.order % 2 == 0 ? visitor_name(step.other) : user_name(step.other % 4)};
        case Step::Kind::erase:
            return {user_name(step.user)};
    }
    return {};
}

FactKind fact_kind(Step::Kind kind) {
    switch (kind) {
        case Step::Kind::visit:
        case Step::Kind::login:
            return FactKind::event;
        case Step::Kind::alias:
            return FactKind::alias;
        case Step::Kind::bind:
            return FactKind::bind;
        case Step::Kind::unbind:
            return FactKind::unbind;
        case Step::Kind::erase:
            return FactKind::erase;
    }
    return FactKind::event;
}

Fact fact_of(const Step& step, int number) {
    Fact fact;
    fact.kind = fact_kind(step.kind);
    fact.source = "test";
    fact.message_id = "e" + std::to_string(number);
    if (fact.kind == FactKind::event)
        fact.name = "tap";
    for (const auto& name : names_of(step))
        fact.identities.push_back(identity_of(name));
    return fact;
}

// ---- the model ----

class Model {
public:
    void apply(const Step& step) {
        const auto names = names_of(step);
        const bool begins = step.kind != Step::Kind::unbind && step.kind != Step::Kind::erase;
        if (!lead_.contains(names[0]) && !begins)
            return;
        const int root = up(lead_.contains(names[0]) ? lead_[names[0]] : begin(names[0]));
        switch (step.kind) {
            case Step::Kind::visit:
                ++people_[root].events;
                break;
            case Step::Kind::login:
                ++people_[root].events;
                claim(root, names[1], false);
                break;
            case Step::Kind::alias:
                claim(root, names[1], true);
                break;
            case Step::Kind::bind:
                claim(root, names[1], false);
                break;
            case Step::Kind::unbind:
                unbind(root, names[0], names[1]);
                break;
            case Step::Kind::erase:
                erase(root);
                break;
        }
    }

    std::optional<ProfileId> owner(const Name& name) const {
        auto at = lead_.find(name);
        if (at == lead_.end())
            return std::nullopt;
        return people_[up(at->second)].id;
    }
    std::uint64_t events(ProfileId root) const {
        std::uint64_t sum = 0;
        for (const auto& person : people_)
            if (!person.erased && people_[up(index(person))].id == root)
                sum += person.events;
        return sum;
    }
    std::set<Name> listed(ProfileId root) const {
        std::set<Name> names;
        for (const auto& person : people_)
            if (!person.erased && people_[up(index(person))].id == root)
                names.insert(person.own.begin(), person.own.end());
        return names;
    }

private:
    struct Person {
        ProfileId id;
        Name first;
        int parent = -1;
        bool erased = false;
        std::uint64_t events = 0;
        std::set<Name> own;
    };

    int index(const Person& person) const { return static_cast<int>(&person - people_.data()); }
    int up(int person) const {
        while (people_[person].parent >= 0)
            person = people_[person].parent;
        return person;
    }
    int begin(const Name& name) {
        std::uint32_t generation = 0;
        for (const auto& person : people_)
            generation += person.first == name ? 1 : 0;
        Person person{profile_of_first(identity_of(name), generation), name};
        person.own.insert(name);
        people_.push_back(person);
        return lead_[name] = static_cast<int>(people_.size()) - 1;
    }
    Rank rank(int person) const {
        return {people_[person].first.first == "user_id", people_[person].id};
    }
    void claim(int root, const Name& name, bool merges_users) {
        auto at = lead_.find(name);
        if (at == lead_.end()) {
            lead_[name] = root;
            people_[root].own.insert(name);
            return;
        }
        const int other = up(at->second);
        if (other == root || (rank(other).is_user && !merges_users))
            return;
        const bool wins = ranks_above(rank(root), rank(other));
        people_[wins ? other : root].parent = wins ? root : other;
    }
    void unbind(int root, const Name& name, const Name& wanted) {
        const auto first = people_[root].first;
        const auto& parting = wanted == first ? name : wanted;
        if (parting == first || !listed(people_[root].id).contains(parting))
            return;
        const int lead = lead_[parting];
        if (people_[lead].first == parting) {
            people_[lead].parent = -1;
            return;
        }
        lead_.erase(parting);
        for (auto& person : people_)
            person.own.erase(parting);
    }
    void erase(int root) {
        for (auto at = lead_.begin(); at != lead_.end();)
            at = up(at->second) == root ? lead_.erase(at) : std::next(at);
        std::vector<int> group;
        for (const auto& person : people_)
            if (up(index(person)) == root)
                group.push_back(index(person));
        for (int member : group)
            people_[member].erased = true;
    }

    std::vector<Person> people_;
    std::map<Name, int> lead_;
};

// ---- what the shards really hold ----

struct Real {
    Customers customers;
    SimulatedShards shards{{&customers}};

    const Customer* root(const Name& name) {
        const auto identity = identity_of(name);
        const auto found = customers.profiles_of(identity, shards.context(home_of(identity)));
        if (found.empty())
            return nullptr;
        auto id = found.front();
        for (int hops = 0; hops < 100; ++hops) {
            const auto& customer = customers.at(id, shards.context(shard_of(id)));
            if (customer.is_erased || customer.is_live())
                return &customer;
            id = customer.redirect;
        }
        return nullptr;
    }

    // The owner of every row by the feed alone, as history and index see it.
    std::map<ProfileId, std::uint64_t> rows_by_feed() const {
        std::map<ProfileId, ProfileId> alias;
        std::set<ProfileId> erased;
        using Kind = shard::FeedItem::Kind;
        for (const auto& fed : shards.fed) {
            if (fed.item.kind == Kind::merge)
                alias[fed.item.other] = fed.item.profile;
            if (fed.item.kind == Kind::split)
                alias.erase(fed.item.other);
            if (fed.item.kind == Kind::erase)
                erased.insert(fed.item.profile);
        }
        std::map<ProfileId, std::uint64_t> rows;
        for (const auto& fed : shards.fed) {
            if (fed.item.kind != Kind::row || fed.fact.kind != FactKind::event)
                continue;
            auto owner = fed.item.profile;
            if (erased.contains(owner))
                continue;
            for (auto at = alias.find(owner); at != alias.end(); at = alias.find(owner))
                owner = at->second;
            ++rows[owner];
        }
        return rows;
    }
    void expect_rows_once(const std::vector<Step>& steps) {
        std::map<std::string, int> rows;
        for (const auto& fed : shards.fed)
            if (fed.item.kind == shard::FeedItem::Kind::row)
                ++rows[fed.fact.message_id];
        for (std::size_t i = 0; i < steps.size(); ++i)
            if (fact_kind(steps[i].kind) == FactKind::event)
                RC_ASSERT(rows["e" + std::to_string(i)] == 1);
    }
};

std::vector<Name> all_names() {
    std::vector<Name> names;
    for (int n = 0; n < 4; ++n)
        names.push_back(user_name(n));
    for (int n = 0; n < 6; ++n)
        names.push_back(visitor_name(n));
    return names;
}

void expect_agreement(Real& real, const Model& model) {
    const auto rows = real.rows_by_feed();
    for (const auto& name : all_names()) {
        const auto owner = model.owner(name);
        const auto* root = real.root(name);
        RC_ASSERT((root != nullptr) == owner.has_value());
        if (!root)
            continue;
        RC_ASSERT(root->id == *owner);
        RC_ASSERT(root->is_live());
        RC_ASSERT(root->event_count == model.events(*owner));
        const auto at = rows.find(root->id);
        RC_ASSERT((at == rows.end() ? 0 : at->second) == root->event_count);
        std::set<Name> listed;
        for (const auto& known : root->identities)
            listed.insert(name_of(known.identity));
        RC_ASSERT(listed == model.listed(*owner));
    }
}

RC_GTEST_PROP(MergesProperty, AgreeWithTheModelAfterEveryFact, ()) {
    const auto steps = *rc::gen::container<std::vector<Step>>(any_step());
    Real real;
    Model model;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        real.shards.append(fact_of(steps[i], static_cast<int>(i)));
        real.shards.settle();
        model.apply(steps[i]);
        expect_agreement(real, model);
    }
    real.expect_rows_once(steps);
}

RC_GTEST_PROP(MergesProperty, KeepEveryRowOnceWhenMessagesOvertakeEachOther, ()) {
    const auto steps = *rc::gen::container<std::vector<Step>>(any_step());
    Real real;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        real.shards.append(fact_of(steps[i], static_cast<int>(i)));
        for (std::size_t moves = steps[i].order % 5; moves > 0; --moves)
            real.shards.step(steps[i].order / 5);
    }
    for (std::size_t i = 0; real.shards.step(steps.empty() ? 0 : steps[i % steps.size()].order);
         ++i)
        RC_ASSERT(i < 10'000);
    real.expect_rows_once(steps);
    const auto rows = real.rows_by_feed();
    std::map<Name, ProfileId> listed_by;
    const bool has_unbind = std::any_of(steps.begin(), steps.end(), [](const Step& step) {
        return step.kind == Step::Kind::unbind;
    });
    for (const auto& name : all_names()) {
        const auto* root = real.root(name);
        if (!root)
            continue;
        RC_ASSERT(root->is_live());
        const auto at = rows.find(root->id);
        RC_ASSERT((at == rows.end() ? 0 : at->second) == root->event_count);
        if (has_unbind)
            continue;  // a list may show for a while what was unbound as it was bound again
        const bool is_listed = root->identity(name.first, name.second) != nullptr;
        RC_ASSERT(is_listed);
        for (const auto& known : root->identities) {
            const auto [place, is_new] = listed_by.emplace(name_of(known.identity), root->id);
            RC_ASSERT(is_new || place->second == root->id);
        }
    }
}

}  // namespace

}  // namespace qiao::customer
