#include "index/plan.hpp"

#include <algorithm>
#include <numeric>

#include "base/check.hpp"
#include "index/detail/steps.hpp"

namespace qiao::index {
namespace detail {
namespace {

// Works on the cheap parts first and shows them in the order of the rule.
class Group : public Step {
public:
    Group(std::vector<StepPtr> parts, std::string pointer)
        : Step(std::move(pointer)), parts_(std::move(parts)) {
        for (const auto& part : parts_)
            order_.push_back(part.get());
        std::stable_sort(order_.begin(), order_.end(),
                         [](const Step* a, const Step* b) { return a->cost() < b->cost(); });
    }
    double cost() const override {
        double total = 0;
        for (const auto& part : parts_)
            total += part->cost();
        return total;
    }
    std::uint64_t bytes() const override {
        std::uint64_t total = 0;
        for (const auto& part : parts_)
            total += part->bytes();
        return total;
    }
    std::vector<const Step*> parts() const override {
        std::vector<const Step*> made;
        for (const auto& part : parts_)
            made.push_back(part.get());
        return made;
    }

protected:
    const std::vector<const Step*>& order() const { return order_; }

private:
    std::vector<StepPtr> parts_;
    std::vector<const Step*> order_;
};

class AllStep final : public Group {
public:
    using Group::Group;
    void block(Scratch& scratch, Dense block, const BlockBits& candidates,
               BlockBits& out) const override {
        BlockBits spare;
        const BlockBits* left = &candidates;
        for (const Step* part : order()) {
            BlockBits& found = left == &out ? spare : out;
            part->block(scratch, block, *left, found);
            left = &found;
            if (left->none())
                break;
        }
        if (left != &out)
            out = *left;
    }
};

class AnyStep final : public Group {
public:
    using Group::Group;
    void block(Scratch& scratch, Dense block, const BlockBits& candidates,
               BlockBits& out) const override {
        out = BlockBits{};
        BlockBits left = candidates, found;
        for (const Step* part : order()) {
            if (left.none())
                return;
            part->block(scratch, block, left, found);
            out |= found;
            left -= found;
        }
    }
};

class NotStep final : public Step {
public:
    NotStep(StepPtr part, std::string pointer) : Step(std::move(pointer)), part_(std::move(part)) {}
    double cost() const override { return part_->cost(); }
    std::uint64_t bytes() const override { return part_->bytes(); }
    std::vector<const Step*> parts() const override { return {part_.get()}; }
    void block(Scratch& scratch, Dense block, const BlockBits& candidates,
               BlockBits& out) const override {
        part_->block(scratch, block, candidates, out);
        for (std::size_t i = 0; i < block_words; ++i)
            out.words[i] = candidates.words[i] & ~out.words[i];
    }

private:
    StepPtr part_;
};

// A tag, an identity or a consent, compared with constants.
class AttributeStep final : public Step {
public:
    AttributeStep(std::shared_ptr<const Attribute> attribute, Predicate predicate, ValueType type,
                  std::shared_ptr<Strings> strings, std::string pointer)
        : Step(std::move(pointer)),
          attribute_(attribute),
          test_(attribute, std::move(predicate)),
          type_(type),
          strings_(std::move(strings)) {}
    double cost() const override { return test_.cost(); }
    std::uint64_t bytes() const override { return attribute_ ? attribute_->bytes() : 0; }
    void block(Scratch& scratch, Dense block, const BlockBits& candidates,
               BlockBits& out) const override {
        test_.block(block, candidates, out);
        if (!scratch.found || !attribute_)
            return;
        candidates.each([&](std::uint32_t local) {
            const Cell cell = attribute_->at(block * block_size + local);
            if (cell != missing)
                *scratch.found = strings_->value(cell, type_);
        });
    }

private:
    std::shared_ptr<const Attribute> attribute_;
    AttributeTest test_;
    ValueType type_;
    std::shared_ptr<Strings> strings_;
};

class FixedStep final : public Step {
public:
    FixedStep(People people, std::string pointer)
        : Step(std::move(pointer)), people_(std::move(people)) {}
    double cost() const override { return 10; }
    std::uint64_t bytes() const override { return people_.words().size() * 8; }
    void block(Scratch&, Dense block, const BlockBits& candidates, BlockBits& out) const override {
        out = block_of(people_, block);
        out &= candidates;
    }

private:
    People people_;
};

// ⌈n · share⌉ of those who have the score, the highest first, ties by profile id.
People top_of(const State& state, const Attribute* scores, Decimal share) {
    People chosen(state.customers);
    if (!scores)
        return chosen;
    struct Scored {
        Cell score;
        ProfileId profile;
        Dense customer;
    };
    std::vector<Scored> scored;
    state.alive->each([&](Dense customer) {
        const Cell score = scores->at(customer);
        if (score != missing)
            scored.push_back({score, state.profile(customer), customer});
        return true;
    });
    const auto wanted = static_cast<std::size_t>(
        (static_cast<__int128>(scored.size()) * share.scaled() + Decimal::scale - 1) /
        Decimal::scale);
    std::nth_element(scored.begin(), scored.begin() + static_cast<std::ptrdiff_t>(wanted),
                     scored.end(), [](const Scored& a, const Scored& b) {
                         return a.score != b.score ? a.score > b.score : a.profile < b.profile;
                     });
    for (std::size_t i = 0; i < wanted; ++i)
        chosen.add(scored[i].customer);
    return chosen;
}

class Compiler {
public:
    Compiler(const State& state, Time as_of, const Calendar& calendar)
        : state_(state), as_of_(as_of), calendar_(calendar) {}

    StepPtr node(const rule::Node& node) {
        return std::visit([&](const auto& what) { return make(what, node.pointer); }, node.what);
    }

private:
    std::vector<StepPtr> all_of(const std::vector<rule::Node>& nodes) {
        std::vector<StepPtr> made;
        for (const auto& child : nodes)
            made.push_back(node(child));
        return made;
    }
    StepPtr attribute(Space space, std::string_view name, ValueType type, Predicate predicate,
                      const std::string& at) {
        return std::make_unique<AttributeStep>(state_.attribute(space, name, type),
                                               std::move(predicate), type, state_.strings, at);
    }
    StepPtr make(const rule::All& all, const std::string& at) {
        return std::make_unique<AllStep>(all_of(all.nodes), at);
    }
    StepPtr make(const rule::Any& any, const std::string& at) {
        return std::make_unique<AnyStep>(all_of(any.nodes), at);
    }
    StepPtr make(const rule::Not& negation, const std::string& at) {
        return std::make_unique<NotStep>(node(*negation.node), at);
    }
    StepPtr make(const rule::TagTest& tag, const std::string& at) {
        return attribute(Space::tag, tag.tag, tag.test.type, compile(tag.test, *state_.strings),
                         at);
    }
    StepPtr make(const rule::EventTest& event, const std::string& at) {
        return make_event_step(event, at, state_, as_of_, calendar_);
    }
    StepPtr make(const rule::SequenceTest& sequence, const std::string& at) {
        return make_sequence_step(sequence, at, state_, as_of_, calendar_);
    }
    StepPtr make(const rule::IdentityTest& identity, const std::string& at) {
        Predicate predicate;
        predicate.takes_missing = !identity.exists;
        return attribute(Space::identity, identity.kind, ValueType::string_set, predicate, at);
    }
    StepPtr make(const rule::ScoreTest& score, const std::string& at) {
        const std::string tag = "score:" + score.score;
        if (score.test.op != rule::Op::top)
            return attribute(Space::tag, tag, ValueType::number,
                             compile(score.test, *state_.strings), at);
        const auto column = state_.attribute(Space::tag, tag, ValueType::number);
        return std::make_unique<FixedStep>(
            top_of(state_, column.get(), std::get<Decimal>(score.test.values[0])), at);
    }
    StepPtr make(const rule::AudienceTest& audience, const std::string& at) {
        check(audience.rule != nullptr);
        std::vector<StepPtr> parts;
        parts.push_back(node(*audience.rule));
        return std::make_unique<AllStep>(std::move(parts), at);
    }
    StepPtr make(const rule::OrgTest& org, const std::string& at) {
        rule::Test test{rule::Op::in, {}, at, ValueType::string};
        for (const auto& code : org.codes)
            test.values.emplace_back(code);
        return attribute(Space::tag, "org", ValueType::string, compile(test, *state_.strings), at);
    }
    StepPtr make(const rule::ConsentTest& consent, const std::string& at) {
        Predicate granted;
        granted.low = granted.high = 1;
        return attribute(Space::consent, consent.name, ValueType::boolean, granted, at);
    }

    const State& state_;
    Time as_of_;
    const Calendar& calendar_;
};

Explained explain_step(const Step& step, Scratch& scratch, Dense block, const BlockBits& one) {
    Explained made;
    made.pointer = step.pointer();
    const auto parts = step.parts();
    scratch.found = parts.empty() ? &made.found : nullptr;
    BlockBits out;
    step.block(scratch, block, one, out);
    made.holds = !out.none();
    for (const Step* part : parts)
        made.parts.push_back(explain_step(*part, scratch, block, one));
    return made;
}

}  // namespace
}  // namespace detail

Plan::Plan(const rule::Node& rule, Snapshot snapshot, Time as_of, const Calendar& calendar)
    : snapshot_(std::move(snapshot)),
      root_(detail::Compiler(*snapshot_, as_of, calendar).node(rule)) {}
Plan::~Plan() = default;
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;

Result<People> Plan::evaluate(const Execution& how) const {
    const State& state = *snapshot_;
    People members(state.customers);
    auto done = detail::each_block(
        block_count(state.customers), how, [&](detail::Scratch& scratch, Dense block) {
            BlockBits out;
            root_->block(scratch, block, block_of(*state.alive, block), out);
            put_block(members, block, out);
        });
    if (!done)
        return fail(done.error());
    return members;
}

Result<std::uint64_t> Plan::count(const Execution& how) const {
    const State& state = *snapshot_;
    struct alignas(64) Sum {
        std::uint64_t members = 0;
    };
    std::vector<Sum> sums(how.workers());
    auto done = detail::each_block(
        block_count(state.customers), how, [&](detail::Scratch& scratch, Dense block) {
            BlockBits out;
            root_->block(scratch, block, block_of(*state.alive, block), out);
            sums[scratch.worker].members += out.count();
        });
    if (!done)
        return fail(done.error());
    return std::accumulate(
        sums.begin(), sums.end(), std::uint64_t{0},
        [](std::uint64_t so_far, const Sum& sum) { return so_far + sum.members; });
}

Result<Plan::Parts> Plan::evaluate_parts(const Execution& how) const {
    const State& state = *snapshot_;
    auto steps = root_->parts();
    const bool is_all =
        dynamic_cast<const detail::AllStep*>(root_.get()) != nullptr && !steps.empty();
    if (!is_all)
        steps = {root_.get()};
    Parts made{People(state.customers), {}};
    for (const auto* step : steps)
        made.parts.push_back({step->pointer(), 0, 0});
    std::mutex mutex;
    auto done = detail::each_block(
        block_count(state.customers), how, [&](detail::Scratch& scratch, Dense block) {
            const BlockBits everyone = block_of(*state.alive, block);
            // after[i]: who passes all parts from i on.
            std::vector<BlockBits> own(steps.size()), after(steps.size() + 1);
            after.back() = everyone;
            for (std::size_t i = steps.size(); i-- > 0;) {
                steps[i]->block(scratch, block, everyone, own[i]);
                after[i] = after[i + 1];
                after[i] &= own[i];
            }
            put_block(made.members, block, after[0]);
            BlockBits before = everyone;
            std::lock_guard lock(mutex);
            for (std::size_t i = 0; i < steps.size(); ++i) {
                BlockBits without = before;
                without &= after[i + 1];
                made.parts[i].count += own[i].count();
                made.parts[i].removes += without.count() - after[0].count();
                before &= own[i];
            }
        });
    if (!done)
        return fail(done.error());
    return made;
}

std::uint64_t Plan::bytes() const { return root_->bytes(); }

Explained Plan::explain(Dense customer) const {
    detail::Evaluation evaluation;
    const auto scratch = std::make_unique<detail::Scratch>(evaluation);
    BlockBits one;
    one.set(customer % block_size);
    return detail::explain_step(*root_, *scratch, customer / block_size, one);
}

bool Plan::holds(Dense customer) const {
    if (!snapshot_->alive->contains(customer))
        return false;
    detail::Evaluation evaluation;
    const auto scratch = std::make_unique<detail::Scratch>(evaluation);
    BlockBits one, out;
    one.set(customer % block_size);
    root_->block(*scratch, customer / block_size, one, out);
    return !out.none();
}

}  // namespace qiao::index
