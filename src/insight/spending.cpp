#include "insight/spending.hpp"

#include <algorithm>

#include "insight/edits.hpp"
#include "insight/spending_sql.hpp"

namespace qiao::insight {
namespace {

tl::unexpected<Error> wrong(std::string detail, std::string pointer) {
    return fail(ErrorCode::invalid, "insight.spending", std::move(detail), std::move(pointer));
}

tl::unexpected<Error> not_found() {
    return fail(ErrorCode::not_found, "insight.no_spending",
                "There is no such spending; somebody may have removed it.");
}

constexpr auto most_spent = Decimal::from_scaled(1'000'000'000'000 * Decimal::scale);

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

Result<void> check_spending(const Spending& spending) {
    if (is_blank(spending.by) || spending.by.size() > 1'024)
        return wrong("Name the property, or the tag as \"tag:origin\", that tells origins apart.",
                     "/by");
    if (is_blank(spending.origin) || spending.origin.size() > 500)
        return wrong("Say in at most 500 bytes on which origin it was spent.", "/origin");
    if (spending.to < spending.from)
        return wrong("The last day is not before the first.", "/to");
    if (spending.to - spending.from >= most_spending_days)
        return wrong("An entry covers at most three years; make one for each.", "/to");
    if (spending.amount.scaled() < 0)
        return wrong("What was spent is an amount in CNY from 0.", "/amount");
    if (spending.amount.scaled() > most_spent.scaled())
        return wrong("An entry is of at most CNY 1,000,000,000,000; make several.", "/amount");
    if (spending.note.size() > 500)
        return wrong("A note has at most 500 bytes.", "/note");
    return {};
}

void apply(const SpendingChange& change, Spending& to) {
    to.by = change.by.value_or(to.by);
    to.origin = change.origin.value_or(to.origin);
    to.from = change.from.value_or(to.from);
    to.to = change.to.value_or(to.to);
    to.amount = change.amount.value_or(to.amount);
    to.note = change.note.value_or(to.note);
}

std::string told(const Spending& spending) {
    return spending.origin + ": CNY " + spending.amount.text() + " from " +
           format_day(spending.from) + " to " + format_day(spending.to);
}

}  // namespace

std::int64_t spent_in(const Spending& spending, const rule::Interval& interval,
                      const Calendar& calendar) {
    const auto begin = to_ms(calendar.start_of(spending.from));
    const auto end = to_ms(calendar.start_of(spending.to + 1));
    // What was spent until a moment, rounded down: the same for both periods that meet there.
    const auto until = [&](std::int64_t ms) {
        const auto passed = std::clamp(ms, begin, end) - begin;
        return static_cast<std::int64_t>(static_cast<__int128>(spending.amount.scaled()) * passed /
                                         (end - begin));
    };
    return std::max<std::int64_t>(0, until(interval.until_ms) - until(interval.from_ms));
}

Result<Spending> SpendingBook::create(const SpendingChange& draft, const access::Principal& who) {
    if (!draft.from)
        return wrong("Name the first day.", "/from");
    if (!draft.to)
        return wrong("Name the last day.", "/to");
    if (!draft.amount)
        return wrong("Say how much was spent.", "/amount");
    Spending made;
    apply(draft, made);
    mark_made(made, "spd", clock_.now(), who);
    if (auto fine = check_spending(made); !fine)
        return fail(fine.error());
    auto transaction = database_.begin();
    queries::put(*transaction, made);
    audit_.add(*transaction, who, {"spending.created", made.id, told(made)});
    transaction->commit();
    return made;
}

Result<Spending> SpendingBook::change(std::string_view id, const SpendingChange& change,
                                      std::optional<std::int64_t> expected_version,
                                      const access::Principal& who) {
    auto transaction = database_.begin();
    auto made = queries::find_spending(*transaction, id);
    if (!made)
        return not_found();
    if (auto fresh = mark_changed(*made, expected_version, clock_.now(), who); !fresh)
        return fail(fresh.error());
    apply(change, *made);
    if (auto fine = check_spending(*made); !fine)
        return fail(fine.error());
    queries::put(*transaction, *made);
    audit_.add(*transaction, who, {"spending.updated", made->id, told(*made)});
    transaction->commit();
    return std::move(*made);
}

Result<void> SpendingBook::remove(std::string_view id, const access::Principal& who) {
    auto transaction = database_.begin();
    const auto found = queries::find_spending(*transaction, id);
    if (!found)
        return not_found();
    queries::remove_spending(*transaction, id);
    audit_.add(*transaction, who, {"spending.removed", found->id, told(*found)});
    transaction->commit();
    return {};
}

Result<Spending> SpendingBook::get(std::string_view id) const {
    auto found = queries::find_spending(*database_.read(), id);
    if (!found)
        return not_found();
    return std::move(*found);
}

std::vector<Spending> SpendingBook::list(Day from, Day to) const {
    return queries::spending_between(*database_.read(), from, to);
}

}  // namespace qiao::insight
