#include "api/boards.hpp"

#include "api/resource.hpp"
#include "insight/boards.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

json::object board_json(const insight::Board& board) {
    json::array roles(board.shared_with.begin(), board.shared_with.end());
    return {{"id", board.id},
            {"name", board.name},
            {"tiles", json::parse(board.tiles)},
            {"shared_with", std::move(roles)},
            {"ready_made", board.is_ready_made},
            {"version", board.version},
            {"created_at", format_time(board.created_at)},
            {"created_by", board.created_by},
            {"updated_at", format_time(board.updated_at)},
            {"updated_by", board.updated_by}};
}

Result<insight::BoardChange> change_of(const json::value& value) {
    Body body(value);
    insight::BoardChange change;
    change.name = body.maybe_text("name");
    const auto* tiles = body.member("tiles");
    const auto* roles = body.member("shared_with");
    body.ignore({"ready_made", "updated_by"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (tiles && !tiles->is_null())
        change.tiles = json::serialize(*tiles);
    if (!roles || roles->is_null())
        return change;
    change.shared_with.emplace();
    if (!roles->is_array())
        return fail(ErrorCode::invalid, "api.body", "This is a list of roles.", "/shared_with");
    for (const auto& role : roles->get_array()) {
        if (!role.is_string())
            return fail(ErrorCode::invalid, "api.body", "This is a list of roles.", "/shared_with");
        change.shared_with->emplace_back(role.get_string());
    }
    return change;
}

Answer board_answer(Call& call, const insight::Board& board, int status) {
    set_etag(call, board.version);
    return Answer{status, board_json(board)};
}

Result<Answer> list(const insight::Boards& boards, Call& call) {
    json::array items;
    for (const auto& board : boards.list(call.who, call.query("text")))
        items.push_back(board_json(board));
    return Answer{200, page_json(std::move(items), {})};
}

Result<Answer> create(insight::Boards& boards, Call& call) {
    auto change = change_of(call.body);
    if (!change)
        return fail(change.error());
    const auto made = boards.create(*change, call.who);
    if (!made)
        return fail(made.error());
    return board_answer(call, *made, 201);
}

Result<Answer> update(insight::Boards& boards, Call& call) {
    auto change = change_of(call.body);
    if (!change)
        return fail(change.error());
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    const auto made = boards.change(call.id(), *change, version->value_or(0), call.who);
    if (!made)
        return fail(made.error());
    return board_answer(call, *made, 200);
}

Result<Answer> get(const insight::Boards& boards, Call& call) {
    const auto found = boards.get(call.id(), call.who);
    if (!found)
        return fail(found.error());
    return board_answer(call, *found, 200);
}

void define_shapes(Endpoints& endpoints) {
    endpoints.define("TileQuestion",
                     object_schema({{"kind", "'metric'"}, {"metric", "MetricQuestion"}}));
    endpoints.define("Tile", object_schema({{"id", "string"},
                                            {"title", "string"},
                                            {"title_zh", "string"},
                                            {"question", "TileQuestion"},
                                            {"chart", "'number'|'line'|'bar'|'table'"},
                                            {"x", "integer"},
                                            {"y", "integer"},
                                            {"w", "integer"},
                                            {"h", "integer"}}));
    endpoints.define("Board", object_schema({{"id", "string"},
                                             {"name", "string"},
                                             {"tiles", "Tile[]"},
                                             {"shared_with", "RoleName[]"},
                                             {"ready_made", "boolean"},
                                             {"version", "integer"},
                                             {"created_at", "time"},
                                             {"created_by", "string"},
                                             {"updated_at", "time"},
                                             {"updated_by", "string"}}));
    endpoints.define(
        "BoardChange",
        body_schema({{"name?", "string"}, {"tiles?", "Tile[]"}, {"shared_with?", "RoleName[]"}},
                    {"ready_made", "updated_by"}));
}

}  // namespace

void add_boards(Endpoints& endpoints, insight::Boards& boards) {
    const std::string path = "/api/v1/boards", one = path + "/{id}";
    define_shapes(endpoints);
    endpoints.add(
        "GET", path, Permission::view, [&boards](Call& call) { return list(boards, call); },
        {"List the boards that one may see", "boards", nullptr, page_schema("Board"), {"text"}});
    endpoints.add("POST", path, Permission::edit_boards,
                  [&boards](Call& call) { return create(boards, call); },
                  {"Create a board", "boards", "BoardChange", created("Board")});
    endpoints.add("GET", one, Permission::view, [&boards](Call& call) { return get(boards, call); },
                  {"Read a board", "boards", nullptr, "Board"});
    for (const auto* method : {"PATCH", "PUT"})
        endpoints.add(method, one, Permission::edit_boards,
                      [&boards](Call& call) { return update(boards, call); },
                      {"Change a board", "boards", "BoardChange", "Board"});
    endpoints.add("DELETE", one, Permission::edit_boards,
                  [&boards](Call& call) -> Result<Answer> {
                      if (auto done = boards.remove(call.id(), call.who); !done)
                          return fail(done.error());
                      return Answer{204, nullptr};
                  },
                  {"Remove a board", "boards", nullptr, no_content()});
}

}  // namespace qiao::api
