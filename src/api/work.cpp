#include "api/work.hpp"

#include <memory>

#include "api/resource.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

json::object item_json(const WorkParts& parts, const work::Item& item) {
    return {{"id", item.id},
            {"kind", item.kind},
            {"title", item.title},
            {"why", item.why},
            {"figures", json::parse(item.figures)},
            {"link", item.link},
            {"subject", item.subject},
            {"assignee", item.assignee},
            {"assignee_name", item.assignee.empty() ? "" : parts.name_of_person(item.assignee)},
            {"state", item.is_done ? "done" : "open"},
            {"note", item.note},
            {"author", parts.name_of_person(item.created_by)},
            {"version", item.version},
            {"created_at", format_time(item.created_at)},
            {"created_by", item.created_by},
            {"updated_at", format_time(item.updated_at)},
            {"updated_by", item.updated_by}};
}

Result<std::optional<bool>> state_of(std::string_view text) {
    if (text.empty())
        return std::optional<bool>{};
    if (text != "open" && text != "done")
        return fail(ErrorCode::invalid, "api.body", "The state is open or done.", "/state");
    return std::optional(text == "done");
}

Result<work::ItemChange> change_of(const json::value& value) {
    Body body(value);
    work::ItemChange change;
    change.title = body.maybe_text("title");
    change.why = body.maybe_text("why");
    change.link = body.maybe_text("link");
    change.assignee = body.maybe_text("assignee");
    change.note = body.maybe_text("note");
    const auto is_done = state_of(body.maybe_text("state").value_or(""));
    body.ignore({"kind", "figures", "subject", "assignee_name", "author", "updated_by"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!is_done)
        return fail(is_done.error());
    change.is_done = *is_done;
    return change;
}

Result<Answer> answer(const WorkParts& parts, Call& call, const Result<work::Item>& made,
                      int status) {
    if (!made)
        return fail(made.error());
    set_etag(call, made->version);
    return Answer{status, item_json(parts, *made)};
}

Result<Answer> list(const WorkParts& parts, Call& call) {
    const auto page = page_of(call);
    if (!page)
        return fail(page.error());
    const auto is_done = state_of(call.query("state"));
    if (!is_done)
        return fail(is_done.error());
    work::ItemFilter filter;
    filter.is_done = *is_done;
    filter.is_mine = call.query("mine") == "true";
    filter.subject = call.query("subject");
    filter.before = page->cursor;
    filter.limit = page->limit + 1;
    auto found = parts.items.list(filter, call.who);
    std::optional<std::string> next;
    if (found.size() > page->limit) {
        found.pop_back();
        next = found.back().id;
    }
    json::array items;
    for (const auto& item : found)
        items.push_back(item_json(parts, item));
    return Answer{200, page_json(std::move(items), next)};
}

Result<Answer> create(const WorkParts& parts, Call& call) {
    const auto change = change_of(call.body);
    if (!change)
        return fail(change.error());
    return answer(parts, call, parts.items.create(*change, call.who), 201);
}

Result<Answer> get(const WorkParts& parts, Call& call) {
    return answer(parts, call, parts.items.get(call.id(), call.who), 200);
}

Result<Answer> update(const WorkParts& parts, Call& call) {
    const auto change = change_of(call.body);
    if (!change)
        return fail(change.error());
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    return answer(parts, call, parts.items.change(call.id(), *change, *version, call.who), 200);
}

Result<Answer> notices(const WorkParts& parts, Call& call) {
    const auto page = page_of(call);
    if (!page)
        return fail(page.error());
    json::array items;
    for (const auto& one :
         parts.notices.list(call.who, call.query("unread") == "true", page->limit))
        items.push_back({{"id", one.id},
                         {"kind", one.kind},
                         {"title", one.title},
                         {"figures", json::parse(one.figures)},
                         {"link", one.link},
                         {"at", format_time(one.at)},
                         {"read", one.is_read}});
    auto body = page_json(std::move(items), {}).as_object();
    body["unread"] = parts.notices.unread(call.who.id);
    return Answer{200, std::move(body)};
}

Result<Answer> read(const WorkParts& parts, Call& call) {
    if (auto done = parts.notices.mark_read(call.who.id, call.id()); !done)
        return fail(done.error());
    return Answer{204, nullptr};
}

Result<Answer> read_all(const WorkParts& parts, Call& call) {
    parts.notices.mark_all_read(call.who.id);
    return Answer{204, nullptr};
}

void define_shapes(Endpoints& endpoints) {
    // The numbers that an alert saw; none where the reader may not see them.
    endpoints.define("Figures", object_schema({{"at?", "day"},
                                               {"per?", "'day'|'week'|'month'"},
                                               {"value?", "number|null"},
                                               {"low?", "number|null"},
                                               {"high?", "number|null"}}));
    endpoints.define("WorkItem", object_schema({{"id", "string"},
                                                {"kind", "'alert'|'manual'"},
                                                {"title", "string"},
                                                {"why", "string"},
                                                {"figures", "Figures"},
                                                {"link", "string"},
                                                {"subject", "string"},
                                                {"assignee", "string"},
                                                {"assignee_name", "string"},
                                                {"state", "'open'|'done'"},
                                                {"note", "string"},
                                                {"author", "string"},
                                                {"version", "integer"},
                                                {"created_at", "time"},
                                                {"created_by", "string"},
                                                {"updated_at", "time"},
                                                {"updated_by", "string"}}));
    endpoints.define("WorkItemChange", body_schema({{"title?", "string"},
                                                    {"why?", "string"},
                                                    {"link?", "string"},
                                                    {"assignee?", "string"},
                                                    {"state?", "'open'|'done'"},
                                                    {"note?", "string"}},
                                                   {"kind", "figures", "subject", "assignee_name",
                                                    "author", "updated_by"}));
    endpoints.define("Notice", object_schema({{"id", "string"},
                                              {"kind", "'alert'"},
                                              {"title", "string"},
                                              {"figures", "Figures"},
                                              {"link", "string"},
                                              {"at", "time"},
                                              {"read", "boolean"}}));
}

}  // namespace

void add_work(Endpoints& endpoints, const WorkParts& given) {
    const auto parts = std::make_shared<const WorkParts>(given);
    using Action = Result<Answer> (*)(const WorkParts&, Call&);
    const auto as = [&](Action action) {
        return [parts, action](Call& call) { return action(*parts, call); };
    };
    const std::string path = "/api/v1/work-items", one = path + "/{id}";
    const std::string bell = "/api/v1/notices";
    define_shapes(endpoints);
    endpoints.add("GET", path, Permission::view, as(list),
                  {"What is to be done, the newest first",
                   "work",
                   nullptr,
                   page_schema("WorkItem"),
                   {"limit", "cursor", "state", "mine", "subject"}});
    endpoints.add("POST", path, Permission::edit_boards, as(create),
                  {"Give somebody something to do", "work", "WorkItemChange", created("WorkItem")});
    endpoints.add("GET", one, Permission::view, as(get),
                  {"Read a work item", "work", nullptr, "WorkItem"});
    for (const auto* method : {"PATCH", "PUT"})
        endpoints.add(method, one, Permission::view, as(update),
                      {"Assign, note or finish a work item", "work", "WorkItemChange", "WorkItem"});
    endpoints.add("GET", bell, Permission::view, as(notices),
                  {"What one is told, the newest first",
                   "work",
                   nullptr,
                   extended(page_schema("Notice"), {{"unread", "integer"}}),
                   {"limit", "unread"}});
    endpoints.add("POST", bell + "/{id}/read", Permission::view, as(read),
                  {"Mark a notice as read", "work", nullptr, no_content()});
    endpoints.add("POST", bell + "/read", Permission::view, as(read_all),
                  {"Mark all notices as read", "work", nullptr, no_content()});
}

}  // namespace qiao::api
