// The shapes of requests and answers, written beside the handlers that read and make them.
//
// A shape is written like a type of TypeScript, and is JSON Schema 2020-12 in /openapi.json:
//
//     endpoints.define("Board", object_schema({{"id", "string"},
//                                              {"tiles", "Tile[]"},
//                                              {"chart", "'line'|'bar'"},
//                                              {"updated_at", "time"},
//                                              {"note?", "string|null"}}));
//
// Words: string, time (RFC 3339), day (2026-10-01), integer, number, boolean, null, any; 'line' is
// that very text; Board is the shape defined under that name, wherever that is; [] makes a list,
// | means or. A member whose name ends in "?" may be absent. Objects are closed: the text cases
// refuse an answer, and an accepted request, that the document does not describe exactly.
#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace qiao::api {

class Schema {
public:
    Schema(const char* words);  // a mistake in them is a bug: check()
    Schema(const std::string& words);
    explicit Schema(boost::json::value json) : json_(std::move(json)) {}

    const boost::json::value& json() const { return json_; }

private:
    boost::json::value json_;
};

struct Member {
    std::string_view name;
    Schema schema;
};
using Members = std::initializer_list<Member>;

Schema object_schema(Members members);
// A shape with more members; `base` is an object's. What a body ignored may be read by this one.
Schema extended(const Schema& base, Members more);
// What `Body` reads: a null counts as absent, and the members that an answer has and a request may
// send back without effect are accepted: id, version, created_at, updated_at, created_by and those
// of `ignored`.
Schema body_schema(Members members, const std::vector<std::string_view>& ignored = {});
Schema list_schema(const Schema& item);
Schema page_schema(const Schema& item);  // {"items":[…],"next_cursor":…}
Schema map_schema(const Schema& value);  // any names, each with such a value
Schema tuple_schema(std::initializer_list<Schema> items);
Schema either(std::initializer_list<Schema> schemas);  // exactly one of them
Schema words_schema(const std::vector<std::string>& words);

// The body of a request. From a shape: JSON that must be there. From nullptr: none.
struct RequestShape {
    RequestShape(std::nullptr_t = nullptr) {}
    RequestShape(Schema given) : schema(std::move(given)), types{"application/json"} {}
    RequestShape(const char* words) : RequestShape(Schema(words)) {}

    Schema schema = "any";
    std::vector<std::string> types = {};  // media types; empty where there is no body
    bool is_required = true;
    bool is_file = false;  // Call::body stays null, the handler reads the request's own
};
RequestShape optional_body(Schema schema);
RequestShape file_body(std::vector<std::string> types);

// The answers of an endpoint when all goes well, by status; refusals are the same everywhere. From
// a shape: 200 with it.
class AnswerShapes {
public:
    struct One {
        int status;
        std::string type;  // media type; empty where there is no body
        Schema schema;
    };
    AnswerShapes(Schema schema);
    AnswerShapes(const char* words) : AnswerShapes(Schema(words)) {}
    explicit AnswerShapes(One one) { all_.push_back(std::move(one)); }

    AnswerShapes operator|(const AnswerShapes& other) const;
    const std::vector<One>& all() const { return all_; }

private:
    std::vector<One> all_;
};
AnswerShapes created(Schema schema);   // 201
AnswerShapes accepted(Schema schema);  // 202
AnswerShapes no_content();             // 204
AnswerShapes lines(Schema schema);     // 200, NDJSON: one such value in each line
AnswerShapes csv_table();              // 200, CSV

}  // namespace qiao::api
