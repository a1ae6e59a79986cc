#include "channel/mime.hpp"

#include <date/date.h>

#include <algorithm>

#include "base/id.hpp"

namespace qiao::channel {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(std::string_view bytes, std::size_t line) {
    std::string out;
    std::size_t in_line = 0;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto octet = [&](std::size_t i) {
            return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u;
        };
        const unsigned group = octet(0) << 16 | octet(1) << 8 | octet(2);
        const auto left = bytes.size() - at;
        out += alphabet[group >> 18 & 63];
        out += alphabet[group >> 12 & 63];
        out += left > 1 ? alphabet[group >> 6 & 63] : '=';
        out += left > 2 ? alphabet[group & 63] : '=';
        in_line += 4;
        if (line != 0 && in_line >= line) {
            out += "\r\n";
            in_line = 0;
        }
    }
    return out;
}

std::string clean(std::string_view value) {
    std::string out;
    for (const auto c : value)
        out += static_cast<unsigned char>(c) < 32 || c == 127 ? ' ' : c;
    return out;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 127; });
}

// Encoded words of at most 75 characters that never split a UTF-8 character (RFC 2047, 2 and 5).
std::string header_text(std::string_view raw) {
    const auto text = clean(raw);
    if (is_ascii(text) && text.size() < 70 && text.find("=?") == std::string::npos)
        return text;
    std::string out;
    for (std::size_t from = 0; from < text.size();) {
        auto to = std::min(from + 42, text.size());
        while (to > from + 1 && to < text.size() &&
               (static_cast<unsigned char>(text[to]) & 0xC0) == 0x80)
            --to;
        if (!out.empty())
            out += "\r\n ";
        out += "=?UTF-8?B?" + base64(std::string_view(text).substr(from, to - from), 0) + "?=";
        from = to;
    }
    return out;
}

std::string mailbox_header(std::string_view mailbox) {
    const auto open = mailbox.find('<');
    const auto address = address_of(mailbox);
    if (open == std::string_view::npos)
        return address;
    auto name = mailbox.substr(0, open);
    while (!name.empty() && name.back() == ' ')
        name.remove_suffix(1);
    if (name.empty())
        return "<" + address + ">";
    // A quoted name may hold anything but quotes and backslashes (RFC 5322, 3.2.4).
    std::string quoted = clean(name);
    quoted.erase(
        std::remove_if(quoted.begin(), quoted.end(), [](char c) { return c == '"' || c == '\\'; }),
        quoted.end());
    return (is_ascii(quoted) ? '"' + quoted.substr(0, 200) + '"' : header_text(quoted)) + " <" +
           address + ">";
}

// The addresses, the preferred one first (RFC 2369, 2), each on a line of its own.
std::string list_unsubscribe(const Mail& mail) {
    constexpr std::size_t longest = 900;
    std::string list;
    for (const auto* address : {&mail.one_click, &mail.unsubscribe})
        if (!address->empty())
            list += (list.empty() ? "<" : ",\r\n <") + clean(*address).substr(0, longest) + ">";
    return list;
}

std::string part(std::string_view type, std::string_view content) {
    return "Content-Type: " + std::string(type) + "; charset=utf-8\r\n" +
           "Content-Transfer-Encoding: base64\r\n\r\n" + base64(content, 76) + "\r\n";
}

// No line of base64 begins with two hyphens, so that a boundary cannot appear in a part.
std::string text_of(const Mail& mail) {
    if (mail.html.empty())
        return part("text/plain", mail.text);
    const std::string boundary = "qiao-alternative";
    std::string out = "Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n";
    out += "--" + boundary + "\r\n" + part("text/plain", mail.text);
    out += "--" + boundary + "\r\n" + part("text/html", mail.html);
    return out + "--" + boundary + "--\r\n";
}

// The name in percent signs, as RFC 2231 writes what is not ASCII.
std::string file_part(const action::Attachment& attachment) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string name;
    for (const auto c : attachment.name) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '.' || c == '-' || c == '_')
            name += c;
        else
            name.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    return "Content-Type: " + clean(attachment.content_type) + "\r\n" +
           "Content-Disposition: attachment;\r\n filename*=UTF-8''" + name + "\r\n" +
           "Content-Transfer-Encoding: base64\r\n\r\n" + base64(attachment.bytes, 76) + "\r\n";
}

std::string escape(std::string_view text) {
    std::string out;
    for (const auto c : text)
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            case '\n':
                out += "<br>\n";
                break;
            case '\r':
                break;
            default:
                out += c;
        }
    return out;
}

}  // namespace

std::string address_of(std::string_view mailbox) {
    const auto open = mailbox.find('<'), close = mailbox.find('>');
    if (open != std::string_view::npos && close != std::string_view::npos && open < close)
        mailbox = mailbox.substr(open + 1, close - open - 1);
    const auto at = mailbox.find('@');
    const bool is_address =
        mailbox.size() <= 254 && at != std::string_view::npos && at > 0 &&
        at + 1 < mailbox.size() && mailbox.find('@', at + 1) == std::string_view::npos &&
        std::none_of(mailbox.begin(), mailbox.end(), [](char c) {
            return static_cast<unsigned char>(c) <= 32 || c == 127 || c == '<' || c == '>' ||
                   c == ',' || c == ';' || c == '"' || c == '\\';
        });
    return is_address ? std::string(mailbox) : std::string();
}

std::string message_id_of_mail(const Mail& mail) {
    std::string local;
    for (const auto c : mail.send_key)
        local += std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' ? c : '.';
    const auto address = address_of(mail.from);
    return "<" + local.substr(0, 200) + "@" + address.substr(address.find('@') + 1) + ">";
}

std::string mime_of(const Mail& mail) {
    std::string out;
    const auto add = [&](std::string_view name, std::string_view value) {
        out.append(name).append(": ").append(value).append("\r\n");
    };
    add("Date",
        date::format("%a, %d %b %Y %H:%M:%S +0000", date::floor<std::chrono::seconds>(mail.at)));
    add("From", mailbox_header(mail.from));
    add("To", address_of(mail.to));
    add("Subject", header_text(mail.subject));
    add("Message-ID", message_id_of_mail(mail));
    add("X-Qiao-Send-Key", clean(mail.send_key).substr(0, 400));
    add("Auto-Submitted", "auto-generated");
    if (const auto list = list_unsubscribe(mail); !list.empty())
        add("List-Unsubscribe", list);
    if (mail.one_click.starts_with("https://"))
        add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    add("MIME-Version", "1.0");
    if (mail.attachments.empty())
        return out + text_of(mail);
    const std::string boundary = "qiao-mixed";
    out += "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n";
    out += "--" + boundary + "\r\n" + text_of(mail);
    for (const auto& attachment : mail.attachments)
        out += "--" + boundary + "\r\n" + file_part(attachment);
    return out + "--" + boundary + "--\r\n";
}

std::string html_of(const HtmlParts& parts) {
    std::string html = "<!doctype html><html><body><p>" + escape(parts.text) + "</p>";
    if (!parts.link.empty() && parts.text.find(parts.link) == std::string_view::npos)
        html += "<p><a href=\"" + escape(parts.link) + "\">" + escape(parts.link) + "</a></p>";
    if (!parts.unsubscribe.empty())
        html += "<p><small><a href=\"" + escape(parts.unsubscribe) + "\">" +
                std::string(unsubscribe_words) + "</a></small></p>";
    if (!parts.open_link.empty())
        html += "<img src=\"" + escape(parts.open_link) + "\" width=\"1\" height=\"1\" alt=\"\">";
    return html + "</body></html>\n";
}

}  // namespace qiao::channel
