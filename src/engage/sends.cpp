#include "engage/sends.hpp"

#include "base/check.hpp"
#include "runtime/log.hpp"

namespace qiao::engage {

Fact message_fact(const Send& send, std::string_view what, std::string_view reason, Time at,
                  std::optional<Decimal> cost) {
    Fact fact;
    fact.time = fact.received_at = at;
    fact.source = "qiao";
    fact.message_id = send.send_key + ":" + std::string(what);
    fact.name = "$message_" + std::string(what);
    fact.profile = send.profile;
    fact.properties = {{"campaign", send.campaign}, {"send_key", send.send_key}};
    if (!send.channel.empty()) {
        fact.properties.push_back({"channel", std::string(action::name_of(send.kind))});
        fact.properties.push_back({"provider", send.channel});
    }
    if (!reason.empty())
        fact.properties.push_back({"reason", std::string(reason)});
    if (cost)
        fact.properties.push_back({"cost", *cost});
    return fact;
}

bool tell(sql::Outbox& outbox, sql::Transaction& transaction, const Send& send,
          std::string_view what, std::string_view reason, Time at, std::optional<Decimal> cost) {
    const auto fact = message_fact(send, what, reason, at, cost);
    std::string bytes;
    encode(fact, bytes);
    return outbox.put(transaction, message_facts_queue, fact.message_id, bytes);
}

std::size_t MessageFacts::publish_once() {
    constexpr std::size_t at_a_time = 1'000;
    const auto entries = outbox_.drain(message_facts_queue, at_a_time);
    if (entries.empty())
        return 0;
    std::vector<Fact> facts;
    for (const auto& entry : entries) {
        std::string_view bytes = entry.bytes;
        auto fact = decode_fact(bytes);
        check(fact.has_value());  // our own transaction wrote it
        facts.push_back(std::move(*fact));
    }
    const auto appended = journal_.append_and_wait(std::move(facts));
    if (!appended) {
        log::warn("the journal takes no facts of messages now; they are told again shortly");
        return 0;
    }
    outbox_.acknowledge(message_facts_queue, entries.back().seq);
    return entries.size();
}

}  // namespace qiao::engage
