#include "index/kept.hpp"

namespace qiao::index {

namespace {

struct Walker {
    const State& state;
    Time as_of;
    const Calendar& calendar;

    Result<void> each(const std::vector<rule::Node>& nodes) const {
        for (const auto& node : nodes)
            if (auto kept = look(node); !kept)
                return kept;
        return {};
    }
    Result<void> look(const rule::Node& node) const {
        if (const auto* all = std::get_if<rule::All>(&node.what))
            return each(all->nodes);
        if (const auto* any = std::get_if<rule::Any>(&node.what))
            return each(any->nodes);
        if (const auto* negated = std::get_if<rule::Not>(&node.what))
            return look(*negated->node);
        if (const auto* audience = std::get_if<rule::AudienceTest>(&node.what))
            return audience->rule ? look(*audience->rule) : Result<void>{};
        if (const auto* event = std::get_if<rule::EventTest>(&node.what))
            return check_kept(state, event->period, node.pointer, as_of, calendar);
        if (const auto* sequence = std::get_if<rule::SequenceTest>(&node.what))
            return check_kept(state, sequence->period, node.pointer, as_of, calendar);
        return {};
    }
};

}  // namespace

Error rebuilding(int retry_after_s) {
    return {ErrorCode::unavailable,
            "index.rebuilding",
            "The index of customers and events is being rebuilt; ask again when it is complete.",
            {},
            retry_after_s};
}

Result<void> check_kept(const State& state, rule::Interval interval, std::string_view pointer) {
    if (state.is_lost)
        return fail(rebuilding());
    return check_kept(state.kept_from, interval, pointer);
}

Result<void> check_kept(const std::optional<Time>& kept_from, rule::Interval interval,
                        std::string_view pointer) {
    if (!kept_from || interval.from_ms >= to_ms(*kept_from))
        return {};
    return fail(ErrorCode::unprocessable, "index.not_kept",
                "The period begins before " + format_time(*kept_from) +
                    ", and older events are no longer kept; choose a period that begins later.",
                std::string(pointer));
}

Result<void> check_kept(const State& state, const rule::Period& period, std::string_view pointer,
                        Time as_of, const Calendar& calendar) {
    if (is_all_time(period))
        return state.is_lost ? Result<void>(fail(rebuilding())) : Result<void>{};
    return check_kept(state, rule::interval_of(period, as_of, calendar), pointer);
}

Result<void> check_kept(const State& state, const rule::Node& rule, Time as_of,
                        const Calendar& calendar) {
    if (state.is_lost)
        return fail(rebuilding());
    if (!state.kept_from)
        return {};
    return Walker{state, as_of, calendar}.look(rule);
}

Result<void> check_kept(const std::optional<Time>& kept_from, const rule::Node& rule, Time as_of,
                        const Calendar& calendar) {
    State told;
    told.kept_from = kept_from;
    return check_kept(told, rule, as_of, calendar);
}

}  // namespace qiao::index
