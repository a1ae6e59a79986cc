#include "api/audiences.hpp"

#include <memory>

#include "access/audit.hpp"
#include "api/audience_answers.hpp"
#include "api/resource.hpp"
#include "api/shapes.hpp"
#include "audience/audiences.hpp"
#include "audience/explanation.hpp"
#include "audience/preview.hpp"
#include "audience/realtime_control.hpp"
#include "audience/refresher.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;
using audience::Refresh;
using audience::State;

std::optional<std::string> rule_text(Body& body, std::string_view name) {
    const auto* rule = body.member(name);
    if (!rule || rule->is_null())
        return std::nullopt;
    return json::serialize(*rule);
}

// After a change: the shards take over a real-time audience, a scheduled one gets its first
// members. What cannot be done at once goes on by itself, so that the change stands in any case.
void bring_up_to_date(const AudienceParts& parts, const audience::Audience& made) {
    if (made.refresh == Refresh::realtime || made.version > 1)
        (void)parts.control.reconcile();
    if (made.state == State::active)
        (void)parts.refresher.refresh(made.id);
}

Result<Answer> answer(const AudienceParts& parts, Call& call, std::string_view id, int status) {
    auto found = parts.audiences.get(id);
    if (!found)
        return fail(found.error());
    set_etag(call, found->version);
    return Answer{status, audience_json(parts, *found)};
}

Result<Answer> list(const AudienceParts& parts, Call& call) {
    const auto page = page_of(call);
    if (!page)
        return fail(page.error());
    audience::Filter filter{std::string(call.query("text")), std::nullopt, page->cursor,
                            page->limit + 1};
    if (const auto state = call.query("state"); !state.empty())
        filter.state = state == name_of(State::archived) ? State::archived : State::active;
    auto found = parts.audiences.list(filter);
    std::optional<std::string> next;
    if (found.size() > page->limit) {
        found.resize(page->limit);
        next = found.back().id;
    }
    json::array items;
    for (const auto& item : found)
        items.push_back(audience_json(parts, item));
    return Answer{200, page_json(std::move(items), next)};
}

Result<Answer> create(const AudienceParts& parts, Call& call) {
    Body body(call.body);
    audience::Draft draft;
    draft.name = body.text("name");
    draft.description = body.maybe_text("description").value_or("");
    const auto refresh = body.maybe_text("refresh").value_or("manual");
    const auto rule = rule_text(body, "rule");
    body.ignore({"state", "count", "share", "computed_at", "used_by", "fixed"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!rule)
        return fail(ErrorCode::invalid, "api.body", "The rule is missing.", "/rule");
    auto parsed = audience::refresh_of_name(refresh);
    if (!parsed)
        return fail(parsed.error());
    draft.rule = *rule;
    draft.refresh = *parsed;
    const auto made = parts.audiences.create(draft, call.who);
    if (!made)
        return fail(made.error());
    bring_up_to_date(parts, *made);
    return answer(parts, call, made->id, 201);
}

Result<State> state_of(std::string_view name) {
    if (name == name_of(State::active))
        return State::active;
    if (name == name_of(State::archived))
        return State::archived;
    return fail(ErrorCode::invalid, "audience.state", "The state is active or archived.", "/state");
}

Result<Answer> change_by(const AudienceParts& parts, Call& call, const audience::Change& change) {
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    const auto made = parts.audiences.change(call.id(), change, version->value_or(0), call.who);
    if (!made)
        return fail(made.error());
    bring_up_to_date(parts, *made);
    return answer(parts, call, made->id, 200);
}

Result<Answer> update(const AudienceParts& parts, Call& call) {
    Body body(call.body);
    audience::Change change;
    change.name = body.maybe_text("name");
    change.description = body.maybe_text("description");
    change.rule = rule_text(body, "rule");
    const auto refresh = body.maybe_text("refresh");
    const auto state = body.maybe_text("state");
    body.ignore({"count", "share", "computed_at", "used_by", "fixed", "updated_by"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (refresh) {
        auto parsed = audience::refresh_of_name(*refresh);
        if (!parsed)
            return fail(parsed.error());
        change.refresh = *parsed;
    }
    if (state) {
        auto parsed = state_of(*state);
        if (!parsed)
            return fail(parsed.error());
        change.state = *parsed;
    }
    return change_by(parts, call, change);
}

Result<Answer> archive(const AudienceParts& parts, Call& call) {
    audience::Change change;
    change.state = State::archived;
    return change_by(parts, call, change);
}

Result<Answer> remove(const AudienceParts& parts, Call& call) {
    auto archived = archive(parts, call);
    if (!archived)
        return archived;
    return Answer{204, nullptr};
}

Result<Answer> clone(const AudienceParts& parts, Call& call) {
    std::string name;
    if (call.body.is_object()) {
        Body body(call.body);
        name = body.maybe_text("name").value_or("");
        if (auto sound = body.finish(); !sound)
            return fail(sound.error());
    }
    const auto made = parts.audiences.clone(call.id(), std::move(name), call.who);
    if (!made)
        return fail(made.error());
    bring_up_to_date(parts, *made);
    return answer(parts, call, made->id, 201);
}

Result<Answer> refresh(const AudienceParts& parts, Call& call) {
    if (auto done = parts.refresher.refresh(call.id()); !done)
        return fail(done.error());
    return answer(parts, call, call.id(), 200);
}

Result<Answer> versions(const AudienceParts& parts, Call& call) {
    const auto found = parts.audiences.versions(call.id());
    if (!found)
        return fail(found.error());
    json::array items;
    for (const auto& version : *found)
        items.push_back(version_json(version));
    return Answer{200, page_json(std::move(items), {})};
}

Result<Answer> history(const AudienceParts& parts, Call& call) {
    const auto found = parts.audiences.history(call.id(), 1000);
    if (!found)
        return fail(found.error());
    json::array points;
    for (const auto& point : *found)
        points.push_back(json::object{
            {"at", format_time(point.at)}, {"count", point.count}, {"total", point.total}});
    return Answer{200, json::object{{"points", std::move(points)}}};
}

Result<Answer> preview(const AudienceParts& parts, Call& call) {
    Body body(call.body);
    audience::Question question;
    const auto rule = rule_text(body, "rule");
    question.as_of = body.maybe_time("as_of");
    question.fresh = body.maybe_flag("fresh").value_or(false);
    question.parts = body.maybe_flag("parts").value_or(false);
    const auto sample = body.maybe_integer("sample_size").value_or(5);
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!rule)
        return fail(ErrorCode::invalid, "api.body", "The rule is missing.", "/rule");
    if (sample < 0)
        return fail(ErrorCode::invalid, "api.body", "A size is 0 or more.", "/sample_size");
    question.rule = *rule;
    question.sample_size =
        call.who.may(Permission::view_customers) ? static_cast<std::size_t>(sample) : 0;
    const auto answered = parts.preview.ask(question, call.who);
    if (!answered)
        return fail(answered.error());
    return Answer{200, preview_json(*answered)};
}

Result<Answer> members(const AudienceParts& parts, Call& call) {
    const auto found = parts.audiences.get(call.id());
    if (!found)
        return fail(found.error());
    if (call.query("fresh") == "true")
        if (auto fresh = parts.evaluation.wait_fresh(); !fresh)
            return fail(fresh.error());
    auto evaluated = parts.evaluation.evaluate(found->rule, "/rule", call.now, call.who);
    if (!evaluated)
        return fail(evaluated.error());
    parts.audit.add(call.who, {"audience.members_read", found->id, found->name});
    const auto accept = call.request.header("accept");
    return stream_members(std::move(*evaluated), call.who, accept.find("csv") != accept.npos);
}

Result<Answer> explain(const AudienceParts& parts, Call& call) {
    const auto profile = parse_profile(call.id());
    if (!profile)
        return fail(profile.error());
    const auto found = parts.audiences.get(call.query("audience"));
    if (!found)
        return fail(found.error());
    if (auto fresh = parts.evaluation.wait_fresh(); !fresh)
        return fail(fresh.error());
    auto resolved = parts.evaluation.vocabularies().resolve(found->rule, "");
    if (!resolved)
        return fail(resolved.error());
    const auto snapshot = parts.evaluation.snapshot();
    const auto dense = parts.evaluation.find(*snapshot, *profile);
    const auto seen = parts.evaluation.within_scope(rule::Node{rule::All{}, ""}, call.who);
    if (!dense || !parts.evaluation.plan(seen, snapshot, call.now).holds(*dense))
        return fail(ErrorCode::not_found, "customer.not_found",
                    "There is no such customer, or it belongs to another unit.");
    const auto explained = parts.evaluation.plan(*resolved, snapshot, call.now).explain(*dense);
    const auto tree = audience::explain_json(*resolved, explained, wording_of(parts),
                                             call.query("language") == "en");
    return Answer{200,
                  json::object{{"member", explained.holds},
                               {"audience", json::object{{"id", found->id}, {"name", found->name}}},
                               {"rule", merged_with_rule(json::parse(found->rule), tree)}}};
}

}  // namespace

void add_audiences(Endpoints& endpoints, const AudienceParts& given) {
    const auto parts = std::make_shared<const AudienceParts>(given);
    using Action = Result<Answer> (*)(const AudienceParts&, Call&);
    const auto add = [&](const char* method, const std::string& path, Permission permission,
                         Action action, const char* summary, RequestShape request,
                         AnswerShapes answers, std::vector<QueryParameter> query = {}) {
        endpoints.add(
            method, "/api/v1" + path, permission,
            [parts, action](Call& call) { return action(*parts, call); },
            {summary, "audiences", std::move(request), std::move(answers), std::move(query)});
    };
    const auto view = Permission::view, customers = Permission::view_customers;
    const auto edit = Permission::edit_audiences;
    const auto read = [](const AudienceParts& p, Call& call) {
        return answer(p, call, call.id(), 200);
    };
    define_audiences(endpoints);
    add("GET", "/audiences", view, list, "List the audiences", nullptr, page_schema("Audience"),
        {"text", {"state", "AudienceState"}, "limit", "cursor"});
    add("POST", "/audiences", edit, create, "Create an audience", "NewAudience",
        created("Audience"));
    add("POST", "/audiences/preview", view, preview, "Count who fits a rule", "AudienceQuestion",
        "AudiencePreview");
    add("GET", "/audiences/vocabulary", view, vocabulary, "What a rule may name", nullptr,
        "Vocabulary");
    add("GET", "/audiences/{id}", view, read, "Read an audience", nullptr, "Audience");
    for (const auto* method : {"PATCH", "PUT"})
        add(method, "/audiences/{id}", edit, update, "Change an audience", "AudienceChange",
            "Audience");
    add("DELETE", "/audiences/{id}", edit, remove, "Archive an audience", nullptr, no_content());
    add("POST", "/audiences/{id}/clone", edit, clone, "Copy an audience, without members",
        optional_body("NewName"), created("Audience"));
    add("POST", "/audiences/{id}/archive", edit, archive, "Archive an audience", nullptr,
        "Audience");
    add("POST", "/audiences/{id}/refresh", edit, refresh, "Compute the members now", nullptr,
        "Audience");
    add("GET", "/audiences/{id}/versions", view, versions, "Who changed what and when", nullptr,
        page_schema("AudienceVersion"));
    add("GET", "/audiences/{id}/history", view, history, "How the count went", nullptr,
        object_schema({{"points", "CountPoint[]"}}));
    add("GET", "/audiences/{id}/members", customers, members,
        "Stream the members as NDJSON or CSV, by Accept", nullptr,
        lines("MemberLine") | csv_table(), {{"fresh", "'true'"}});
    add("GET", "/customers/{id}/explain", customers, explain,
        "Why a customer is in or not in an audience", nullptr, "Explanation",
        {"audience", {"language", "Language"}});
}

}  // namespace qiao::api
