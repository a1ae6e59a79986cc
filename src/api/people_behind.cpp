#include "api/people_behind.hpp"

#include <memory>

#include "access/audit.hpp"
#include "api/audience_answers.hpp"
#include "api/people_page.hpp"
#include "audience/audiences.hpp"
#include "audience/fixed_audiences.hpp"
#include "audience/people_cards.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

constexpr std::int64_t usual_limit = 50, most_on_a_page = 500;

// `asked` holds one question, named by its kind, and what selects of its answer; `body` reads it
// and has given what else it may hold.
Result<audience::Evaluated> people_behind(const InsightParts& parts, const json::value& asked,
                                          Body& body, const access::Principal& who) {
    const auto* object = asked.if_object();
    for (const auto* kind : insight_kinds()) {
        if (!object || !kind->people || !object->contains(kind->name))
            continue;
        body.member(kind->name);
        return kind->people(parts, object->at(kind->name), "/" + std::string(kind->name), body,
                            who);
    }
    return fail(ErrorCode::invalid, "api.body",
                "The question is missing; name it by its kind, such as \"metric\".", "/metric");
}

Result<Answer> list(const InsightParts& parts, Call& call) {
    Body body(call.body);
    const auto limit = body.maybe_integer("limit").value_or(usual_limit);
    const auto cursor = body.maybe_text("cursor").value_or("");
    if (limit < 1 || limit > most_on_a_page)
        return fail(ErrorCode::invalid, "api.limit", "The limit is from 1 to 500.", "/limit");
    auto found = people_behind(parts, call.body, body, call.who);
    if (!found)
        return fail(found.error());
    const auto count = std::to_string(found->members.count());
    if (const auto file = people_file(call); file != PeopleFile::none) {
        parts.audit.add(call.who,
                        {"insight.people_exported", "", count + " people behind a number"});
        return stream_members(std::move(*found), call.who, file == PeopleFile::csv);
    }
    auto page =
        people_page(parts.cards, *found, {static_cast<std::size_t>(limit), cursor}, call.who);
    if (!page)
        return fail(page.error());
    parts.audit.add(call.who, {"insight.people_read", "", "people behind a number"});
    return Answer{200, std::move(*page)};
}

// The question and what selects of it, without what is about pages.
std::string question_text(const json::value& asked) {
    json::object question = asked.as_object();
    question.erase("limit");
    question.erase("cursor");
    return json::serialize(question);
}

Result<audience::Evaluated> people_to_keep(const InsightParts& parts, const json::value& asked,
                                           const access::Principal& who) {
    Body body(asked);
    body.ignore({"limit", "cursor"});
    auto found = people_behind(parts, asked, body, who);
    if (found)
        return found;
    auto error = found.error();
    error.pointer = "/people" + error.pointer;
    return fail(std::move(error));
}

Result<Answer> keep(const InsightParts& questions, const AudienceParts& audiences, Call& call) {
    Body body(call.body);
    audience::FixedAudiences::Request request;
    request.name = body.text("name");
    request.description = body.maybe_text("description").value_or("");
    const auto* asked = body.member("people");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    const auto found = people_to_keep(questions, asked ? *asked : json::value(), call.who);
    if (!found)
        return fail(found.error());
    request.question = question_text(*asked);
    const auto made = audiences.fixed.keep(request, *found, call.who);
    if (!made)
        return fail(made.error());
    // It has been counted meanwhile, where it is small.
    const auto shown = audiences.audiences.get(made->id);
    if (!shown)
        return fail(shown.error());
    set_etag(call, shown->version);
    return Answer{201, audience_json(audiences, *shown)};
}

}  // namespace

void add_people_behind(Endpoints& endpoints, const InsightParts& given) {
    const auto parts = std::make_shared<const InsightParts>(given);
    endpoints.add(
        "POST", "/api/v1/insights/people", Permission::view_customers,
        watched(parts->asking, [parts](Call& call) { return list(*parts, call); }),
        {"The people behind a number; all of them as CSV or NDJSON, by Accept", "insights",
         "PeopleQuestion", AnswerShapes("CountedMembers") | lines("MemberLine") | csv_table()});
}

void add_fixed_audiences(Endpoints& endpoints, const InsightParts& questions,
                         const AudienceParts& audiences) {
    const auto asked = std::make_shared<const InsightParts>(questions);
    const auto kept = std::make_shared<const AudienceParts>(audiences);
    endpoints.add("POST", "/api/v1/audiences/fixed", Permission::edit_audiences,
                  [asked, kept](Call& call) { return keep(*asked, *kept, call); },
                  {"Keep the people behind a number, as they are now, as an audience", "audiences",
                   "NewFixedAudience", created("Audience")});
}

}  // namespace qiao::api
