#include "api/boards.hpp"

#include "api/resource.hpp"
#include "insight/boards.hpp"
#include "insight/ready_made.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

json::object board_json(const insight::Board& board) {
    return {{"id", board.id},
            {"name", board.name},
            {"tiles", json::parse(board.tiles)},
            {"shared_with", json::array(board.shared_with.begin(), board.shared_with.end())},
            {"edited_by", json::array(board.edited_by.begin(), board.edited_by.end())},
            {"ready_made", board.is_ready_made},
            {"version", board.version},
            {"created_at", format_time(board.created_at)},
            {"created_by", board.created_by},
            {"updated_at", format_time(board.updated_at)},
            {"updated_by", board.updated_by}};
}

// Nothing where the body names none.
Result<std::optional<std::vector<std::string>>> roles_of(const json::value* roles,
                                                         const char* pointer) {
    if (!roles || roles->is_null())
        return std::optional<std::vector<std::string>>{};
    const auto wrong = [&] {
        return fail(ErrorCode::invalid, "api.body", "This is a list of roles.", pointer);
    };
    if (!roles->is_array())
        return wrong();
    std::vector<std::string> made;
    for (const auto& role : roles->get_array()) {
        if (!role.is_string())
            return wrong();
        made.emplace_back(role.get_string());
    }
    return std::optional(std::move(made));
}

Result<insight::BoardChange> change_of(const json::value& value) {
    Body body(value);
    insight::BoardChange change;
    change.name = body.maybe_text("name");
    const auto* tiles = body.member("tiles");
    const auto shared_with = roles_of(body.member("shared_with"), "/shared_with");
    const auto edited_by = roles_of(body.member("edited_by"), "/edited_by");
    body.ignore({"ready_made", "updated_by"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!shared_with)
        return fail(shared_with.error());
    if (!edited_by)
        return fail(edited_by.error());
    if (tiles && !tiles->is_null())
        change.tiles = json::serialize(*tiles);
    change.shared_with = *shared_with;
    change.edited_by = *edited_by;
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
    const auto of_kind = [](const char* kind, const char* question) {
        return object_schema({{"kind", "'" + std::string(kind) + "'"}, {kind, question}});
    };
    endpoints.define(
        "TileQuestion",
        either(
            {of_kind("metric", "MetricQuestion"), of_kind("funnel", "FunnelQuestion"),
             of_kind("retention", "RetentionQuestion"), of_kind("lifecycle", "LifecycleQuestion"),
             of_kind("paths", "PathsQuestion"), of_kind("distribution", "DistributionQuestion"),
             of_kind("interval", "IntervalQuestion"), of_kind("attribution", "AttributionQuestion"),
             of_kind("league", "LeagueQuestion"), of_kind("entries", "EntriesQuestion"),
             of_kind("stages", "StageQuestion"), of_kind("acquisition", "AcquisitionQuestion"),
             of_kind("returns", "ReturnsQuestion"), of_kind("products", "ProductsQuestion"),
             of_kind("activity", "ActivityQuestion")}));
    endpoints.define("ReadyMadeQuestion", object_schema({{"id", "string"},
                                                         {"title", "string"},
                                                         {"title_zh", "string"},
                                                         {"question", "TileQuestion"}}));
    endpoints.define("Tile", object_schema({{"id", "string"},
                                            {"title", "string"},
                                            {"title_zh", "string"},
                                            {"question", "TileQuestion"},
                                            {"chart", "'auto'|'number'|'line'|'bar'|'table'"},
                                            {"refresh?", "'manual'|'1m'|'15m'|'1h'|'1d'"},
                                            {"x", "integer"},
                                            {"y", "integer"},
                                            {"w", "integer"},
                                            {"h", "integer"}}));
    endpoints.define("Board", object_schema({{"id", "string"},
                                             {"name", "string"},
                                             {"tiles", "Tile[]"},
                                             {"shared_with", "RoleName[]"},
                                             {"edited_by", "RoleName[]"},
                                             {"ready_made", "boolean"},
                                             {"version", "integer"},
                                             {"created_at", "time"},
                                             {"created_by", "string"},
                                             {"updated_at", "time"},
                                             {"updated_by", "string"}}));
    endpoints.define("BoardChange", body_schema({{"name?", "string"},
                                                 {"tiles?", "Tile[]"},
                                                 {"shared_with?", "RoleName[]"},
                                                 {"edited_by?", "RoleName[]"}},
                                                {"ready_made", "updated_by"}));
}

Result<Answer> ready_made(Call&) {
    json::array items;
    for (const auto& one : insight::ready_made_questions()) {
        json::object question{{"kind", one.kind}};
        question[one.kind] = json::parse(one.question);
        items.push_back(json::object{{"id", one.id},
                                     {"title", one.title},
                                     {"title_zh", one.title_zh},
                                     {"question", std::move(question)}});
    }
    return Answer{200, page_json(std::move(items), {})};
}

}  // namespace

void add_boards(Endpoints& endpoints, insight::Boards& boards) {
    const std::string path = "/api/v1/boards", one = path + "/{id}";
    define_shapes(endpoints);
    endpoints.add("GET", "/api/v1/insights/ready-made", Permission::view, ready_made,
                  {"The questions that a bank asks first", "insights", nullptr,
                   page_schema("ReadyMadeQuestion")});
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
