#include "api/search.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "api/resource.hpp"
#include "audience/audiences.hpp"
#include "audience/vocabulary.hpp"
#include "insight/boards.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

constexpr std::size_t most_of_a_kind = 8;
constexpr std::size_t most_text_bytes = 200;

struct PageName {
    const char* zh;
    const char* en;
    const char* link;
};
constexpr std::array<PageName, 11> pages = {{
    {"今日", "Today", "/"},
    {"客户", "Customers", "/customers"},
    {"人群", "Audiences", "/audiences"},
    {"活动", "Campaigns", "/campaigns"},
    {"看板", "Boards", "/boards"},
    {"SQL 查询", "SQL queries", "/insights/sql"},
    {"数据字典", "Dictionary", "/dictionary"},
    {"隔离区", "Quarantine", "/quarantine"},
    {"导入", "Imports", "/imports"},
    {"设置", "Settings", "/settings"},
    {"审计日志", "Audit log", "/settings/audit"},
}};

// ASCII letters without case; other characters as they are.
std::string folded(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return made;
}

json::object item(std::string_view kind, std::string_view id, std::string_view name,
                  const std::string& link) {
    return {{"kind", kind}, {"id", id}, {"name", name}, {"link", link}};
}

void add_definitions(json::array& items, const dictionary::Snapshot& snapshot,
                     dictionary::Kind kind, std::string_view wanted) {
    std::size_t found = 0;
    for (const auto* definition : snapshot.all(kind)) {
        const bool fits = folded(definition->name).find(wanted) != std::string::npos ||
                          folded(definition->name_en).find(wanted) != std::string::npos ||
                          folded(definition->name_zh).find(wanted) != std::string::npos;
        if (!fits)
            continue;
        const auto& name = definition->name_zh.empty() ? definition->name : definition->name_zh;
        const auto kind_name = dictionary::name_of(kind);
        items.push_back(item(kind_name, definition->name, name,
                             "/dictionary/" + std::string(kind_name) + "s/" + definition->name));
        if (++found == most_of_a_kind)
            return;
    }
}

Result<Answer> search(const SearchParts& parts, Call& call) {
    const auto text = call.query("text");
    if (text.size() > most_text_bytes)
        return fail(ErrorCode::too_large, "search.text", "Search for at most 200 bytes.", "");
    json::array items;
    const auto wanted = folded(text);
    if (wanted.find_first_not_of(' ') == std::string::npos)
        return Answer{200, page_json({}, {})};
    for (const auto& audience :
         parts.audiences.list({std::string(text), audience::State::active, "", most_of_a_kind}))
        items.push_back(item("audience", audience.id, audience.name, "/audiences/" + audience.id));
    const auto vocabulary = parts.vocabularies.current();
    add_definitions(items, vocabulary.dictionary(), dictionary::Kind::event, wanted);
    add_definitions(items, vocabulary.dictionary(), dictionary::Kind::tag, wanted);
    for (const auto& board : parts.boards.list(call.who))
        if (folded(board.name).find(wanted) != std::string::npos)
            items.push_back(item("board", board.id, board.name, "/boards/" + board.id));
    for (const auto& page : pages)
        if (std::string_view(page.zh).find(text) != std::string_view::npos ||
            folded(page.en).find(wanted) != std::string::npos)
            items.push_back(item("page", page.link, page.zh, page.link));
    for (const auto& provider : parts.more)
        for (auto& found : provider(text, most_of_a_kind, call.who))
            items.push_back(std::move(found));
    return Answer{200, page_json(std::move(items), {})};
}

}  // namespace

void add_search(Endpoints& endpoints, SearchParts given) {
    const auto parts = std::make_shared<const SearchParts>(std::move(given));
    endpoints.define("SearchHit", object_schema({{"kind",
                                                  "'audience'|'campaign'|'event'|'tag'|'board'|"
                                                  "'page'|'customer'"},
                                                 {"id", "string"},
                                                 {"name", "string"},
                                                 {"link", "string"}}));
    endpoints.add(
        "GET", "/api/v1/search", Permission::view,
        [parts](Call& call) { return search(*parts, call); },
        {"Find anything by its name", "search", nullptr, page_schema("SearchHit"), {"text"}});
}

}  // namespace qiao::api
