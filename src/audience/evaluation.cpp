#include "audience/evaluation.hpp"

#include <algorithm>
#include <chrono>

#include "audience/backfill.hpp"
#include "index/kept.hpp"
#include "runtime/asker.hpp"

namespace qiao::audience {
namespace {

constexpr Duration fresh_timeout = std::chrono::seconds(30);
constexpr auto query_timeout = std::chrono::seconds(20);

}  // namespace

Result<rule::Node> Evaluation::prepare(std::string_view rule_text, std::string_view at,
                                       const access::Principal& who) const {
    if (parts_.pool && parts_.threads > 1)
        parts_.pool->expect(parts_.threads - 1);
    auto resolved = parts_.vocabularies.resolve(rule_text, at);
    if (!resolved)
        return resolved;
    if (auto usable = parts_.index.usable(); !usable)
        return fail(usable.error());
    return within_scope(std::move(*resolved), who);
}

// The condition joins the root `all`, so that the parts of the rule stay parts.
rule::Node Evaluation::within_scope(rule::Node rule, const access::Principal& who) const {
    if (who.org.empty())
        return rule;
    rule::OrgTest scope{who.org, parts_.vocabularies.current().org(who.org).value_or(
                                     std::vector<std::string>{who.org})};
    rule::Node limit{std::move(scope), std::string(scope_pointer)};
    if (auto* all = std::get_if<rule::All>(&rule.what)) {
        all->nodes.push_back(std::move(limit));
        return rule;
    }
    rule::All both;
    const auto pointer = rule.pointer;
    both.nodes.push_back(std::move(rule));
    both.nodes.push_back(std::move(limit));
    return rule::Node{std::move(both), pointer};
}

index::Execution Evaluation::execution() const {
    return {parts_.pool, parts_.threads, AskerScope::has_left(),
            std::chrono::steady_clock::now() + query_timeout};
}

index::Plan Evaluation::plan(const rule::Node& prepared, const index::Snapshot& snapshot,
                             Time as_of) const {
    return {prepared, snapshot, as_of, parts_.calendar};
}

Result<Evaluated> Evaluation::evaluate(std::string_view rule_text, std::string_view at, Time as_of,
                                       const access::Principal& who) const {
    auto prepared = prepare(rule_text, at, who);
    if (!prepared)
        return fail(prepared.error());
    return evaluate(*prepared, as_of);
}

Result<Evaluated> Evaluation::evaluate(const rule::Node& prepared, Time as_of) const {
    auto snapshot = parts_.index.snapshot();
    auto members = evaluate(prepared, snapshot, as_of);
    if (!members)
        return fail(members.error());
    return Evaluated{std::move(snapshot), std::move(*members)};
}

template <class Answer>
Result<Answer> Evaluation::answer(Result<Answer> (index::Plan::*ask)(const index::Execution&) const,
                                  const rule::Node& prepared, const index::Snapshot& snapshot,
                                  Time as_of) const {
    if (auto kept = index::check_kept(*snapshot, prepared, as_of, parts_.calendar); !kept)
        return fail(kept.error());
    try {
        return (plan(prepared, snapshot, as_of).*ask)(execution());
    } catch (const index::DamagedSegment&) {
        return fail(index::rebuilding());
    }
}

Result<index::People> Evaluation::evaluate(const rule::Node& prepared,
                                           const index::Snapshot& snapshot, Time as_of) const {
    return answer(&index::Plan::evaluate, prepared, snapshot, as_of);
}

Result<std::uint64_t> Evaluation::count(const rule::Node& prepared, const index::Snapshot& snapshot,
                                        Time as_of) const {
    return answer(&index::Plan::count, prepared, snapshot, as_of);
}

Result<index::People> Evaluation::everyone(const index::Snapshot& snapshot,
                                           const access::Principal& who) const {
    return evaluate(within_scope(rule::Node{rule::All{}, ""}, who), snapshot, now());
}

Result<void> Evaluation::wait_fresh() const {
    if (auto usable = parts_.index.usable(); !usable)
        return usable;
    if (parts_.shards.wait_applied(fresh_timeout) &&
        wait_indexed(parts_.shards, parts_.index, fresh_timeout))
        return {};
    return fail(not_fresh());
}

Error not_fresh() {
    return {ErrorCode::unavailable, "audience.not_fresh",
            "The newest events are not counted yet; try again in a few seconds, or ask without "
            "\"fresh\".",
            "", 5};
}

}  // namespace qiao::audience
