// How every question is answered: within what the asker may see, on one snapshot, in parallel by
// blocks of customers, and once per state of the data; or by the history, where it answers instead.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "audience/evaluation.hpp"
#include "index/kept.hpp"
#include "insight/history_engine.hpp"
#include "insight/question.hpp"
#include "insight/turns.hpp"
#include "insight/watched.hpp"
#include "runtime/memory_budget.hpp"

namespace qiao::insight {

// What a question is computed from.
struct Ground {
    index::Snapshot snapshot;
    index::People people;     // the audience within the asker's scope
    rule::Interval interval;  // of the frame's period
    Time as_of{};
    index::Execution how;
    const Calendar* calendar = nullptr;
    // Where the history answers: the audience and the scope as one resolved rule, null for
    // everyone; `people` is empty.
    HistoryEngine* history = nullptr;
    std::shared_ptr<const rule::Node> limit;
    std::optional<Time> kept_from;  // events before it are not counted any more
};

// For those who compute in parts, before each. Error: index.too_slow, where no time is left.
Result<void> in_time(const Ground& ground);

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
    // `history` (may be null) answers every question that it can.
    explicit Asking(const audience::Evaluation& evaluation, HistoryEngine* history = nullptr,
                    std::size_t most_memory = std::size_t{256} << 20)
        : evaluation_(evaluation), history_(history), most_memory_(most_memory) {}

    audience::Vocabulary vocabulary() const { return evaluation_.vocabularies().current(); }
    const Calendar& calendar() const { return evaluation_.calendar(); }

    // The people that `compute(const Ground&)` finds. Errors: its own, rule.*, audience.not_fresh,
    // insight.too_slow, insight.too_large, insight.too_many, index.rebuilding, index.not_kept. `at`
    // is the pointer of the question.
    template <class Compute>
    qiao::Result<audience::Evaluated> people(const Frame& frame, std::string_view at,
                                             const access::Principal& who,
                                             Compute&& compute) const {
        auto begun = begin(frame, at, who);
        if (!begun)
            return fail(begun.error());
        const auto work = work_for(who);
        if (!work)
            return fail(work.error());
        auto ground = settle(std::move(*begun), at, nullptr);
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
        return answer<Made>(kind, frame, at, who, std::forward<Compute>(compute), nullptr);
    }

    // The same of a resolved question that the history answers too, where there is one that does.
    template <class Made, class Question, class Compute>
        requires requires(const Question& question) { question.frame; }
    qiao::Result<Answered<Made>> answer(std::string_view kind, const Question& question,
                                        std::string_view at, const access::Principal& who,
                                        Compute&& compute) const {
        return answer<Made>(
            kind, question.frame, at, who,
            [&](const Ground& ground) -> qiao::Result<Made> {
                return ground.history ? ground.history->answer(ground, question) : compute(ground);
            },
            history_);
    }

    // Something that is worked out by this thread, as long as it lives: it has its turn, and its
    // memory is counted.
    struct Work {
        Work(Turns::Turn given, std::size_t most_memory)
            : turn(std::move(given)), memory(most_memory) {}

        Turns::Turn turn;
        MemoryBudget memory;
        MemoryScope counted{&memory};
    };
    // Waits for a turn for some seconds. Also for what is computed beside the questions. Error:
    // insight.too_many.
    qiao::Result<std::unique_ptr<Work>> work_for(const access::Principal& who) const;
    qiao::Result<Turns::Turn> turn_of(const access::Principal& who) const;
    Watched& watched() const { return watched_; }
    std::size_t waiting() const { return turns_.waiting(); }  // questions, for their turn

    // For those who ask the ground's history themselves, where it has one.
    HistoryEngine* history() const { return history_; }
    template <class Made, class Compute>
    qiao::Result<Answered<Made>> answer(std::string_view kind, const Frame& frame,
                                        std::string_view at, const access::Principal& who,
                                        Compute&& compute, HistoryEngine* history) const {
        const auto began = std::chrono::steady_clock::now();
        auto begun = begin(frame, at, who, history);
        if (!begun)
            return fail(begun.error());
        const std::string key = std::string(kind) + '\n' + who.org + '\n' + frame.text;
        const auto version = begun->snapshot->version;
        const auto kept_from = begun->kept_from;
        // What the history knows is not told by the index's version.
        auto known = history ? nullptr : std::static_pointer_cast<const Made>(find(key, *begun));
        if (!known) {
            const auto work = work_for(who);
            if (!work)
                return fail(work.error());
            Kept kept{key, begun->vocabulary, version, begun->as_of, nullptr};
            {
                auto ground = settle(std::move(*begun), at, history);
                if (!ground)
                    return fail(ground.error());
                auto made = guarded<Made>(compute, *ground);
                if (!made)
                    return fail(made.error());
                known = std::make_shared<const Made>(std::move(*made));
            }
            kept.answer = known;
            kept.bytes = (*work)->memory.held();  // nothing but the answer is left
            if (!history)
                keep(std::move(kept));
        }
        const std::chrono::duration<double, std::milli> spent =
            std::chrono::steady_clock::now() - began;
        return Answered<Made>{std::move(known), spent.count(), version, kept_from};
    }

private:
    // What a computation's error is called in a question.
    static Error of_question(Error error);
    // Error: insight.too_large.
    static qiao::Result<void> within_memory();
    template <class Made, class Compute>
    static qiao::Result<Made> guarded(Compute&& compute, const Ground& ground) {
        try {
            qiao::Result<Made> made = compute(ground);
            if (!made)
                return fail(of_question(made.error()));
            if (auto small = within_memory(); !small)
                return fail(small.error());
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
        std::optional<Time> kept_from;
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
        std::size_t bytes = 0;
    };
    qiao::Result<Begun> begin(const Frame& frame, std::string_view at, const access::Principal& who,
                              HistoryEngine* history = nullptr) const;
    qiao::Result<Ground> settle(Begun begun, std::string_view at, HistoryEngine* history) const;
    std::shared_ptr<const void> find(const std::string& key, const Begun& begun) const;
    void keep(Kept kept) const;

    static constexpr std::size_t most_kept = 64, most_kept_bytes = std::size_t{64} << 20;
    const audience::Evaluation& evaluation_;
    HistoryEngine* history_;
    std::size_t most_memory_;  // of one question
    mutable Turns turns_{Turns::Limits{}};
    mutable Watched watched_;
    mutable std::mutex mutex_;
    mutable std::list<Kept> kept_;  // the last used first
};

}  // namespace qiao::insight
