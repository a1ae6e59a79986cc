// Sends what people of the bank are told by e-mail: to those who have an address, through the only
// active e-mail channel. Where there is none, the console alone tells it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "access/people.hpp"
#include "channel/channels.hpp"
#include "work/notices.hpp"

namespace qiao::channel {

struct MailText {
    std::string subject, body;
};
// In the person's language, with the numbers that the notice has. `address`: of the console.
MailText mail_of(const work::Notice& notice, std::string_view language, std::string_view address);

class NoticeMail {
public:
    struct Parts {
        work::Notices& notices;
        Channels& channels;
        // Nothing where the person may not sign in any more.
        std::function<std::optional<access::Person>(std::string_view id)> person;
        std::function<std::string()> address;
        std::function<std::optional<access::Principal>(std::string_view id)> principal;
    };
    explicit NoticeMail(Parts parts) : parts_(std::move(parts)) {}

    // Sends what waits. For a periodic job (each minute) and the test clock.
    void run();

private:
    work::Notices::Mailed send(const work::Notice& notice, const std::string& channel);

    Parts parts_;
};

}  // namespace qiao::channel
