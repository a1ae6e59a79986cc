#include "api/campaigns.hpp"

#include <memory>

#include "api/campaign_reports.hpp"
#include "api/resource.hpp"
#include "api/shapes.hpp"
#include "engage/campaigns.hpp"
#include "engage/launcher.hpp"
#include "engage/message.hpp"
#include "engage/report.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;
using engage::CampaignVerb;

constexpr std::size_t preview_people = 5;

void tell_changed(const CampaignParts& parts, std::string_view id) {
    if (parts.changed)
        parts.changed(id);
}

Answer answer(const CampaignParts& parts, Call& call, const engage::Campaign& campaign,
              int status) {
    set_etag(call, campaign.version);
    return Answer{status, campaign_json(parts, campaign, call.who)};
}

Result<Answer> list(const CampaignParts& parts, Call& call) {
    const auto page = page_of(call);
    if (!page)
        return fail(page.error());
    engage::CampaignFilter filter{std::string(call.query("text")), std::nullopt, page->cursor,
                                  page->limit + 1};
    if (const auto name = call.query("state"); !name.empty()) {
        const auto state = engage::campaign_state(name);
        if (!state)
            return fail(state.error());
        filter.state = *state;
    }
    auto found = parts.campaigns.list(filter, call.who);
    std::optional<std::string> next;
    if (found.size() > page->limit) {
        found.resize(page->limit);
        next = found.back().id;
    }
    json::array items;
    for (const auto& campaign : found)
        items.push_back(campaign_json(parts, campaign, call.who));
    return Answer{200, page_json(std::move(items), next)};
}

Result<Answer> get(const CampaignParts& parts, Call& call) {
    const auto found = parts.campaigns.get(call.id(), call.who);
    if (!found)
        return fail(found.error());
    return answer(parts, call, *found, 200);
}

Result<Answer> create(const CampaignParts& parts, Call& call) {
    const auto draft = engage::parse_draft(call.body);
    if (!draft)
        return fail(draft.error());
    const auto made = parts.campaigns.create(*draft, call.who);
    if (!made)
        return fail(made.error());
    return answer(parts, call, *made, 201);
}

Result<Answer> save(const CampaignParts& parts, Call& call, const json::value& body) {
    const auto draft = engage::parse_draft(body);
    if (!draft)
        return fail(draft.error());
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    const auto made = parts.campaigns.edit(call.id(), *draft, version->value_or(0), call.who);
    if (!made)
        return fail(made.error());
    tell_changed(parts, made->id);
    return answer(parts, call, *made, 200);
}

Result<Answer> replace(const CampaignParts& parts, Call& call) {
    return save(parts, call, call.body);
}

// Members that are given replace those of the draft, each as a whole.
Result<Answer> patch(const CampaignParts& parts, Call& call) {
    const auto found = parts.campaigns.get(call.id(), call.who);
    if (!found)
        return fail(found.error());
    if (!call.body.is_object())
        return fail(ErrorCode::invalid, "api.body", "The body is a JSON object.");
    auto merged = engage::to_json(found->draft);
    for (const auto& [name, value] : call.body.get_object())
        merged[name] = value;
    return save(parts, call, merged);
}

Result<Answer> remove(const CampaignParts& parts, Call& call) {
    if (auto done = parts.campaigns.remove(call.id(), call.who); !done)
        return fail(done.error());
    tell_changed(parts, call.id());
    return Answer{204, nullptr};
}

Result<Answer> clone(const CampaignParts& parts, Call& call) {
    std::string name;
    if (call.body.is_object()) {
        Body body(call.body);
        name = body.maybe_text("name").value_or("");
        if (auto sound = body.finish(); !sound)
            return fail(sound.error());
    }
    const auto made = parts.campaigns.clone(call.id(), std::move(name), call.who);
    if (!made)
        return fail(made.error());
    return answer(parts, call, *made, 201);
}

Result<engage::Campaign> carry_out(const CampaignParts& parts, Call& call, CampaignVerb verb,
                                   std::string_view reason = {}) {
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    auto made = parts.campaigns.act(call.id(), verb, reason, version->value_or(0), call.who);
    if (!made)
        return made;
    tell_changed(parts, made->id);
    return made;
}

template <CampaignVerb verb>
Result<Answer> act(const CampaignParts& parts, Call& call) {
    const auto made = carry_out(parts, call, verb);
    if (!made)
        return fail(made.error());
    parts.launcher.kick();
    return answer(parts, call, *made, 200);
}

Result<Answer> reject(const CampaignParts& parts, Call& call) {
    Body body(call.body);
    const auto reason = body.text("reason");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (reason.empty())
        return fail(ErrorCode::unprocessable, "campaign.no_reason",
                    "Say why, so that the author knows what to change.", "/reason");
    const auto made = carry_out(parts, call, CampaignVerb::reject, reason);
    if (!made)
        return fail(made.error());
    return answer(parts, call, *made, 200);
}

Result<Answer> launch(const CampaignParts& parts, Call& call) {
    const auto found = parts.campaigns.get(call.id(), call.who);
    if (!found)
        return fail(found.error());
    const auto will_enter = parts.launcher.will_enter(*found);
    if (!will_enter)
        return fail(will_enter.error());
    const auto made = carry_out(parts, call, CampaignVerb::launch);
    if (!made)
        return fail(made.error());
    parts.launcher.kick();
    auto answered = answer(parts, call, *made, 200);
    answered.body.as_object()["will_enter"] = *will_enter;
    return answered;
}

json::object problem_json(const Error& error) {
    return {{"pointer", error.pointer}, {"code", error.reason}, {"detail", error.detail}};
}

json::object preview_json(const engage::MessagePreview& preview) {
    const auto& message = preview.message;
    return {{"customer", format_profile(preview.customer)},
            {"name", preview.name.empty() ? json::value(nullptr) : json::value(preview.name)},
            {"message",
             {{"subject", message.subject},
              {"title", message.title},
              {"body", message.body},
              {"link", message.link},
              {"language", message.language}}}};
}

// Without a channel: the one whose heading is written.
action::ChannelKind likely_channel(const engage::MessageDraft& message) {
    return message.subject.empty() ? action::ChannelKind::inbox : action::ChannelKind::email;
}

Result<std::string> rule_to_preview(const CampaignParts& parts, const json::value* audience,
                                    engage::CampaignDraft draft) {
    const auto* object = audience ? audience->if_object() : nullptr;
    const auto* id = object ? object->if_contains("id") : nullptr;
    const auto* rule = object ? object->if_contains("rule") : nullptr;
    if (id && id->is_string() && !id->get_string().empty()) {
        draft.audience = id->get_string();
        return parts.campaigns.rule_of(draft);
    }
    return rule && !rule->is_null() ? json::serialize(*rule) : std::string{};
}

Result<Answer> lint(const CampaignParts& parts, Call& call) {
    Body body(call.body);
    const auto* message = body.member("message");
    const auto* audience = body.member("audience");
    const auto channel_name = body.maybe_text("channel");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    std::optional<action::ChannelKind> channel;
    if (channel_name) {
        const auto kind = action::channel_kind(*channel_name);
        if (!kind)
            return fail(kind.error());
        channel = *kind;
    }
    // The message is read as a part of a draft whose other members are sound.
    const auto draft =
        engage::parse_draft(json::object{{"name", "lint"},
                                         {"audience", {{"rule", {{"all", json::array{}}}}}},
                                         {"message", message ? *message : json::value(nullptr)}});
    if (!draft)
        return Answer{200, json::object{{"problems", json::array{problem_json(draft.error())}},
                                        {"previews", json::array{}}}};
    json::array problems, previews;
    for (const auto& problem : parts.messages.problems(draft->message, channel))
        problems.push_back(problem_json(problem));
    const auto rule = rule_to_preview(parts, audience, *draft);
    if (!rule)
        return fail(rule.error());
    if (!rule->empty() && call.who.may(Permission::view_customers)) {
        const auto made = parts.messages.previews(draft->message,
                                                  channel.value_or(likely_channel(draft->message)),
                                                  *rule, preview_people, call.who);
        if (!made)
            return fail(made.error());
        for (const auto& preview : *made)
            previews.push_back(preview_json(preview));
    }
    return Answer{
        200, json::object{{"problems", std::move(problems)}, {"previews", std::move(previews)}}};
}

}  // namespace

json::object campaign_json(const CampaignParts& parts, const engage::Campaign& campaign,
                           const access::Principal& who) {
    auto object = engage::to_json(campaign);
    // A count that takes too long leaves the list without it, not without the campaign.
    const auto progress = parts.reports.progress(campaign, who).value_or(engage::Progress{});
    object["progress"] = json::object{{"planned", progress.planned},
                                      {"sent", progress.sent},
                                      {"suppressed", progress.suppressed},
                                      {"failed", progress.failed}};
    return object;
}

void add_campaigns(Endpoints& endpoints, const CampaignParts& given) {
    const auto parts = std::make_shared<const CampaignParts>(given);
    using Action = Result<Answer> (*)(const CampaignParts&, Call&);
    const auto add = [&](const char* method, const std::string& path, Permission permission,
                         Action action, const char* summary, RequestShape request,
                         AnswerShapes answers, std::vector<QueryParameter> query = {}) {
        endpoints.add(
            method, "/api/v1/campaigns" + path, permission,
            [parts, action](Call& call) { return action(*parts, call); },
            {summary, "campaigns", std::move(request), std::move(answers), std::move(query)});
    };
    constexpr auto view = Permission::view, edit = Permission::edit_campaigns,
                   approve = Permission::approve_campaigns;
    const auto move = [&](const char* path, Permission permission, Action action,
                          const char* summary) {
        add("POST", path, permission, action, summary, nullptr, "Campaign");
    };
    define_campaigns(endpoints);
    add("GET", "", view, list, "List the campaigns, newest first", nullptr, page_schema("Campaign"),
        {"text", {"state", "CampaignState"}, "limit", "cursor"});
    add("POST", "", edit, create, "Write a campaign", "CampaignDraft", created("Campaign"));
    add("POST", "/lint", edit, lint, "Check a message and show it on real members", "LintQuestion",
        "CampaignLint");
    add("GET", "/{id}", view, get, "Read a campaign", nullptr, "Campaign");
    add("PUT", "/{id}", edit, replace, "Change a campaign; takes its approval back",
        "CampaignDraft", "Campaign");
    add("PATCH", "/{id}", edit, patch, "Change a campaign; takes its approval back",
        "CampaignChange", "Campaign");
    add("DELETE", "/{id}", edit, remove, "Delete a draft", nullptr, no_content());
    add("POST", "/{id}/clone", edit, clone, "Copy a campaign as a draft", optional_body("NewName"),
        created("Campaign"));
    move("/{id}/submit", edit, act<CampaignVerb::submit>, "Ask for approval");
    move("/{id}/withdraw", edit, act<CampaignVerb::withdraw>, "Take it back into a draft");
    move("/{id}/approve", approve, act<CampaignVerb::approve>, "Approve it, as a second person");
    add("POST", "/{id}/reject", approve, reject, "Send it back with a reason", "Reject",
        "Campaign");
    add("POST", "/{id}/launch", edit, launch, "Launch it, now or at its time", nullptr,
        "LaunchedCampaign");
    move("/{id}/pause", edit, act<CampaignVerb::pause>, "Hold its messages");
    move("/{id}/resume", edit, act<CampaignVerb::resume>, "Let its messages go on");
    move("/{id}/stop", edit, act<CampaignVerb::stop>, "End it for good");
    add("GET", "/{id}/report", view, campaign_report, "How it went", nullptr, "CampaignReport");
    add("GET", "/{id}/report.csv", view, campaign_report_csv, "How it went, as a table", nullptr,
        csv_table());
    add("GET", "/{id}/people", Permission::view_customers, campaign_people,
        "The people behind a number", nullptr, "CountedMembers",
        {{"set", "PeopleSet"}, "reason", "limit", "cursor"});
}

}  // namespace qiao::api
