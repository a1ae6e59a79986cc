// How every question is answered: within what the asker may see, on one snapshot, in parallel by
// blocks of customers, and once per state of the data.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "audience/evaluation.hpp"
#include "index/kept.hpp"
#include "insight/question.hpp"
#include "insight/turns.hpp"

namespace qiao::insight {

// What a question is computed from.
struct Ground {
    index::Snapshot snapshot;
    index::People people;     // the audience within the asker's scope
    rule::Interval interval;  // of the frame's period
    Time as_of{};
    index::Execution how;
    const Calendar* calendar = nullptr;
};

template <class Result>
struct Answered {
    std::shared_ptr<const Result> result;
    double elapsed_ms = 0;
    std::uint64_t data_version = 0;
    std::optional<Time> kept_from;  // events before it are not counted any more
};

// Thread-safe.
class Asking {
public:
    explicit Asking(const audience::Evaluation& evaluation) : evaluation_(evaluation) {}

    audience::Vocabulary vocabulary() const { return evaluation_.vocabularies().current(); }
    const Calendar& calendar() const { return evaluation_.calendar(); }

    // The people that `compute(const Ground&)` finds. Errors: its own, rule.*, audience.not_fresh,
    // insight.too_slow, insight.too_many, index.rebuilding, index.not_kept. `at` is the pointer of
    // the question.
    template <class Compute>
    qiao::Result<audience::Evaluated> people(const Frame& frame, std::string_view at,
                                             const access::Principal& who,
                                             Compute&& compute) const {
        auto begun = begin(frame, at, who);
        if (!begun)
            return fail(begun.error());
        const auto turn = turn_of(who);
        if (!turn)
            return fail(turn.error());
        auto ground = settle(std::move(*begun), at);
        if (!ground)
            return fail(ground.error());
        auto found = guarded<index::People>(compute, *ground);
        if (!found)
            return fail(found.error());
        return audience::Evaluated{ground->snapshot, std::move(*found)};
    }

    // The answer that `compute(const Ground&)` gives, or gave on the same data to the same question
    // within the same scope, at most ten seconds ago where the question has no `as_of`: `kind` and
    // the frame's text tell questions apart.
    template <class Made, class Compute>
    qiao::Result<Answered<Made>> answer(std::string_view kind, const Frame& frame,
                                        std::string_view at, const access::Principal& who,
                                        Compute&& compute) const {
        const auto began = std::chrono::steady_clock::now();
        auto begun = begin(frame, at, who);
        if (!begun)
            return fail(begun.error());
        const std::string key = std::string(kind) + '\n' + who.org + '\n' + frame.text;
        const auto version = begun->snapshot->version;
        const auto kept_from = begun->snapshot->kept_from;
        auto known = std::static_pointer_cast<const Made>(find(key, *begun));
        if (!known) {
            const auto turn = turn_of(who);
            if (!turn)
                return fail(turn.error());
            Kept kept{key, begun->vocabulary, version, begun->as_of, nullptr};
            auto ground = settle(std::move(*begun), at);
            if (!ground)
                return fail(ground.error());
            auto made = guarded<Made>(compute, *ground);
            if (!made)
                return fail(made.error());
            known = std::make_shared<const Made>(std::move(*made));
            kept.answer = known;
            keep(std::move(kept));
        }
        const std::chrono::duration<double, std::milli> spent =
            std::chrono::steady_clock::now() - began;
        return Answered<Made>{std::move(known), spent.count(), version, kept_from};
    }

private:
    // Errors: insight.too_many.
    qiao::Result<Turns::Turn> turn_of(const access::Principal& who) const;
    // What a computation's error is called in a question.
    static Error of_question(Error error);
    template <class Made, class Compute>
    static qiao::Result<Made> guarded(Compute&& compute, const Ground& ground) {
        try {
            qiao::Result<Made> made = compute(ground);
            if (!made)
                return fail(of_question(made.error()));
            return made;
        } catch (const index::DamagedSegment&) {
            return fail(index::rebuilding());
        }
    }

    struct Begun {
        audience::Vocabulary vocabulary;
        rule::Node limit;
        bool is_everyone = false;
        index::Snapshot snapshot;
        Time as_of{};
        bool is_fixed = false;  // the question names its moment
        rule::Period period;
    };
    struct Kept {
        std::string key;
        audience::Vocabulary vocabulary;  // names may change their meaning without new data
        std::uint64_t version = 0;
        Time as_of{};
        std::shared_ptr<const void> answer;
    };
    qiao::Result<Begun> begin(const Frame& frame, std::string_view at,
                              const access::Principal& who) const;
    qiao::Result<Ground> settle(Begun begun, std::string_view at) const;
    std::shared_ptr<const void> find(const std::string& key, const Begun& begun) const;
    void keep(Kept kept) const;

    static constexpr std::size_t most_kept = 64;
    static constexpr unsigned most_at_once = 2;  // questions of one person
    const audience::Evaluation& evaluation_;
    mutable Turns turns_{most_at_once};
    mutable std::mutex mutex_;
    mutable std::list<Kept> kept_;  // the last used first
};

}  // namespace qiao::insight
