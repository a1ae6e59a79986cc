#include "work/notices.hpp"

#include "base/id.hpp"
#include "work/work_sql.hpp"

namespace qiao::work {
namespace {

constexpr Duration longest_kept = std::chrono::hours(24 * 90);

}  // namespace

void Notices::add(sql::Transaction& transaction, Notice notice) {
    notice.at = clock_.now();
    notice.id = new_id("ntc", notice.at);
    queries::insert(transaction, notice);
}

std::vector<Notice> Notices::list(const access::Principal& who, bool only_unread,
                                  std::size_t limit) const {
    auto notices = queries::notices(*database_.read(), who.id, only_unread, limit);
    for (auto& notice : notices)
        notice = shown(std::move(notice), who);
    return notices;
}

Notice Notices::shown(Notice notice, const access::Principal& who) const {
    if (orgs_.in_scope(who.org, notice.org))
        return notice;
    notice.figures = "{}";
    notice.link.clear();
    return notice;
}

std::size_t Notices::unread(std::string_view person) const {
    return static_cast<std::size_t>(queries::count_unread(*database_.read(), person));
}

Result<void> Notices::mark_read(std::string_view person, std::string_view id) {
    auto transaction = database_.begin();
    if (!queries::mark_read(*transaction, person, id))
        return fail(ErrorCode::not_found, "work.no_notice", "There is no such notice.");
    transaction->commit();
    return {};
}

void Notices::mark_all_read(std::string_view person) {
    auto transaction = database_.begin();
    queries::mark_all_read(*transaction, person);
    transaction->commit();
}

void Notices::purge() {
    auto transaction = database_.begin();
    queries::remove_before(*transaction, clock_.now() - longest_kept);
    transaction->commit();
}

// Taken before it leaves: a server that dies between the two has not told it by mail, and does not
// tell it twice.
std::optional<Notice> Notices::take_unmailed() {
    if (queries::waiting_for_mail(*database_.read(), 1).empty())
        return std::nullopt;
    auto transaction = database_.begin();
    auto taken = queries::waiting_for_mail(*transaction, 1);
    if (taken.empty())
        return std::nullopt;
    queries::take_mail(*transaction, taken.front().id);
    transaction->commit();
    return std::move(taken.front());
}

void Notices::settle_mail(std::string_view id, Mailed how) {
    constexpr std::string_view states[] = {"sent", "none", "failed", "waiting"};
    auto transaction = database_.begin();
    queries::set_mail(*transaction, id, states[static_cast<std::size_t>(how)]);
    transaction->commit();
}

}  // namespace qiao::work
