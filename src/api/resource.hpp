// What the handlers of /api/v1 share: reading a body with pointers, versions, pages, times.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/endpoint.hpp"
#include "base/decimal.hpp"

namespace qiao::api {

// Reads the members of a JSON object. The first wrong one is kept and told by finish(); after it
// every read gives an empty value, so that a handler reads all and asks once.
//
//     Body body(call.body);
//     const auto name = body.text("name");
//     const auto active = body.maybe_flag("active");
//     if (auto sound = body.finish(); !sound) return fail(sound.error());
//
// Errors: invalid `api.body` (no object, a missing or unknown member, a wrong type), each with its
// pointer. `at` is the pointer of the object itself where it is part of a body.
class Body {
public:
    explicit Body(const boost::json::value& value, std::string at = {});

    std::string text(std::string_view name);
    std::optional<std::string> maybe_text(std::string_view name);  // null counts as absent
    std::optional<bool> maybe_flag(std::string_view name);
    std::optional<std::int64_t> maybe_integer(std::string_view name);
    std::optional<double> maybe_number(std::string_view name);
    std::optional<Decimal> maybe_decimal(std::string_view name);  // of a number
    std::optional<Time> maybe_time(std::string_view name);        // RFC 3339
    // The member as it is; null where it is absent. For parts with readers of their own.
    const boost::json::value* member(std::string_view name);
    // Members that an answer has and a request may send back without effect, beside id, version,
    // created_at, updated_at and created_by.
    void ignore(std::initializer_list<std::string_view> names);

    Result<void> finish();  // also refuses members that nothing asked for

private:
    const boost::json::value* take(std::string_view name);
    void refuse(std::string_view name, std::string detail);

    const boost::json::object* object_ = nullptr;
    std::string at_;
    std::set<std::string, std::less<>> known_;
    std::optional<Error> error_;
};

// The version of If-Match: `"3"`; nothing where it is absent or `*`. Error: invalid `api.if_match`.
Result<std::optional<std::int64_t>> expected_version(const Call& call);
void set_etag(Call& call, std::int64_t version);

// ?limit= (1 to 500, default 50) and ?cursor=. Error: invalid `api.limit`.
struct Page {
    std::size_t limit = 50;
    std::string cursor;
};
Result<Page> page_of(const Call& call);
// {"items":[…],"next_cursor":…}.
boost::json::value page_json(boost::json::array items,
                             const std::optional<std::string>& next_cursor);

boost::json::value time_json(const std::optional<Time>& time);  // null where there is none

}  // namespace qiao::api
