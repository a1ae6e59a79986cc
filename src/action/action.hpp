// The port by which Qiao acts on a customer: what is sent, through which provider, with what
// outcome.
//
// `channel` implements Provider; `engage` decides what is sent and to whom. A send has one key for
// its whole life; whatever becomes of it returns to the journal as a receipt fact.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/time.hpp"

namespace qiao::action {

enum class ChannelKind : std::uint8_t { inbox, email, sms, webhook };
std::string_view name_of(ChannelKind kind);  // "inbox", "email", "sms", "webhook"
Result<ChannelKind> channel_kind(std::string_view name);

struct Attachment {
    std::string name;          // "board.csv"
    std::string content_type;  // "text/csv; charset=utf-8"
    std::string bytes;
};

// A message ready to leave: rendered, with its destination in plain text. Lives in memory only.
struct Outgoing {
    std::string send_key;  // unique for the life of the send
    ProfileId profile = ProfileId::none;
    std::string campaign;     // "cmp_…"
    std::string destination;  // e-mail address, phone in E.164, or empty (inbox, webhook)
    std::string subject;      // e-mail subject, inbox title
    std::string body;
    std::string link;              // already a tracking link, may be empty
    std::string extra_json;        // for webhooks: customer, identities and tags the campaign names
    std::string open_link;         // the picture that tells that an e-mail was opened, may be empty
    std::string unsubscribe_link;  // of e-mail: takes one click (RFC 8058), may be empty
    std::string html;              // of e-mail: in place of a page made from the body
    std::vector<Attachment> attachments;  // of e-mail
};

enum class Outcome : std::uint8_t {
    accepted,   // the provider has it; receipts follow
    delivered,  // at once (inbox)
    refused,    // definite: never retried, the reservation is released
    not_sent,   // failed before the first byte left: may be retried
    unknown,  // may have been taken: never resent unless the provider is idempotent; still counted
};

struct Submitted {
    Outcome outcome = Outcome::unknown;
    std::string provider_message_id;  // receipts refer to it
    std::string reason;               // stable: "smpp.throttled", "smtp.mailbox_unavailable", …
    bool is_permanent = false;        // of refused: the destination is dead, not only this message
};

// Blocking, on a dispatcher thread of its own provider; must respect `deadline`. Thread-safe.
class Provider {
public:
    virtual ~Provider() = default;
    virtual Submitted submit(const Outgoing& message, Duration deadline) = 0;
    // Several at once, for providers with a batch_size() over 1; answers in the same order.
    virtual std::vector<Submitted> submit_all(const std::vector<Outgoing>& messages,
                                              Duration deadline) {
        std::vector<Submitted> answers;
        for (const auto& message : messages)
            answers.push_back(submit(message, deadline));
        return answers;
    }
    virtual std::size_t batch_size() const { return 1; }
    // How many threads may submit at a time.
    virtual unsigned parallel() const { return 1; }
    // True where the provider recognises send_key, so that an unknown send may be repeated.
    virtual bool is_idempotent() const { return false; }
};

// A receipt that arrives later (SMPP deliver_sm, webhook callback).
struct Receipt {
    std::string provider;  // channel id "chn_…"
    std::string provider_message_id;
    std::string send_key;  // where the provider gives it back; else found by the id
    std::string what;      // delivered, failed, opened, clicked, complained
    std::string reason;
    Time at{};
};

}  // namespace qiao::action
