// An e-mail as it goes over the wire (RFC 5322, 2045, 2047, 2046 multipart/alternative). Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"

namespace qiao::channel {

struct Mail {
    std::string from;  // "Name <a@b>" or "a@b"
    std::string to;    // one address
    std::string subject;
    std::string text;
    std::string html;  // empty: text only
    std::string send_key;
    std::string unsubscribe;  // https or mailto address, may be empty
    Time at{};
};

// CRLF lines, bodies in base64, no line over 998 octets. What stands in a header loses control
// characters, so that no value can add a header of its own.
std::string mime_of(const Mail& mail);

// "<…@domain of from>", the same for the same send key.
std::string message_id_of_mail(const Mail& mail);
// "a@b" of "Name <a@b>"; empty where it is no address that may stand in an SMTP command.
std::string address_of(std::string_view mailbox);
// A text as simple HTML: escaped, lines kept, with the link and the picture that tells of opening.
std::string html_of(std::string_view text, std::string_view link, std::string_view open_link);

}  // namespace qiao::channel
