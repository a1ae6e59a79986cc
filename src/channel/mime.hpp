// An e-mail as it goes over the wire (RFC 5322, 2045, 2047, 2231, 2046 multipart). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/action.hpp"
#include "base/time.hpp"

namespace qiao::channel {

struct Mail {
    std::string from;  // "Name <a@b>" or "a@b"
    std::string to;    // one address
    std::string subject;
    std::string text;
    std::string html;  // empty: text only
    std::string send_key;
    // RFC 2369 and 8058; both may be empty. `one_click` takes a POST, which a mail program may
    // make for its user where it is an https address; `unsubscribe` is any other address.
    std::string one_click, unsubscribe;
    Time at{};
    std::vector<action::Attachment> attachments;
};

// CRLF lines, bodies in base64, no line over 998 octets. What stands in a header loses control
// characters, so that no value can add a header of its own.
std::string mime_of(const Mail& mail);

// "<…@domain of from>", the same for the same send key.
std::string message_id_of_mail(const Mail& mail);
// "a@b" of "Name <a@b>"; empty where it is no address that may stand in an SMTP command.
std::string address_of(std::string_view mailbox);
struct HtmlParts {
    std::string_view text, link;
    std::string_view unsubscribe;  // an address, may be empty
    std::string_view open_link;    // the picture that tells of opening
};
// A text as simple HTML: escaped, lines kept, with what else there is.
std::string html_of(const HtmlParts& parts);
// The words above an unsubscribe address, in the languages of the bank's customers.
inline constexpr std::string_view unsubscribe_words = "退订 Unsubscribe";

}  // namespace qiao::channel
