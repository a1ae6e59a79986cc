// What each kind of channel can be set to: the one table of fields, and how a set is judged. Pure.
#pragma once

#include <span>
#include <string_view>

#include "channel/channels.hpp"

namespace qiao::channel {

struct Field {
    enum class Type : std::uint8_t { text, port, count, choice, url, host, mailbox };
    std::string_view name;
    Type type = Type::text;
    bool is_required = false;
    bool is_secret = false;
    std::string_view otherwise = {};
};

std::span<const Field> fields_of(action::ChannelKind kind);

// Fills in what is missing and refuses what is wrong, with pointers below "/settings".
Result<Settings> complete(action::ChannelKind kind, Settings settings);

}  // namespace qiao::channel
