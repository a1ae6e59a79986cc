// Is a message fit to be sent, and how does it look to real customers?
//
// Personal data appears in a message only as {{ name }}, the customer's display name; every other
// name is a tag of the dictionary that is not sealed. Every printed name has a default, since a tag
// or a name may be missing. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/evaluation.hpp"
#include "audience/people_cards.hpp"
#include "customer/customers.hpp"
#include "customer/vault.hpp"
#include "engage/campaigns.hpp"
#include "engage/liquid.hpp"

namespace qiao::engage {

inline constexpr std::string_view name_of_customer = "name";
inline constexpr std::size_t max_sms_parts = 10;

struct MessageText {
    std::string subject;  // of an e-mail; the title of an inbox message
    std::string body;
};

// A draft whose texts have been parsed. Immutable.
class CompiledMessage {
public:
    // Errors: those of Template::parse, with the pointer of the text ("/message/body").
    static Result<CompiledMessage> compile(const MessageDraft& draft, action::ChannelKind channel);
    // Error: `liquid.missing`.
    Result<MessageText> render(const Template::Lookup& lookup, const Calendar& calendar) const;
    // What the texts name, sorted.
    std::vector<std::string> names() const;

private:
    CompiledMessage(Template subject, Template body)
        : subject_(std::move(subject)), body_(std::move(body)) {}
    Template subject_, body_;
};

// How many SMS a text takes; 0 where it is too long for any. A pure count of channel/smpp_pdu.hpp.
std::size_t sms_parts(std::string_view text);
// What an SMS carries: it has no place of its own for a link.
std::string sms_text(std::string_view body, std::string_view link);

// The values of one customer that a message may name; `name` is its display name, empty where
// unknown.
Properties message_values(const customer::Customer& customer, std::string_view name);

// All problems of a draft, in the order of the form. `words` says which tags there are. Without a
// channel only what holds for every channel is judged. Pure.
std::vector<Error> message_problems(const MessageDraft& draft,
                                    std::optional<action::ChannelKind> channel,
                                    const rule::Vocabulary& words, const Calendar& calendar);

struct MessagePreview {
    ProfileId customer = ProfileId::none;
    std::string name;  // masked; empty where unknown
    MessageDraft message;
};

class Messages final : public MessageLint {
public:
    Messages(const audience::Evaluation& evaluation, shard::Shards& shards,
             customer::Customers& customers, const customer::Vault& vault)
        : evaluation_(evaluation), shards_(shards), customers_(customers), vault_(vault) {}

    std::vector<Error> problems(const MessageDraft& draft,
                                std::optional<action::ChannelKind> channel) const;
    std::optional<Error> first_problem(const CampaignDraft& draft) const override;

    // The message as members of the rule would get it, at most `limit` of those whom `who` may see.
    // Names are masked. Who cannot get it (a missing value) is left out. Errors: rule.*.
    Result<std::vector<MessagePreview>> previews(const MessageDraft& draft,
                                                 action::ChannelKind channel, std::string_view rule,
                                                 std::size_t limit,
                                                 const access::Principal& who) const;

private:
    const audience::Evaluation& evaluation_;
    shard::Shards& shards_;
    customer::Customers& customers_;
    const customer::Vault& vault_;
};

// The customer as its shard knows it; nothing where it is merged away, erased or unknown.
std::optional<customer::Customer> ask_customer(shard::Shards& shards,
                                               customer::Customers& customers, ProfileId profile);
// The newest identity of a kind in plain text; empty where there is none or its key is destroyed.
std::string plain_identity(const customer::Customer& customer, std::string_view kind,
                           const customer::Vault& vault);
// The display name in plain text, from the identity or the tag `name`.
std::string plain_name(const customer::Customer& customer, const customer::Vault& vault);

}  // namespace qiao::engage
