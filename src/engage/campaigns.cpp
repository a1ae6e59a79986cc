#include "engage/campaigns.hpp"

#include <boost/json.hpp>

#include "audience/audiences.hpp"
#include "engage/campaigns_sql.hpp"
#include "insight/question.hpp"

namespace qiao::engage {

namespace json = boost::json;

namespace {

constexpr std::string_view control_queue = "engage.control";
constexpr std::string_view policy_name = "contact_policy";
constexpr auto publish_patience = std::chrono::seconds(20);

tl::unexpected<Error> not_found() {
    return fail(ErrorCode::not_found, "campaign.not_found",
                "there is no such campaign, or it is another unit's");
}

CampaignConfig config_of(const Campaign& campaign) {
    CampaignConfig config;
    config.id = campaign.id;
    config.version = campaign.version;
    config.state = is_over(campaign.state)                    ? CampaignConfig::State::ended
                   : campaign.state == CampaignState::running ? CampaignConfig::State::running
                                                              : CampaignConfig::State::paused;
    config.channel = campaign.draft.channel;
    config.purpose = campaign.draft.purpose;
    config.is_exempt = campaign.draft.is_exempt;
    config.priority = campaign.draft.priority;
    return config;
}

// Shards know a campaign from its launch on.
bool is_known_to_shards(const Campaign& campaign) { return campaign.launched_at.has_value(); }

// "campaign.approved": how the audit log names what a verb did.
std::string audit_action(CampaignVerb verb) {
    switch (verb) {
        case CampaignVerb::edit:
            return "campaign.updated";
        case CampaignVerb::submit:
            return "campaign.submitted";
        case CampaignVerb::withdraw:
            return "campaign.withdrawn";
        case CampaignVerb::approve:
            return "campaign.approved";
        case CampaignVerb::reject:
            return "campaign.rejected";
        case CampaignVerb::launch:
            return "campaign.launched";
        case CampaignVerb::pause:
            return "campaign.paused";
        case CampaignVerb::resume:
            return "campaign.resumed";
        case CampaignVerb::stop:
            return "campaign.stopped";
        case CampaignVerb::complete:
            return "campaign.completed";
    }
    return {};
}

void note_hands(Campaign& campaign, CampaignVerb verb, std::string_view reason,
                const access::Principal& who, Time now) {
    switch (verb) {
        case CampaignVerb::submit:
            campaign.submitted_by = who.name;
            campaign.reject_reason.clear();
            return;
        case CampaignVerb::approve:
            campaign.approved_by = who.name;
            return;
        case CampaignVerb::reject:
            campaign.reject_reason = reason;
            return;
        case CampaignVerb::edit:
        case CampaignVerb::withdraw:
            campaign.submitted_by.clear();
            campaign.approved_by.clear();
            return;
        case CampaignVerb::launch:
            campaign.launched_at = now;
            return;
        case CampaignVerb::stop:
        case CampaignVerb::complete:
            campaign.ended_at = now;
            return;
        case CampaignVerb::pause:
        case CampaignVerb::resume:
            return;
    }
}

}  // namespace

Result<std::string> Campaigns::rule_of(const CampaignDraft& draft) const {
    if (draft.audience.empty())
        return draft.rule;
    const auto rules = parts_.vocabularies.rules();
    const auto found = rules->find(draft.audience);
    if (found == rules->end())
        return fail(ErrorCode::unprocessable, "campaign.unknown_audience",
                    "this audience does not exist; choose another", "/audience/id");
    return found->second->text;
}

Result<void> Campaigns::check_draft(const CampaignDraft& draft) const {
    const auto rule = rule_of(draft);
    if (!rule)
        return fail(rule.error());
    if (auto resolved = parts_.vocabularies.resolve(
            *rule, draft.audience.empty() ? "/audience/rule" : "/audience/id");
        !resolved)
        return fail(resolved.error());
    if (!draft.goal)
        return {};
    // The goal is judged as the event condition that the report will ask for.
    const auto goal = json::serialize(json::object{
        {"event", draft.goal->event}, {"where", json::parse(draft.goal->where)}, {"within", "1d"}});
    if (auto resolved = parts_.vocabularies.resolve(goal, "/goal"); !resolved)
        return fail(resolved.error());
    if (draft.goal->value.empty())
        return {};
    return insight::check_number(draft.goal->value, draft.goal->event, "/goal/value",
                                 parts_.vocabularies.current());
}

void Campaigns::set_references(sql::Transaction& transaction, const Campaign& campaign) const {
    std::vector<std::string> audiences;
    if (!campaign.draft.audience.empty() && !is_over(campaign.state))
        audiences.push_back(campaign.draft.audience);
    audience::set_references(transaction, "campaign", campaign.id, campaign.draft.name, audiences);
}

Result<Campaign> Campaigns::create(const CampaignDraft& draft, const access::Principal& who) {
    if (auto sound = check_draft(draft); !sound)
        return fail(sound.error());
    Campaign campaign;
    campaign.created_at = campaign.updated_at = parts_.clock.now();
    campaign.id = new_id("cmp", campaign.created_at);
    campaign.draft = draft;
    campaign.org = who.org;
    campaign.author = campaign.last_editor = who.id;
    campaign.author_name = campaign.last_editor_name = who.name;
    auto transaction = parts_.database.begin();
    queries::insert_campaign(*transaction, campaign);
    set_references(*transaction, campaign);
    parts_.audit.add(*transaction, who, {"campaign.created", campaign.id, draft.name});
    transaction->commit();
    return campaign;
}

// Read, judge, write: `apply` changes the campaign and answers what the audit log says of it.
Result<Campaign> Campaigns::change(std::string_view id, std::int64_t expected_version,
                                   const access::Principal& who,
                                   const std::function<Result<std::string>(Campaign&)>& apply) {
    auto transaction = parts_.database.begin();
    auto campaign = queries::find_campaign(*transaction, id);
    if (!campaign || !parts_.orgs.in_scope(who.org, campaign->org))
        return not_found();
    if (expected_version != 0 && expected_version != campaign->version)
        return fail(ErrorCode::stale, "campaign.stale",
                    "somebody changed this campaign meanwhile; load it again");
    const auto action = apply(*campaign);
    if (!action)
        return fail(action.error());
    ++campaign->version;
    campaign->updated_at = parts_.clock.now();
    queries::update_campaign(*transaction, *campaign);
    set_references(*transaction, *campaign);
    if (is_known_to_shards(*campaign))
        put_control(*transaction, campaign_fact(config_of(*campaign), campaign->updated_at));
    parts_.audit.add(*transaction, who,
                     {*action, campaign->id, campaign->draft.name, campaign->reject_reason});
    transaction->commit();
    transaction.reset();
    if (is_known_to_shards(*campaign))
        if (auto published = publish(); !published)
            return fail(published.error());
    return *campaign;
}

Result<Campaign> Campaigns::edit(std::string_view id, const CampaignDraft& draft,
                                 std::int64_t expected_version, const access::Principal& who) {
    if (auto sound = check_draft(draft); !sound)
        return fail(sound.error());
    return change(id, expected_version, who, [&](Campaign& campaign) -> Result<std::string> {
        const auto state = judge_verb(campaign.state, CampaignVerb::edit,
                                      {campaign.author, campaign.last_editor}, who.id);
        if (!state)
            return fail(state.error());
        campaign.state = *state;
        campaign.draft = draft;
        campaign.last_editor = who.id;
        campaign.last_editor_name = who.name;
        note_hands(campaign, CampaignVerb::edit, {}, who, parts_.clock.now());
        return audit_action(CampaignVerb::edit);
    });
}

Result<Campaign> Campaigns::act(std::string_view id, CampaignVerb verb, std::string_view reason,
                                std::int64_t expected_version, const access::Principal& who) {
    return change(id, expected_version, who, [&](Campaign& campaign) -> Result<std::string> {
        const Time now = parts_.clock.now();
        if (verb == CampaignVerb::submit) {
            if (auto problem = parts_.lint.first_problem(campaign.draft))
                return fail(*problem);
        }
        const auto state = judge_verb(campaign.state, verb, {campaign.author, campaign.last_editor},
                                      who.id, launches_later(campaign.draft.schedule, now));
        if (!state)
            return fail(state.error());
        campaign.state = *state;
        // A launch for later is only an appointment: the shards hear of it when its time has come.
        if (campaign.state != CampaignState::scheduled)
            note_hands(campaign, verb, reason, who, now);
        return audit_action(verb);
    });
}

Result<Campaign> Campaigns::clone(std::string_view id, std::string name,
                                  const access::Principal& who) {
    auto original = get(id, who);
    if (!original)
        return fail(original.error());
    auto draft = original->draft;
    draft.name = name.empty() ? draft.name + " (copy)" : std::move(name);
    return create(draft, who);
}

Result<void> Campaigns::remove(std::string_view id, const access::Principal& who) {
    auto transaction = parts_.database.begin();
    const auto campaign = queries::find_campaign(*transaction, id);
    if (!campaign || !parts_.orgs.in_scope(who.org, campaign->org))
        return not_found();
    if (campaign->state != CampaignState::draft && campaign->state != CampaignState::rejected)
        return fail(ErrorCode::conflict, "campaign.wrong_state",
                    "only a draft can be deleted; stop a running campaign instead");
    transaction->execute("DELETE FROM engage_campaigns WHERE id = $1", {std::string(id)});
    audience::set_references(*transaction, "campaign", id, campaign->draft.name, {});
    parts_.audit.add(*transaction, who, {"campaign.deleted", campaign->id, campaign->draft.name});
    transaction->commit();
    return {};
}

Result<Campaign> Campaigns::get(std::string_view id, const access::Principal& who) const {
    auto campaign = queries::find_campaign(*parts_.database.read(), id);
    if (!campaign || !parts_.orgs.in_scope(who.org, campaign->org))
        return not_found();
    return std::move(*campaign);
}

std::vector<Campaign> Campaigns::list(const CampaignFilter& filter,
                                      const access::Principal& who) const {
    const auto tree = parts_.orgs.tree();
    auto transaction = parts_.database.read();
    std::vector<Campaign> visible;
    std::string after = filter.after;
    const std::string state(filter.state ? name_of(*filter.state) : std::string_view{});
    // Pages of SQL until the page of the asker is full: scopes are trees, which SQL does not know.
    while (visible.size() < filter.limit) {
        const auto page =
            queries::campaigns(*transaction, {filter.text, state, after, {}, filter.limit});
        for (const auto& campaign : page)
            if (visible.size() < filter.limit && tree->in_scope(who.org, campaign.org))
                visible.push_back(campaign);
        if (page.size() < filter.limit)
            break;
        after = page.back().id;
    }
    return visible;
}

std::vector<Campaign> Campaigns::in_state(CampaignState state) const {
    return queries::campaigns_in_state(*parts_.database.read(), state);
}

void Campaigns::run_finished(std::string_view id, std::string_view run, std::int64_t planned) {
    auto transaction = parts_.database.begin();
    queries::update_run(*transaction, id, run, planned);
    transaction->commit();
}

ContactPolicy Campaigns::policy() const {
    const auto row = parts_.database.query_one("SELECT value FROM app_state WHERE name = $1",
                                               {std::string(policy_name)});
    if (row)
        return *parse_policy(json::parse(row->text(0)).as_object().at("policy"));
    // What a bank without a policy of its own begins with.
    return *parse_policy(json::parse(
        R"({"caps":[{"channel":"any","per":"day","limit":1},{"channel":"any","per":"week","limit":3},
        {"channel":"any","per":"month","limit":8},{"channel":"sms","per":"week","limit":2}],
        "quiet_hours":{"from":"21:00","to":"08:00","action":"defer"},"holdout_share":0})"));
}

std::int64_t Campaigns::policy_version() const {
    const auto row = parts_.database.query_one("SELECT value FROM app_state WHERE name = $1",
                                               {std::string(policy_name)});
    return row ? json::parse(row->text(0)).as_object().at("version").to_number<std::int64_t>() : 0;
}

Result<void> Campaigns::set_policy(const ContactPolicy& policy, const access::Principal& who,
                                   std::int64_t expected_version) {
    const Time now = parts_.clock.now();
    {
        auto transaction = parts_.database.begin();
        const auto row = transaction->query_one("SELECT value FROM app_state WHERE name = $1",
                                                {std::string(policy_name)});
        const auto version =
            row ? json::parse(row->text(0)).as_object().at("version").to_number<std::int64_t>() + 1
                : 1;
        if (expected_version != 0 && expected_version != version - 1)
            return fail(ErrorCode::stale, "contact_policy.stale",
                        "somebody changed the contact policy meanwhile; load it again");
        transaction->execute(
            "INSERT INTO app_state (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET "
            "value = excluded.value",
            {std::string(policy_name),
             json::serialize(json::object{{"version", version}, {"policy", to_json(policy)}})});
        put_control(*transaction, policy_fact(policy, version, now));
        parts_.audit.add(
            *transaction, who,
            {"contact_policy.updated", "contact_policy", "version " + std::to_string(version)});
        transaction->commit();
    }
    return publish();
}

void Campaigns::start() {
    const auto row = parts_.database.query_one("SELECT value FROM app_state WHERE name = $1",
                                               {std::string(policy_name)});
    if (row)
        return;
    if (auto done = set_policy(policy(), access::Principal{"system", "Qiao", "administrator"});
        !done)
        throw std::runtime_error(done.error().detail);
}

void Campaigns::put_control(sql::Transaction& transaction, const Fact& fact) {
    std::string bytes;
    encode(fact, bytes);
    parts_.outbox.put(transaction, control_queue, fact.message_id, bytes);
}

Result<void> Campaigns::publish() {
    std::lock_guard lock(publishing_);
    for (auto entries = parts_.outbox.drain(control_queue, 100); !entries.empty();
         entries = parts_.outbox.drain(control_queue, 100)) {
        std::vector<Fact> facts;
        for (const auto& entry : entries) {
            std::string_view bytes = entry.bytes;
            facts.push_back(*decode_fact(bytes));
        }
        if (auto appended = parts_.journal.append_and_wait(std::move(facts)); !appended)
            return fail(appended.error());
        parts_.outbox.acknowledge(control_queue, entries.back().seq);
    }
    if (!parts_.shards.wait_applied(publish_patience))
        return fail(ErrorCode::unavailable, "engage.not_applied",
                    "the change is kept, but the shards are busy and will take it over soon");
    return {};
}

}  // namespace qiao::engage
