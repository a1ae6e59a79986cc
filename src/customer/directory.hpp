// Customers as one finds and reads them from outside the shards. Thread-safe; waits for the shards.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "customer/customers.hpp"
#include "customer/vault.hpp"
#include "shard/shards.hpp"

namespace qiao::customer {

class Directory {
public:
    Directory(shard::Shards& shards, Customers& customers, Vault& vault)
        : shards_(shards), customers_(customers), vault_(vault) {}

    // The living customers whom an identity leads to, each once: the one whose facts it routes and
    // those who share it. `text` is what a person types; sensitive kinds are looked up by hash.
    std::vector<Customer> find(std::string_view kind, std::string_view text);
    // By whatever the text may be: a customer id, a user id, a phone, an e-mail address, a name, an
    // account, an id card or another identity, in full.
    std::vector<Customer> find_any(std::string_view text);
    // The customer under this id, or the one that it was merged into. Errors: customer.not_found,
    // customer.erased.
    Result<Customer> get(ProfileId profile);

    std::vector<TagChange> tag_history(ProfileId profile, std::string_view tag);
    std::vector<MergeEntry> merge_log(ProfileId profile);

    // The plain text of an identity or value; empty where it cannot be opened (any more).
    std::string plain(const Identity& identity) const;
    std::string plain(const Sealed& sealed) const;

private:
    shard::Shards& shards_;
    Customers& customers_;
    Vault& vault_;
};

}  // namespace qiao::customer
