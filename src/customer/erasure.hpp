// The last step of an erasure: the keys of the erased person's identities are destroyed.
#pragma once

#include "customer/vault.hpp"
#include "shard/shards.hpp"

namespace qiao::customer {

class Erasure {
public:
    Erasure(shard::Shards& shards, Vault& vault) : shards_(shards), vault_(vault) {}

    // Destroys what the shards have handed out so far; returns how many keys. A crash on the way
    // repeats it, which changes nothing. For a periodic job and after an erasure. Any thread.
    std::size_t run();

private:
    shard::Shards& shards_;
    Vault& vault_;
};

}  // namespace qiao::customer
