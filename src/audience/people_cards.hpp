// A few words about a customer, for samples and lists: masked by what the asker may see.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/principal.hpp"
#include "customer/customers.hpp"
#include "customer/vault.hpp"
#include "index/snapshot.hpp"
#include "shard/shards.hpp"

namespace qiao::audience {

struct Card {
    ProfileId profile = ProfileId::none;
    std::string name;  // "王**"; empty where unknown
    std::vector<std::pair<std::string, StringSet>> identities;
    Properties tags;  // a few, none of them personal data
};

// "138****5678", "王**", "u***1": the ends of a text, the middle hidden.
std::string masked(std::string_view kind, std::string_view text);

class PeopleCards {
public:
    PeopleCards(shard::Shards& shards, customer::Customers& customers, const customer::Vault* vault)
        : shards_(shards), customers_(customers), vault_(vault) {}

    // Asks each customer's shard: for up to some hundred people. Who is gone by now is left out.
    std::vector<Card> cards(const std::vector<ProfileId>& people,
                            const access::Principal& who) const;

    // Identities as the index holds them, for long streams: sensitive kinds show as "•••", all
    // others masked for who may not open customers.
    static std::vector<std::pair<std::string, StringSet>> identities(const index::State& state,
                                                                     index::Dense customer,
                                                                     const access::Principal& who);

private:
    Card card_of(const customer::Customer& customer, const access::Principal& who) const;
    std::string plain(const Identity& identity) const;

    shard::Shards& shards_;
    customer::Customers& customers_;
    const customer::Vault* vault_;
};

}  // namespace qiao::audience
