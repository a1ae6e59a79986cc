// Resources of things that lie on days and that the whole bank shares: listed by ?from= and ?to=,
// read, entered, changed with If-Match, and removed.
#pragma once

#include <functional>
#include <memory>

#include "api/insights.hpp"
#include "api/resource.hpp"

namespace qiao::api {

struct DatedTexts {
    std::string path;  // "/api/v1/annotations"
    const char *tag, *shape, *change_shape;
    const char *list, *create, *read, *change, *remove;  // summaries
};

// `Book` has list(from, to), get, create, change and remove; a `Thing` has an id, a version, and
// who made and changed it when.
template <class Book, class Thing, class Change>
class DatedApi {
public:
    struct Parts {
        Book& book;
        std::function<std::string(std::string_view id)> name_of_person;
        Result<Change> (*change_of)(const boost::json::value& body);
        boost::json::object (*own_members)(const Thing& one);
    };
    explicit DatedApi(Parts parts) : parts_(std::move(parts)) {}

    Result<Answer> list(Call& call) const {
        const auto from = day_in(call, "from", INT32_MIN), to = day_in(call, "to", INT32_MAX);
        if (!from)
            return fail(from.error());
        if (!to)
            return fail(to.error());
        boost::json::array items;
        for (const auto& one : parts_.book.list(*from, *to))
            items.push_back(shown(one));
        return Answer{200, page_json(std::move(items), {})};
    }
    Result<Answer> get(Call& call) const { return answer(call, parts_.book.get(call.id()), 200); }
    Result<Answer> create(Call& call) const {
        const auto change = parts_.change_of(call.body);
        if (!change)
            return fail(change.error());
        return answer(call, parts_.book.create(*change, call.who), 201);
    }
    Result<Answer> update(Call& call) const {
        const auto change = parts_.change_of(call.body);
        if (!change)
            return fail(change.error());
        const auto version = expected_version(call);
        if (!version)
            return fail(version.error());
        return answer(call, parts_.book.change(call.id(), *change, *version, call.who), 200);
    }
    Result<Answer> remove(Call& call) const {
        if (auto done = parts_.book.remove(call.id(), call.who); !done)
            return fail(done.error());
        return Answer{204, nullptr};
    }

private:
    boost::json::object shown(const Thing& one) const {
        auto made = parts_.own_members(one);
        made["id"] = one.id;
        made["author"] = parts_.name_of_person(one.created_by);
        made["version"] = one.version;
        made["created_at"] = format_time(one.created_at);
        made["created_by"] = one.created_by;
        made["updated_at"] = format_time(one.updated_at);
        made["updated_by"] = one.updated_by;
        return made;
    }
    Result<Answer> answer(Call& call, const Result<Thing>& made, int status) const {
        if (!made)
            return fail(made.error());
        set_etag(call, made->version);
        return Answer{status, shown(*made)};
    }

    Parts parts_;
};

template <class Book, class Thing, class Change>
void add_dated(Endpoints& endpoints, const DatedTexts& texts,
               typename DatedApi<Book, Thing, Change>::Parts parts) {
    using access::Permission;
    const auto api = std::make_shared<const DatedApi<Book, Thing, Change>>(std::move(parts));
    const std::string one = texts.path + "/{id}";
    endpoints.add("GET", texts.path, Permission::view,
                  [api](Call& call) { return api->list(call); },
                  {texts.list, texts.tag, nullptr, page_schema(texts.shape), {"from", "to"}});
    endpoints.add("POST", texts.path, Permission::edit_boards,
                  [api](Call& call) { return api->create(call); },
                  {texts.create, texts.tag, texts.change_shape, created(texts.shape)});
    endpoints.add("GET", one, Permission::view, [api](Call& call) { return api->get(call); },
                  {texts.read, texts.tag, nullptr, texts.shape});
    for (const auto* method : {"PATCH", "PUT"})
        endpoints.add(method, one, Permission::edit_boards,
                      [api](Call& call) { return api->update(call); },
                      {texts.change, texts.tag, texts.change_shape, texts.shape});
    endpoints.add("DELETE", one, Permission::edit_boards,
                  [api](Call& call) { return api->remove(call); },
                  {texts.remove, texts.tag, nullptr, no_content()});
}

}  // namespace qiao::api
