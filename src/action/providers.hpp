// Where the dispatcher finds the providers of the channels that are configured.
#pragma once

#include <memory>
#include <string_view>

#include "action/action.hpp"

namespace qiao::action {

struct ReadyChannel {
    std::shared_ptr<Provider> provider;
    ChannelKind kind = ChannelKind::inbox;
    double rate_per_s = 0;  // 0: no limit
};

// Thread-safe.
class Providers {
public:
    virtual ~Providers() = default;
    // Errors: not_found (the channel is gone), unavailable (it is switched off).
    virtual Result<ReadyChannel> open(std::string_view channel_id) = 0;
};

}  // namespace qiao::action
