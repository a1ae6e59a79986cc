// The campaigns of the bank: written, approved by a second person, launched, paused, stopped.
//
// Every change commits with its audit entry and, where the shards must know, with control facts in
// the SQL outbox; publish() brings those to the journal and returns when all shards have applied
// them. Data scope: people see and change the campaigns of their own unit and below.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "access/audit.hpp"
#include "access/orgs.hpp"
#include "access/principal.hpp"
#include "audience/vocabulary.hpp"
#include "engage/campaign.hpp"
#include "engage/contact_rules.hpp"
#include "engage/contacts.hpp"
#include "journal/journal.hpp"
#include "shard/shards.hpp"
#include "sql/outbox.hpp"

namespace qiao::engage {

struct CampaignFilter {
    std::string text;
    std::optional<CampaignState> state;
    std::string after;
    std::size_t limit = 50;
};

// Judges the message of a draft before it is submitted; engage/message.hpp implements it.
class MessageLint {
public:
    virtual ~MessageLint() = default;
    // The first problem, with its pointer; nothing where the message is sound.
    virtual std::optional<Error> first_problem(const CampaignDraft& draft) const = 0;
};

class Campaigns {
public:
    struct Parts {
        sql::Database& database;
        sql::Outbox& outbox;
        journal::Journal& journal;
        shard::Shards& shards;
        audience::Vocabularies& vocabularies;
        access::AuditLog& audit;
        access::Orgs& orgs;
        const Clock& clock;
        const MessageLint& lint;
    };
    explicit Campaigns(const Parts& parts) : parts_(parts) {}

    // Errors: rule.* and campaign.unknown_audience, campaign.unknown_goal, with pointers.
    Result<Campaign> create(const CampaignDraft& draft, const access::Principal& who);
    // Takes approvals back (the state becomes draft). `expected_version` 0 takes any. Errors: those
    // of create, campaign.not_found, campaign.stale, campaign.wrong_state.
    Result<Campaign> edit(std::string_view id, const CampaignDraft& draft,
                          std::int64_t expected_version, const access::Principal& who);
    // submit, withdraw, approve, reject (with a reason), launch, pause, resume, stop. A launch
    // whose time lies ahead makes it scheduled. Submitting needs a sound message. Errors:
    // campaign.wrong_state, campaign.own_approval, campaign.stale, those of the message,
    // engage.not_applied.
    Result<Campaign> act(std::string_view id, CampaignVerb verb, std::string_view reason,
                         std::int64_t expected_version, const access::Principal& who);
    Result<Campaign> clone(std::string_view id, std::string name, const access::Principal& who);
    Result<void> remove(std::string_view id, const access::Principal& who);  // drafts alone

    Result<Campaign> get(std::string_view id, const access::Principal& who) const;
    std::vector<Campaign> list(const CampaignFilter& filter, const access::Principal& who) const;
    std::vector<Campaign> in_state(CampaignState state) const;
    // The rule text of the campaign's people. Error: campaign.unknown_audience.
    Result<std::string> rule_of(const CampaignDraft& draft) const;
    // After a run: its members have all entered.
    void run_finished(std::string_view id, std::string_view run, std::int64_t planned);

    // The contact policy in force, and a change of it.
    // `expected_version` 0 takes any. Errors: contact_policy.stale, engage.not_applied.
    ContactPolicy policy() const;
    std::int64_t policy_version() const;  // 0: never changed
    Result<void> set_policy(const ContactPolicy& policy, const access::Principal& who,
                            std::int64_t expected_version = 0);
    // Puts the policy of a first start into the shards. At every start, before serving.
    void start();
    // Appends the control facts that have committed and waits until all shards have applied them.
    // Error: engage.not_applied (unavailable): they arrive at the next call.
    Result<void> publish();

private:
    Result<void> check_draft(const CampaignDraft& draft) const;
    Result<Campaign> change(std::string_view id, std::int64_t expected_version,
                            const access::Principal& who,
                            const std::function<Result<std::string>(Campaign&)>& apply);
    void set_references(sql::Transaction& transaction, const Campaign& campaign) const;
    void put_control(sql::Transaction& transaction, const Fact& fact);

    Parts parts_;
    std::mutex publishing_;
};

}  // namespace qiao::engage
