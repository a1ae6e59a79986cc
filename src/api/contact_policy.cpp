#include "api/contact_policy.hpp"

#include "api/resource.hpp"
#include "engage/campaigns.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

Result<Answer> show(const engage::Campaigns& campaigns, Call& call) {
    const auto version = campaigns.policy_version();
    auto body = engage::to_json(campaigns.policy());
    body.as_object()["version"] = version;
    set_etag(call, version);
    return Answer{200, std::move(body)};
}

Result<Answer> replace(engage::Campaigns& campaigns, Call& call) {
    const auto policy = engage::parse_policy(call.body);
    if (!policy)
        return fail(policy.error());
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    if (auto done = campaigns.set_policy(*policy, call.who, version->value_or(0)); !done)
        return fail(done.error());
    return show(campaigns, call);
}

}  // namespace

void add_contact_policy(Endpoints& endpoints, engage::Campaigns& campaigns) {
    const std::string path = "/api/v1/contact-policy";
    endpoints.define("Cap", object_schema({{"channel", "'any'|'inbox'|'email'|'sms'|'webhook'"},
                                           {"per", "'day'|'week'|'month'"},
                                           {"limit", "integer"}}));
    endpoints.define(
        "QuietHours",
        object_schema({{"from", "string"}, {"to", "string"}, {"action", "'defer'|'drop'"}}));
    endpoints.define("ContactPolicy", object_schema({{"caps", "Cap[]"},
                                                     {"quiet_hours", "QuietHours|null"},
                                                     {"holdout_share", "number"},
                                                     {"version", "integer"}}));
    endpoints.define("ContactPolicyChange",
                     body_schema({{"caps?", "Cap[]"},
                                  {"quiet_hours?", "QuietHours"},  // none: no quiet hours
                                  {"holdout_share?", "number"}}));
    endpoints.add("GET", path, Permission::view,
                  [&campaigns](Call& call) { return show(campaigns, call); },
                  {"Read the contact policy", "campaigns", nullptr, "ContactPolicy"});
    endpoints.add(
        "PUT", path, Permission::manage_settings,
        [&campaigns](Call& call) { return replace(campaigns, call); },
        {"Change the contact policy", "campaigns", "ContactPolicyChange", "ContactPolicy"});
}

}  // namespace qiao::api
