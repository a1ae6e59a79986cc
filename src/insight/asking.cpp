#include "insight/asking.hpp"

#include <algorithm>

#include "runtime/asker.hpp"

namespace qiao::insight {
namespace {

constexpr Duration longest_kept = std::chrono::seconds(10);
constexpr auto longest_wait = std::chrono::seconds(20);  // for a turn
constexpr auto fresh_timeout = std::chrono::seconds(5);

bool is_same(const audience::Vocabulary& a, const audience::Vocabulary& b) {
    return &a.dictionary() == &b.dictionary() && &a.orgs() == &b.orgs() && &a.rules() == &b.rules();
}

Error too_large() {
    const auto* memory = MemoryScope::current();
    return {ErrorCode::too_large,
            "insight.too_large",
            "The question needs more memory than " +
                (memory ? "the " + std::to_string(memory->limit() >> 20) + " MiB that " : "") +
                "one may take; ask about a shorter period, fewer groups or fewer people.",
            {},
            0};
}

}  // namespace

Result<void> in_time(const Ground& ground) {
    const auto& deadline = ground.how.deadline;
    if (!deadline || std::chrono::steady_clock::now() <= *deadline)
        return {};
    return fail(Error{ErrorCode::unavailable, "index.too_slow",
                      "The question took longer than it may.", "", 5});
}

Error Asking::of_question(Error error) {
    if (error.reason == "index.too_large" || error.reason == "clickhouse.too_large")
        return too_large();
    if (error.reason != "index.too_slow" && error.reason != "clickhouse.too_slow")
        return error;
    return {ErrorCode::unavailable,
            "insight.too_slow",
            "The question took too long; ask about a shorter period or fewer people.",
            {},
            5};
}

// Blocks look at it themselves; what is put together from them, or read from a history, may be
// more.
Result<void> Asking::within_memory() {
    const auto* memory = MemoryScope::current();
    if (memory && memory->is_exceeded())
        return fail(too_large());
    return {};
}

Result<std::unique_ptr<Asking::Work>> Asking::work_for(const access::Principal& who) const {
    auto turn = turn_of(who);
    if (!turn)
        return fail(turn.error());
    return std::make_unique<Work>(std::move(*turn), most_memory_);
}

Result<Turns::Turn> Asking::turn_of(const access::Principal& who) const {
    auto turn = turns_.take(who.id, std::chrono::steady_clock::now() + longest_wait,
                            AskerScope::has_left());
    if (turn)
        return std::move(*turn);
    return fail(Error{ErrorCode::unavailable, "insight.too_many",
                      turn.error() == Turns::Refusal::too_many
                          ? "Too many of your questions wait for their turn; ask again when some "
                            "are answered."
                          : "No turn came for this question, as others are still being worked "
                            "out; ask again in a few seconds.",
                      "", 5});
}

Result<Asking::Begun> Asking::begin(const Frame& frame, std::string_view at,
                                    const access::Principal& who, HistoryEngine* history) const {
    auto vocabulary = evaluation_.vocabularies().current();
    auto limit = evaluation_.prepare(frame.audience.value_or(R"({"all":[]})"),
                                     std::string(at) + "/audience", who);
    if (!limit)
        return fail(limit.error());
    if (frame.fresh) {
        if (auto fresh = evaluation_.wait_fresh(); !fresh)
            return fail(fresh.error());
        if (history && !history->wait_fresh(fresh_timeout))
            return fail(audience::not_fresh());
    }
    auto snapshot = evaluation_.snapshot();
    Result<std::optional<Time>> kept_from = snapshot->kept_from;
    if (history)
        kept_from = history->kept_from();
    if (!kept_from)
        return fail(kept_from.error());
    return Begun{
        std::move(vocabulary),   std::move(*limit), !frame.audience && who.org.empty(),
        std::move(snapshot),     *kept_from,        frame.as_of.value_or(evaluation_.now()),
        frame.as_of.has_value(), frame.period};
}

Result<Ground> Asking::settle(Begun begun, std::string_view at, HistoryEngine* history) const {
    Ground made{begun.snapshot,
                {},
                rule::interval_of(begun.period, begun.as_of, evaluation_.calendar()),
                begun.as_of,
                evaluation_.execution(),
                &evaluation_.calendar(),
                history,
                nullptr,
                begun.kept_from};
    // Of the history only what it keeps matters, also to the audience's own periods.
    index::State told;
    told.kept_from = made.kept_from;
    const index::State& asked = history ? told : *begun.snapshot;
    if (auto kept = index::check_kept(asked, made.interval, at); !kept)
        return fail(kept.error());
    if (history) {
        if (auto kept = index::check_kept(asked, begun.limit, begun.as_of, evaluation_.calendar());
            !kept)
            return fail(kept.error());
        if (!begun.is_everyone)
            made.limit = std::make_shared<const rule::Node>(std::move(begun.limit));
        return made;
    }
    if (begun.is_everyone) {
        made.people = *begun.snapshot->alive;
        return made;
    }
    auto people = evaluation_.evaluate(begun.limit, begun.snapshot, begun.as_of);
    if (!people)
        return fail(of_question(people.error()));
    made.people = std::move(*people);
    return made;
}

std::shared_ptr<const void> Asking::find(const std::string& key, const Begun& begun) const {
    std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return kept.key == key; });
    if (found == kept_.end() || found->version != begun.snapshot->version ||
        !is_same(found->vocabulary, begun.vocabulary))
        return nullptr;
    const auto age = begun.as_of - found->as_of;
    if (age < Duration{0} || age > (begun.is_fixed ? Duration{0} : longest_kept))
        return nullptr;
    kept_.splice(kept_.begin(), kept_, found);
    return found->answer;
}

void Asking::keep(Kept kept) const {
    if (kept.bytes > most_kept_bytes)
        return;
    std::lock_guard lock(mutex_);
    std::erase_if(kept_, [&](const Kept& old) { return old.key == kept.key; });
    kept_.push_front(std::move(kept));
    std::size_t count = 0, bytes = 0;
    const auto too_old = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& one) {
        bytes += one.bytes;
        return ++count > most_kept || bytes > most_kept_bytes;
    });
    kept_.erase(too_old, kept_.end());
}

}  // namespace qiao::insight
