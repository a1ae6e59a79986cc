#include "insight/boards_sql.hpp"

#include "insight/detail/words.hpp"

namespace qiao::insight::queries {
namespace {

using detail::joined;
using detail::split;

constexpr std::string_view columns =
    "SELECT id, name, tiles, shared_with, is_ready_made, version, created_at, created_by, "
    "updated_at, "
    "updated_by, edited_by FROM insight_boards ";

Board board_of(const sql::Row& row) {
    Board board;
    board.id = row.text(0);
    board.name = row.text(1);
    board.tiles = row.text(2);
    board.shared_with = split(row.text(3));
    board.is_ready_made = row.boolean(4);
    board.version = row.integer(5);
    board.created_at = row.time(6);
    board.created_by = row.text(7);
    board.updated_at = row.time(8);
    board.updated_by = row.text(9);
    board.edited_by = split(row.text(10));
    return board;
}

}  // namespace

std::optional<Board> find(sql::Transaction& transaction, std::string_view id) {
    const auto row =
        transaction.query_one(std::string(columns) + "WHERE id = $1", {std::string(id)});
    if (!row)
        return std::nullopt;
    return board_of(*row);
}

std::vector<Board> all(sql::Transaction& transaction) {
    std::vector<Board> boards;
    for (const auto& row :
         transaction.query(std::string(columns) + "ORDER BY is_ready_made DESC, id"))
        boards.push_back(board_of(row));
    return boards;
}

void put(sql::Transaction& transaction, const Board& board) {
    transaction.execute(
        "INSERT INTO insight_boards (id, name, tiles, shared_with, is_ready_made, version, "
        "created_at, "
        "created_by, updated_at, updated_by, edited_by) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, tiles = excluded.tiles, "
        "shared_with = excluded.shared_with, version = excluded.version, "
        "updated_at = excluded.updated_at, updated_by = excluded.updated_by, "
        "edited_by = excluded.edited_by",
        {board.id, board.name, board.tiles, joined(board.shared_with),
         sql::param(board.is_ready_made), board.version, sql::param(board.created_at),
         board.created_by, sql::param(board.updated_at), board.updated_by,
         joined(board.edited_by)});
}

void remove(sql::Transaction& transaction, std::string_view id) {
    transaction.execute("DELETE FROM insight_boards WHERE id = $1", {std::string(id)});
}

bool mark_seeded(sql::Transaction& transaction, std::string_view name, Time at) {
    return transaction.execute(
               "INSERT INTO insight_seeded (name, at) VALUES ($1, $2) ON CONFLICT (name) DO "
               "NOTHING",
               {std::string(name), sql::param(at)}) > 0;
}

}  // namespace qiao::insight::queries
