#include "insight/boards.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>

#include "audience/audiences.hpp"
#include "base/check.hpp"
#include "base/id.hpp"
#include "insight/board_mails_sql.hpp"
#include "insight/boards_sql.hpp"
#include "insight/edits.hpp"
#include "insight/kinds.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;

constexpr std::size_t most_tiles = 60;
constexpr std::int64_t grid_columns = 12;
constexpr std::int64_t most_rows = 24;
constexpr std::array<std::string_view, 5> charts = {"auto", "number", "line", "bar", "table"};
constexpr std::array<std::string_view, 5> refreshes = {"manual", "1m", "15m", "1h", "1d"};
constexpr std::array<std::string_view, 6> roles = {"administrator", "operator", "approver",
                                                   "branch",        "analyst",  "viewer"};

tl::unexpected<Error> bad_tile(std::string detail, std::string pointer) {
    return fail(ErrorCode::unprocessable, "insight.board", std::move(detail), std::move(pointer));
}

Result<std::int64_t> number_in(const json::object& tile, const char* name, std::int64_t low,
                               std::int64_t high, const std::string& at) {
    const auto* value = tile.if_contains(name);
    if (!value || !value->is_int64() || value->get_int64() < low || value->get_int64() > high)
        return bad_tile("A tile's place is in whole steps of the grid: " + std::string(name) +
                            " is from " + std::to_string(low) + " to " + std::to_string(high) + ".",
                        at + "/" + name);
    return value->get_int64();
}

// {"kind":K, K: the question}.
Result<Frame> question_of(const json::object& tile, const std::string& at) {
    const auto* question = tile.if_contains("question");
    const auto* object = question ? question->if_object() : nullptr;
    const auto* kind = object ? object->if_contains("kind") : nullptr;
    if (!kind || !kind->is_string())
        return bad_tile("A tile asks a question with its kind.", at + "/question");
    const std::string name(kind->get_string());
    const auto* asked = object->if_contains(name);
    if (!asked || object->size() != 2)
        return bad_tile("Beside its kind, the question stands under the name of the kind alone.",
                        at + "/question/" + name);
    return parse_question(name, *asked, at + "/question/" + name);
}

Result<void> check_look(const json::object& tile, const std::string& at) {
    const auto is_one_of = [&](const char* name, const auto& words) {
        const auto* text = tile.if_contains(name);
        return text && text->is_string() &&
               std::find(words.begin(), words.end(), std::string_view(text->get_string())) !=
                   words.end();
    };
    if (!is_one_of("chart", charts))
        return bad_tile("A chart is auto, number, line, bar or table.", at + "/chart");
    if (tile.contains("refresh") && !is_one_of("refresh", refreshes))
        return bad_tile("A tile is refreshed by hand (manual) or every 1m, 15m, 1h or 1d.",
                        at + "/refresh");
    return {};
}

Result<void> check_tile(const json::value& value, const std::string& at,
                        std::set<std::string>& ids) {
    const auto* tile = value.if_object();
    if (!tile)
        return bad_tile("A tile is an object.", at);
    const auto* id = tile->if_contains("id");
    if (!id || !id->is_string() || !ids.insert(std::string(id->get_string())).second)
        return bad_tile("Every tile has an id of its own.", at + "/id");
    if (auto fine = check_look(*tile, at); !fine)
        return fine;
    const auto x = number_in(*tile, "x", 0, grid_columns - 1, at);
    if (!x)
        return fail(x.error());
    const auto w = number_in(*tile, "w", 1, grid_columns, at);
    if (!w)
        return fail(w.error());
    if (*x + *w > grid_columns)
        return bad_tile("The tile reaches over the right edge of the 12 columns.", at + "/w");
    if (auto y = number_in(*tile, "y", 0, 1000, at); !y)
        return fail(y.error());
    if (auto h = number_in(*tile, "h", 1, most_rows, at); !h)
        return fail(h.error());
    if (auto question = question_of(*tile, at); !question)
        return fail(question.error());
    return {};
}

bool has(const std::vector<std::string>& named, std::string_view role) {
    return std::find(named.begin(), named.end(), role) != named.end();
}

bool owns(const access::Principal& who, const Board& board) {
    return who.may(access::Permission::manage_people) || board.created_by == who.id;
}

bool edits(const access::Principal& who, const Board& board) {
    return owns(who, board) || has(board.edited_by, who.role);
}

bool sees(const access::Principal& who, const Board& board) {
    return edits(who, board) || has(board.shared_with, who.role);
}

tl::unexpected<Error> not_found() {
    return fail(ErrorCode::not_found, "insight.board_not_found",
                "There is no such board, or it is not shared with you.");
}

tl::unexpected<Error> not_yours() {
    return fail(ErrorCode::forbidden, "insight.not_yours",
                "This board belongs to somebody else; make a board of your own from it.");
}

Result<void> check_roles(const std::vector<std::string>& named, const std::string& at) {
    for (std::size_t i = 0; i < named.size(); ++i)
        if (std::find(roles.begin(), roles.end(), named[i]) == roles.end())
            return fail(ErrorCode::invalid, "insight.role", "There is no such role.",
                        at + "/" + std::to_string(i));
    return {};
}

Result<void> check_board(const Board& board) {
    if (board.name.find_first_not_of(" \t\r\n") == std::string::npos || board.name.size() > 200)
        return fail(ErrorCode::invalid, "insight.board_name",
                    "Give the board a name of at most 200 bytes.", "/name");
    if (auto fine = check_roles(board.shared_with, "/shared_with"); !fine)
        return fine;
    if (auto fine = check_roles(board.edited_by, "/edited_by"); !fine)
        return fine;
    return check_tiles(board.tiles);
}

void apply(const BoardChange& change, Board& to) {
    to.name = change.name.value_or(to.name);
    to.tiles = change.tiles.value_or(to.tiles);
    to.shared_with = change.shared_with.value_or(to.shared_with);
    to.edited_by = change.edited_by.value_or(to.edited_by);
}

// The audiences that a sound question is split by.
void add_split(const json::object& question, std::set<std::string>& found) {
    const auto& asked = question.at(question.at("kind").as_string()).as_object();
    const auto* by = asked.if_contains("by");
    if (by && by->is_object())
        for (const auto& id : by->get_object().at("audiences").as_array())
            found.insert(std::string(id.as_string()));
}

// The audiences that the tiles name, for the audiences' where-used lists.
std::vector<std::string> audiences_of(const std::string& tiles) {
    std::set<std::string> found;
    const auto parsed_tiles = json::parse(tiles);
    for (const auto& tile : parsed_tiles.as_array()) {
        const auto frame = question_of(tile.as_object(), {});
        if (!frame)
            continue;
        add_split(tile.at("question").as_object(), found);
        if (!frame->audience)
            continue;
        if (auto rule = rule::parse(json::parse(*frame->audience)))
            for (auto& id : rule::references_of(*rule).audiences)
                found.insert(std::move(id));
    }
    return {found.begin(), found.end()};
}

void save(sql::Transaction& transaction, const Board& board) {
    queries::put(transaction, board);
    audience::set_references(transaction, "board", board.id, board.name, audiences_of(board.tiles));
}

}  // namespace

Result<void> check_tiles(std::string_view tiles_json) {
    json::error_code error;
    const auto tiles = json::parse(json::string_view(tiles_json.data(), tiles_json.size()), error);
    if (error || !tiles.is_array())
        return bad_tile("The tiles are a list.", "/tiles");
    if (tiles.get_array().size() > most_tiles)
        return fail(ErrorCode::too_large, "insight.board", "A board has at most 60 tiles.",
                    "/tiles");
    std::set<std::string> ids;
    for (std::size_t i = 0; i < tiles.get_array().size(); ++i)
        if (auto fine = check_tile(tiles.get_array()[i], "/tiles/" + std::to_string(i), ids); !fine)
            return fine;
    return {};
}

Result<Board> Boards::create(const BoardChange& draft, const access::Principal& who) {
    Board board;
    board.tiles = "[]";
    apply(draft, board);
    mark_made(board, "brd", clock_.now(), who);
    if (auto fine = check_board(board); !fine)
        return fail(fine.error());
    auto transaction = database_.begin();
    save(*transaction, board);
    audit_.add(*transaction, who, {"board.created", board.id, board.name});
    transaction->commit();
    return board;
}

Result<Board> Boards::change(std::string_view id, const BoardChange& change,
                             std::int64_t expected_version, const access::Principal& who) {
    auto transaction = database_.begin();
    auto board = queries::find(*transaction, id);
    if (!board || !sees(who, *board))
        return not_found();
    if (!edits(who, *board))
        return not_yours();
    // Who may share a board is who could take it away.
    if ((change.shared_with || change.edited_by) && !owns(who, *board) &&
        (change.shared_with.value_or(board->shared_with) != board->shared_with ||
         change.edited_by.value_or(board->edited_by) != board->edited_by))
        return fail(ErrorCode::forbidden, "insight.not_yours_to_share",
                    "Only who made this board, or an administrator, decides whom it is shared "
                    "with.",
                    "/shared_with");
    const auto expected = expected_version != 0 ? std::optional(expected_version) : std::nullopt;
    if (auto fresh = mark_changed(*board, expected, clock_.now(), who); !fresh)
        return fail(fresh.error());
    apply(change, *board);
    if (auto fine = check_board(*board); !fine)
        return fail(fine.error());
    save(*transaction, *board);
    audit_.add(*transaction, who, {"board.updated", board->id, board->name});
    transaction->commit();
    return std::move(*board);
}

Result<void> Boards::remove(std::string_view id, const access::Principal& who) {
    auto transaction = database_.begin();
    const auto board = queries::find(*transaction, id);
    if (!board || !sees(who, *board))
        return not_found();
    if (!owns(who, *board))
        return not_yours();
    queries::remove(*transaction, id);
    queries::remove_mails_of(*transaction, id);
    audience::set_references(*transaction, "board", id, board->name, {});
    audit_.add(*transaction, who, {"board.removed", board->id, board->name});
    transaction->commit();
    return {};
}

Result<Board> Boards::get(std::string_view id, const access::Principal& who) const {
    auto board = queries::find(*database_.read(), id);
    if (!board || !sees(who, *board))
        return not_found();
    return std::move(*board);
}

std::vector<Board> Boards::list(const access::Principal& who, std::string_view text) const {
    auto boards = queries::all(*database_.read());
    std::erase_if(boards, [&](const Board& board) {
        return !sees(who, board) || board.name.find(text) == std::string::npos;
    });
    return boards;
}

void Boards::seed(std::string_view mark, std::vector<Board> boards) {
    auto transaction = database_.begin();
    const Time now = clock_.now();
    if (!queries::mark_seeded(*transaction, mark, now))
        return;
    for (auto& board : boards) {
        board.id = new_id("brd", now);
        board.created_at = board.updated_at = now;
        board.created_by = board.updated_by = "system";
        board.is_ready_made = true;
        board.shared_with.assign(roles.begin(), roles.end());
        const auto fine = check_board(board);
        check(fine.has_value());
        save(*transaction, board);
    }
    transaction->commit();
}

}  // namespace qiao::insight
