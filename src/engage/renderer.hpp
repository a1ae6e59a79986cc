// Who writes the message of a planned send: the campaigns' side gives it, the dispatcher asks it.
//
// render() is called on the dispatcher's threads, possibly again for the same send (after a restart
// or a wait), and must then give the same channel. Errors: `unavailable` means not now, for
// instance while the campaign is paused: the send waits and is rendered again. Any other means
// never: the send has failed with the error's reason.
#pragma once

#include <string>
#include <string_view>

#include "action/action.hpp"
#include "engage/contacts.hpp"

namespace qiao::engage {

class Renderer {
public:
    virtual ~Renderer() = default;
    struct Rendered {
        action::Outgoing outgoing;
        std::string channel_id;
    };
    virtual Result<Rendered> render(const PlannedSend& send, std::string_view send_key) = 0;
};

}  // namespace qiao::engage
