#include "work/work_sql.hpp"

namespace qiao::work::queries {
namespace {

constexpr std::string_view item_columns =
    "SELECT id, kind, title, why, figures, link, subject, org, assignee, is_done, note, version, "
    "created_at, created_by, updated_at, updated_by FROM work_items ";

Item item_of(const sql::Row& row) {
    Item item;
    item.id = row.text(0);
    item.kind = row.text(1);
    item.title = row.text(2);
    item.why = row.text(3);
    item.figures = row.text(4);
    item.link = row.text(5);
    item.subject = row.text(6);
    item.org = row.text(7);
    item.assignee = row.text(8);
    item.is_done = row.boolean(9);
    item.note = row.text(10);
    item.version = row.integer(11);
    item.created_at = row.time(12);
    item.created_by = row.text(13);
    item.updated_at = row.time(14);
    item.updated_by = row.text(15);
    return item;
}

constexpr std::string_view notice_columns =
    "SELECT id, person, kind, title, figures, link, at, is_read, org FROM work_notices ";

std::vector<Notice> notices_of(const sql::Rows& rows) {
    std::vector<Notice> made;
    for (const auto& row : rows)
        made.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4),
                        row.text(5), row.time(6), row.boolean(7), row.text(8)});
    return made;
}

std::optional<Item> one_item(sql::Transaction& transaction, std::string_view condition,
                             std::string_view value) {
    const auto row = transaction.query_one(std::string(item_columns) + std::string(condition),
                                           {std::string(value)});
    if (!row)
        return std::nullopt;
    return item_of(*row);
}

}  // namespace

std::optional<Item> find_item(sql::Transaction& transaction, std::string_view id) {
    return one_item(transaction, "WHERE id = $1", id);
}

std::optional<Item> open_item_about(sql::Transaction& transaction, std::string_view subject) {
    return one_item(transaction, "WHERE subject = $1 AND is_done = 0 ORDER BY id LIMIT 1", subject);
}

std::vector<Item> items(sql::Transaction& transaction, const ItemFilter& filter,
                        std::string_view assignee) {
    std::string text(item_columns);
    std::vector<sql::Param> params;
    const auto where = [&](std::string_view condition, const sql::Param& value) {
        params.push_back(value);
        text += (params.size() == 1 ? "WHERE " : "AND ") + std::string(condition) + " $" +
                std::to_string(params.size()) + " ";
    };
    if (filter.is_done)
        where("is_done =", sql::param(*filter.is_done));
    if (!assignee.empty())
        where("assignee =", std::string(assignee));
    if (!filter.subject.empty())
        where("subject =", filter.subject);
    if (!filter.before.empty())
        where("id <", filter.before);
    params.emplace_back(static_cast<std::int64_t>(filter.limit));
    text += "ORDER BY id DESC LIMIT $" + std::to_string(params.size());
    std::vector<Item> made;
    for (const auto& row : transaction.query(text, params))
        made.push_back(item_of(row));
    return made;
}

std::int64_t count_open(sql::Transaction& transaction, std::string_view assignee) {
    return transaction
        .query_one("SELECT count(*) FROM work_items WHERE is_done = 0 AND assignee = $1",
                   {std::string(assignee)})
        ->integer(0);
}

void put(sql::Transaction& transaction, const Item& item) {
    transaction.execute(
        "INSERT INTO work_items (id, kind, title, why, figures, link, subject, org, assignee, "
        "is_done, note, version, created_at, created_by, updated_at, updated_by) VALUES ($1, $2, "
        "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
        "ON CONFLICT (id) DO UPDATE SET title = excluded.title, why = excluded.why, "
        "link = excluded.link, assignee = excluded.assignee, is_done = excluded.is_done, "
        "note = excluded.note, version = excluded.version, updated_at = excluded.updated_at, "
        "updated_by = excluded.updated_by",
        {item.id, item.kind, item.title, item.why, item.figures, item.link, item.subject, item.org,
         item.assignee, sql::param(item.is_done), item.note, item.version,
         sql::param(item.created_at), item.created_by, sql::param(item.updated_at),
         item.updated_by});
}

void insert(sql::Transaction& transaction, const Notice& notice) {
    transaction.execute(
        "INSERT INTO work_notices (id, person, kind, title, figures, link, at, is_read, mail, "
        "mail_tries, org) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 'waiting', 0, $8)",
        {notice.id, notice.person, notice.kind, notice.title, notice.figures, notice.link,
         sql::param(notice.at), notice.org});
}

std::vector<Notice> notices(sql::Transaction& transaction, std::string_view person,
                            bool only_unread, std::size_t limit) {
    return notices_of(transaction.query(std::string(notice_columns) + "WHERE person = $1 " +
                                            (only_unread ? "AND is_read = 0 " : "") +
                                            "ORDER BY id DESC LIMIT $2",
                                        {std::string(person), static_cast<std::int64_t>(limit)}));
}

std::int64_t count_unread(sql::Transaction& transaction, std::string_view person) {
    return transaction
        .query_one("SELECT count(*) FROM work_notices WHERE person = $1 AND is_read = 0",
                   {std::string(person)})
        ->integer(0);
}

bool mark_read(sql::Transaction& transaction, std::string_view person, std::string_view id) {
    return transaction.execute("UPDATE work_notices SET is_read = 1 WHERE person = $1 AND id = $2",
                               {std::string(person), std::string(id)}) > 0;
}

void mark_all_read(sql::Transaction& transaction, std::string_view person) {
    transaction.execute("UPDATE work_notices SET is_read = 1 WHERE person = $1 AND is_read = 0",
                        {std::string(person)});
}

void remove_before(sql::Transaction& transaction, Time time) {
    transaction.execute("DELETE FROM work_notices WHERE at < $1", {sql::param(time)});
}

std::vector<Notice> waiting_for_mail(sql::Transaction& transaction, std::size_t limit) {
    return notices_of(transaction.query(std::string(notice_columns) +
                                            "WHERE mail = 'waiting' AND mail_tries < 5 ORDER BY id "
                                            "LIMIT $1",
                                        {static_cast<std::int64_t>(limit)}));
}

void take_mail(sql::Transaction& transaction, std::string_view id) {
    transaction.execute(
        "UPDATE work_notices SET mail = 'taken', mail_tries = mail_tries + 1 WHERE id = $1",
        {std::string(id)});
}

void set_mail(sql::Transaction& transaction, std::string_view id, std::string_view state) {
    transaction.execute("UPDATE work_notices SET mail = $2 WHERE id = $1",
                        {std::string(id), std::string(state)});
}

}  // namespace qiao::work::queries
