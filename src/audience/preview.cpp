#include "audience/preview.hpp"

#include <chrono>

#include "index/kept.hpp"

namespace qiao::audience {
namespace {

constexpr std::size_t most_cached = 256;

// Who can be reached and allows it. The inbox and the webhook need somebody who signs in.
constexpr std::array<std::string_view, preview_channels.size()> reach_rules = {
    R"({"all":[{"identity":"phone","op":"exists"},{"consent":"marketing.sms"}]})",
    R"({"all":[{"identity":"email","op":"exists"},{"consent":"marketing.email"}]})",
    R"({"identity":"user_id","op":"exists"})",
    R"({"identity":"user_id","op":"exists"})",
};

std::uint64_t common(const index::People& a, const index::People& b) {
    auto both = a;
    both &= b;
    return both.count();
}

}  // namespace

Result<Previewed> Preview::ask(const Question& question, const access::Principal& who) {
    const auto begin = std::chrono::steady_clock::now();
    if (question.sample_size > most_samples)
        return fail(ErrorCode::too_large, "audience.sample_size",
                    "A preview shows at most 100 people; ask for the members to see all.",
                    "/sample_size");
    auto rule = evaluation_.prepare(question.rule, "/rule", who);
    if (!rule)
        return fail(rule.error());
    if (question.fresh)
        if (auto fresh = evaluation_.wait_fresh(); !fresh)
            return fail(fresh.error());

    const auto snapshot = evaluation_.snapshot();
    const Time as_of = question.as_of.value_or(evaluation_.now());
    // Within a minute and without new data the answer stays as it is.
    const auto minute = question.as_of ? to_ms(as_of) : to_ms(as_of) / 60'000;
    const auto key = question.rule + '\n' + who.org + '\n' + std::to_string(snapshot->version) +
                     '\n' + (question.as_of ? "at " : "minute ") + std::to_string(minute) + '\n' +
                     std::to_string(question.sample_size) + (question.parts ? "p" : "");
    Previewed answer;
    if (auto known = cached(key)) {
        answer.counts = std::move(*known);
    } else {
        const auto share = share_ ? share_(who) : Result<std::shared_ptr<const void>>(nullptr);
        if (!share)
            return fail(share.error());
        auto counted = count(question, *rule, as_of, snapshot, who);
        if (!counted)
            return fail(counted.error());
        remember(key, *counted);
        answer.counts = std::move(*counted);
    }
    answer.sample = cards_.cards(answer.counts.sample, who);
    const std::chrono::duration<double, std::milli> spent =
        std::chrono::steady_clock::now() - begin;
    answer.elapsed_ms = spent.count();
    return answer;
}

Result<Counts> Preview::count(const Question& question, const rule::Node& rule, Time as_of,
                              const index::Snapshot& snapshot, const access::Principal& who) {
    Counts counts;
    index::People members;
    if (question.parts && !who.org.empty()) {
        auto found = evaluation_.evaluate(rule, snapshot, as_of);
        if (!found)
            return fail(found.error());
        members = std::move(*found);
        auto parts = parts_in_scope(question, as_of, snapshot, who, members.count());
        if (!parts)
            return fail(parts.error());
        counts.parts = std::move(*parts);
    } else if (question.parts) {
        if (auto kept = index::check_kept(*snapshot, rule, as_of, evaluation_.calendar()); !kept)
            return fail(kept.error());
        auto parts =
            evaluation_.plan(rule, snapshot, as_of).evaluate_parts(evaluation_.execution());
        if (!parts)
            return fail(parts.error());
        members = std::move(parts->members);
        counts.parts = std::move(parts->parts);
    } else {
        auto found = evaluation_.evaluate(rule, snapshot, as_of);
        if (!found)
            return fail(found.error());
        members = std::move(*found);
    }
    counts.count = members.count();
    counts.data_version = snapshot->version;
    counts.kept_from = snapshot->kept_from;
    auto total = evaluation_.count(evaluation_.within_scope(rule::Node{rule::All{}, ""}, who),
                                   snapshot, as_of);
    if (!total)
        return fail(total.error());
    counts.total = *total;
    auto reach = reachable(snapshot);
    if (!reach)
        return fail(reach.error());
    for (std::size_t i = 0; i < preview_channels.size(); ++i)
        counts.reachable[i] = common(members, (**reach)[i]);
    for (const auto customer : members.sample(question.sample_size))
        counts.sample.push_back(snapshot->profile(customer));
    return counts;
}

// Counts beyond the scope would tell a branch about other branches: each part is asked within it.
Result<std::vector<index::Plan::Part>> Preview::parts_in_scope(const Question& question, Time as_of,
                                                               const index::Snapshot& snapshot,
                                                               const access::Principal& who,
                                                               std::uint64_t members) {
    auto rule = evaluation_.vocabularies().resolve(question.rule, "/rule");
    if (!rule)
        return fail(rule.error());
    const auto count = [&](rule::Node node) -> Result<std::uint64_t> {
        return evaluation_.count(evaluation_.within_scope(std::move(node), who), snapshot, as_of);
    };
    const auto* all = std::get_if<rule::All>(&rule->what);
    std::vector<const rule::Node*> nodes;
    if (all)
        for (const auto& child : all->nodes)
            nodes.push_back(&child);
    else
        nodes.push_back(&*rule);
    std::vector<index::Plan::Part> parts;
    for (const auto* node : nodes) {
        rule::All others;
        for (const auto* other : nodes)
            if (other != node)
                others.nodes.push_back(rule::clone(*other));
        auto alone = count(rule::clone(*node));
        if (!alone)
            return fail(alone.error());
        auto without = count(rule::Node{std::move(others), ""});
        if (!without)
            return fail(without.error());
        parts.push_back({node->pointer, *alone, *without - members});
    }
    return parts;
}

// Depends on tags alone, so that one answer serves all rules of a snapshot.
Result<std::shared_ptr<const std::array<index::People, preview_channels.size()>>>
Preview::reachable(const index::Snapshot& snapshot) {
    {
        const std::scoped_lock lock(mutex_);
        if (reachable_ && reachable_version_ == snapshot->version)
            return reachable_;
    }
    auto made = std::make_shared<std::array<index::People, preview_channels.size()>>();
    for (std::size_t i = 0; i < preview_channels.size(); ++i) {
        if (i > 0 && reach_rules[i] == reach_rules[i - 1]) {
            (*made)[i] = (*made)[i - 1];
            continue;
        }
        auto rule = evaluation_.vocabularies().resolve(reach_rules[i], "");
        if (!rule)
            return fail(rule.error());
        auto people = evaluation_.evaluate(*rule, snapshot, evaluation_.now());
        if (!people)
            return fail(people.error());
        (*made)[i] = std::move(*people);
    }
    const std::scoped_lock lock(mutex_);
    reachable_ = made;
    reachable_version_ = snapshot->version;
    return reachable_;
}

std::optional<Counts> Preview::cached(const std::string& key) {
    const std::scoped_lock lock(mutex_);
    for (auto at = cache_.begin(); at != cache_.end(); ++at) {
        if (at->key != key)
            continue;
        cache_.splice(cache_.begin(), cache_, at);
        return cache_.front().counts;
    }
    return std::nullopt;
}

void Preview::remember(std::string key, const Counts& counts) {
    const std::scoped_lock lock(mutex_);
    cache_.push_front({std::move(key), counts});
    if (cache_.size() > most_cached)
        cache_.pop_back();
}

}  // namespace qiao::audience
