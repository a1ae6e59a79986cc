#include "action/action.hpp"

#include <algorithm>
#include <array>

namespace qiao::action {

namespace {
constexpr std::array<std::string_view, 4> kind_names = {"inbox", "email", "sms", "webhook"};
}

std::string_view name_of(ChannelKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

Result<ChannelKind> channel_kind(std::string_view name) {
    const auto at = std::find(kind_names.begin(), kind_names.end(), name);
    if (at == kind_names.end())
        return fail(ErrorCode::unprocessable, "channel.unknown_kind",
                    "a channel is one of inbox, email, sms, webhook");
    return static_cast<ChannelKind>(at - kind_names.begin());
}

}  // namespace qiao::action
