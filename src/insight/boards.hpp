// Boards: pages of questions that people put together, and the ones that every bank begins with.
//
// A board belongs to who made it; roles that it is shared with see it, roles that edit it change
// its name and tiles. Who made it and administrators also share and remove it. Tiles lie on a grid
// of 12 columns. The form of every question is checked when a board is saved; the names in it when
// it is asked, so that a board outlives a renamed event.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit.hpp"
#include "access/principal.hpp"
#include "base/error.hpp"
#include "runtime/clock.hpp"
#include "sql/database.hpp"

namespace qiao::insight {

struct Board {
    std::string id;  // "brd_…"
    std::string name;
    std::string tiles;                     // JSON array
    std::vector<std::string> shared_with;  // roles that see it
    std::vector<std::string> edited_by;    // roles that may change it, and see it
    bool is_ready_made = false;
    std::int64_t version = 1;
    Time created_at{}, updated_at{};
    std::string created_by, updated_by;
};

struct BoardChange {
    std::optional<std::string> name, tiles;
    std::optional<std::vector<std::string>> shared_with, edited_by;
};

// Errors: insight.board (with the pointer into /tiles), insight.invalid, insight.kind, rule.*.
Result<void> check_tiles(std::string_view tiles_json);

class Boards {
public:
    Boards(sql::Database& database, access::AuditLog& audit, const Clock& clock)
        : database_(database), audit_(audit), clock_(clock) {}

    // Errors: insight.board_name, those of check_tiles.
    Result<Board> create(const BoardChange& draft, const access::Principal& who);
    // Errors also: insight.board_not_found, insight.stale, insight.not_yours,
    // insight.not_yours_to_share.
    Result<Board> change(std::string_view id, const BoardChange& change,
                         std::int64_t expected_version, const access::Principal& who);
    Result<void> remove(std::string_view id, const access::Principal& who);
    Result<Board> get(std::string_view id, const access::Principal& who) const;
    std::vector<Board> list(const access::Principal& who, std::string_view text = {}) const;

    // Creates ready-made boards once in the life of the database, by the name of the lot; removed
    // ones stay away. Everybody sees them.
    void seed(std::string_view lot, std::vector<Board> boards);

private:
    sql::Database& database_;
    access::AuditLog& audit_;
    const Clock& clock_;
};

}  // namespace qiao::insight
