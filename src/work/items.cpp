#include "work/items.hpp"

#include "base/id.hpp"
#include "work/work_sql.hpp"

namespace qiao::work {
namespace {

using access::Permission;

tl::unexpected<Error> not_found() {
    return fail(ErrorCode::not_found, "work.no_item",
                "There is no such work item, or it is not yours to see.");
}

Result<void> check_item(const Item& item) {
    const auto refuse = [](std::string detail, std::string pointer) {
        return fail(ErrorCode::invalid, "work.item", std::move(detail), std::move(pointer));
    };
    if (item.title.find_first_not_of(" \t\r\n") == std::string::npos || item.title.size() > 300)
        return refuse("Say in at most 300 bytes what is to be done.", "/title");
    if (item.why.size() > 2000)
        return refuse("The reason has at most 2,000 bytes.", "/why");
    if (item.note.size() > 2000)
        return refuse("The note has at most 2,000 bytes.", "/note");
    if (!item.link.empty() &&
        (item.link.size() > 2000 || !item.link.starts_with('/') || item.link.starts_with("//")))
        return refuse("The link is an address of this console, such as /boards.", "/link");
    return {};
}

void apply(const ItemChange& change, Item& to) {
    to.title = change.title.value_or(to.title);
    to.why = change.why.value_or(to.why);
    to.link = change.link.value_or(to.link);
    to.assignee = change.assignee.value_or(to.assignee);
    to.note = change.note.value_or(to.note);
    to.is_done = change.is_done.value_or(to.is_done);
}

bool is_own(const access::Principal& who, const Item& item) {
    return item.assignee == who.id || item.created_by == who.id;
}

}  // namespace

bool Items::sees(const access::Principal& who, const Item& item) const {
    return is_own(who, item) || orgs_.in_scope(who.org, item.org);
}

Item Items::shown(Item item, const access::Principal& who) const {
    if (!orgs_.in_scope(who.org, item.org))
        item.figures = "{}";
    return item;
}

std::string Items::open(sql::Transaction& transaction, Item item, const access::Principal& by) {
    if (const auto first = queries::open_item_about(transaction, item.subject))
        return first->id;
    item.created_at = item.updated_at = clock_.now();
    item.id = new_id("wrk", item.created_at);
    item.created_by = item.updated_by = by.id;
    queries::put(transaction, item);
    audit_.add(transaction, by, {"work.opened", item.id, item.title});
    return item.id;
}

Result<Item> Items::create(const ItemChange& draft, const access::Principal& who) {
    Item item;
    apply(draft, item);
    item.created_at = item.updated_at = clock_.now();
    item.id = new_id("wrk", item.created_at);
    item.org = who.org;
    item.created_by = item.updated_by = who.id;
    if (auto fine = check_item(item); !fine)
        return fail(fine.error());
    auto transaction = database_.begin();
    queries::put(*transaction, item);
    audit_.add(*transaction, who, {"work.opened", item.id, item.title});
    transaction->commit();
    return item;
}

Result<Item> Items::change(std::string_view id, const ItemChange& change,
                           std::optional<std::int64_t> expected_version,
                           const access::Principal& who) {
    auto transaction = database_.begin();
    auto item = queries::find_item(*transaction, id);
    if (!item || !sees(who, *item))
        return not_found();
    if (!is_own(who, *item) && !who.may(Permission::edit_boards))
        return fail(ErrorCode::forbidden, "work.not_yours",
                    "This is for its assignee, for who opened it, or for who edits boards.");
    if (expected_version && *expected_version != item->version)
        return fail(ErrorCode::stale, "work.stale",
                    "Somebody else changed this meanwhile; load it again and repeat.");
    const bool was_done = item->is_done;
    apply(change, *item);
    item->version += 1;
    item->updated_at = clock_.now();
    item->updated_by = who.id;
    if (auto fine = check_item(*item); !fine)
        return fail(fine.error());
    queries::put(*transaction, *item);
    const auto* verb = item->is_done == was_done ? "work.updated"
                       : item->is_done           ? "work.done"
                                                 : "work.reopened";
    audit_.add(*transaction, who, {verb, item->id, item->title, item->note});
    transaction->commit();
    return shown(std::move(*item), who);
}

Result<Item> Items::get(std::string_view id, const access::Principal& who) const {
    auto item = queries::find_item(*database_.read(), id);
    if (!item || !sees(who, *item))
        return not_found();
    return shown(std::move(*item), who);
}

std::vector<Item> Items::list(const ItemFilter& filter, const access::Principal& who) const {
    std::vector<Item> made;
    auto transaction = database_.read();
    for (auto part = filter; made.size() < filter.limit;) {
        auto found = queries::items(*transaction, part, part.is_mine ? who.id : "");
        const bool was_last = found.size() < part.limit;
        for (auto& item : found) {
            part.before = item.id;
            if (made.size() < filter.limit && sees(who, item))
                made.push_back(shown(std::move(item), who));
        }
        if (was_last)
            break;
    }
    return made;
}

std::size_t Items::open_of(std::string_view person) const {
    return static_cast<std::size_t>(queries::count_open(*database_.read(), person));
}

}  // namespace qiao::work
