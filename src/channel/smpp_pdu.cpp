#include "channel/smpp_pdu.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace qiao::channel::smpp {

namespace {

constexpr std::size_t ucs2_alone = 70, ucs2_part = 67;      // code units
constexpr std::size_t plain_alone = 160, plain_part = 153;  // letters
constexpr std::uint16_t tlv_receipted_message_id = 0x001E;
constexpr std::uint16_t tlv_message_state = 0x0427;
constexpr std::array<std::string_view, 10> states = {"",        "ENROUTE", "DELIVRD", "EXPIRED",
                                                     "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN",
                                                     "REJECTD", "SKIPPED"};

void put32(std::string& out, std::uint32_t n) {
    for (int shift = 24; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(n >> shift));
}

std::uint32_t get32(std::string_view bytes) {
    std::uint32_t n = 0;
    for (int i = 0; i < 4; ++i)
        n = n << 8 | static_cast<std::uint8_t>(bytes[static_cast<std::size_t>(i)]);
    return n;
}

void put_c_string(std::string& out, std::string_view text, std::size_t most) {
    out.append(text.substr(0, most));
    out.push_back('\0');
}

std::string take_c_string(std::string_view& in) {
    const auto end = in.find('\0');
    std::string text(in.substr(0, end));
    in.remove_prefix(end == in.npos ? in.size() : end + 1);
    return text;
}

std::uint8_t take8(std::string_view& in) {
    if (in.empty())
        return 0;
    const auto byte = static_cast<std::uint8_t>(in.front());
    in.remove_prefix(1);
    return byte;
}

bool is_shared_letter(char letter) {
    constexpr std::string_view marks = " \r\n!\"#%&'()*+,-./:;<=>?";
    return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
           (letter >= '0' && letter <= '9') || marks.find(letter) != marks.npos;
}

// UTF-16 code units; a malformed sequence becomes U+FFFD.
std::vector<std::uint16_t> to_utf16(std::string_view utf8) {
    std::vector<std::uint16_t> units;
    for (std::size_t at = 0; at < utf8.size();) {
        const auto lead = static_cast<std::uint8_t>(utf8[at]);
        const int more = lead < 0x80                   ? 0
                         : lead >= 0xF0 && lead < 0xF8 ? 3
                         : lead >= 0xE0                ? 2
                         : lead >= 0xC2                ? 1
                                                       : -1;
        std::uint32_t code = more == 0   ? lead
                             : more == 1 ? lead & 0x1F
                             : more == 2 ? lead & 0x0F
                                         : lead & 0x07;
        bool is_good =
            more >= 0 && lead < 0xF8 && at + static_cast<std::size_t>(more) < utf8.size();
        for (int i = 1; is_good && i <= more; ++i) {
            const auto next = static_cast<std::uint8_t>(utf8[at + static_cast<std::size_t>(i)]);
            is_good = (next & 0xC0) == 0x80;
            code = code << 6 | (next & 0x3F);
        }
        if (!is_good || code > 0x10FFFF) {
            units.push_back(0xFFFD);
            ++at;
            continue;
        }
        at += static_cast<std::size_t>(more) + 1;
        if (code < 0x10000) {
            units.push_back(static_cast<std::uint16_t>(code));
        } else {
            units.push_back(static_cast<std::uint16_t>(0xD800 + ((code - 0x10000) >> 10)));
            units.push_back(static_cast<std::uint16_t>(0xDC00 + ((code - 0x10000) & 0x3FF)));
        }
    }
    return units;
}

std::string octets_of(const std::vector<std::uint16_t>& units, std::size_t from,
                      std::size_t until) {
    std::string octets;
    for (auto at = from; at < until; ++at) {
        octets.push_back(static_cast<char>(units[at] >> 8));
        octets.push_back(static_cast<char>(units[at]));
    }
    return octets;
}

std::vector<Part> joined_by_header(std::vector<std::string> pieces, std::uint8_t coding,
                                   std::uint8_t reference) {
    if (pieces.size() > 255)
        return {};
    std::vector<Part> parts;
    for (std::size_t at = 0; at < pieces.size(); ++at) {
        const char header[] = {5,
                               0,
                               3,
                               static_cast<char>(reference),
                               static_cast<char>(pieces.size()),
                               static_cast<char>(at + 1)};
        parts.push_back({coding, true, std::string(header, sizeof header) + pieces[at]});
    }
    return parts;
}

// The word that follows "name:" in a receipt's text.
std::string word_after(std::string_view text, std::string_view name) {
    const auto at = text.find(name);
    if (at == text.npos)
        return {};
    text.remove_prefix(at + name.size());
    return std::string(text.substr(0, text.find(' ')));
}

void read_tlvs(std::string_view in, DeliveryReceipt& receipt) {
    while (in.size() >= 4) {
        const auto head = get32(in);
        const auto tag = static_cast<std::uint16_t>(head >> 16);
        const std::size_t size = head & 0xFFFF;
        in.remove_prefix(4);
        if (size > in.size())
            return;
        const auto value = in.substr(0, size);
        if (tag == tlv_receipted_message_id)
            receipt.message_id = value.substr(0, value.find('\0'));
        if (tag == tlv_message_state && size == 1 &&
            static_cast<std::uint8_t>(value[0]) < states.size())
            receipt.state = states[static_cast<std::uint8_t>(value[0])];
        in.remove_prefix(size);
    }
}

}  // namespace

std::string encode(const Pdu& pdu) {
    std::string out;
    put32(out, static_cast<std::uint32_t>(header_bytes + pdu.body.size()));
    put32(out, pdu.command);
    put32(out, pdu.status);
    put32(out, pdu.sequence);
    return out + pdu.body;
}

std::optional<Pdu> take_pdu(std::string& buffer, bool& is_broken) {
    if (buffer.size() < header_bytes)
        return std::nullopt;
    const std::string_view view = buffer;
    const std::size_t size = get32(view);
    if (size < header_bytes || size > max_pdu_bytes) {
        is_broken = true;
        return std::nullopt;
    }
    if (buffer.size() < size)
        return std::nullopt;
    Pdu pdu{get32(view.substr(4)), get32(view.substr(8)), get32(view.substr(12)),
            buffer.substr(header_bytes, size - header_bytes)};
    buffer.erase(0, size);
    return pdu;
}

std::string bind_body(std::string_view system_id, std::string_view password,
                      std::string_view system_type) {
    std::string body;
    put_c_string(body, system_id, 15);
    put_c_string(body, password, 8);
    put_c_string(body, system_type, 12);
    body.push_back(0x34);  // interface version 3.4
    body.append(2, '\0');  // address type and plan: unknown
    body.push_back('\0');  // address range: none
    return body;
}

std::vector<Part> split_text(std::string_view utf8, std::uint8_t reference) {
    std::vector<std::string> pieces;
    if (std::all_of(utf8.begin(), utf8.end(), is_shared_letter)) {
        if (utf8.size() <= plain_alone)
            return {{0, false, std::string(utf8)}};
        for (std::size_t at = 0; at < utf8.size(); at += plain_part)
            pieces.emplace_back(utf8.substr(at, plain_part));
        return joined_by_header(std::move(pieces), 0, reference);
    }
    const auto units = to_utf16(utf8);
    if (units.size() <= ucs2_alone)
        return {{8, false, octets_of(units, 0, units.size())}};
    for (std::size_t at = 0; at < units.size();) {
        auto until = std::min(at + ucs2_part, units.size());
        const bool splits_pair =
            until < units.size() && units[until] >= 0xDC00 && units[until] <= 0xDFFF;
        if (splits_pair)
            --until;
        pieces.push_back(octets_of(units, at, until));
        at = until;
    }
    return joined_by_header(std::move(pieces), 8, reference);
}

std::string submit_body(std::string_view source, std::string_view destination, const Part& part) {
    if (destination.starts_with('+'))
        destination.remove_prefix(1);
    std::string body;
    put_c_string(body, "", 0);  // service type
    const bool is_name = source.find_first_not_of("0123456789") != source.npos;
    body.push_back(is_name ? 5 : 0);  // alphanumeric or unknown
    body.push_back(0);
    put_c_string(body, source, 20);
    body.push_back(1);  // international
    body.push_back(1);  // ISDN
    put_c_string(body, destination, 20);
    body.push_back(part.has_header ? 0x40 : 0);  // esm_class
    body.append(2, '\0');                        // protocol id, priority
    put_c_string(body, "", 0);                   // schedule: now
    put_c_string(body, "", 0);                   // validity: the default
    body.push_back(1);  // registered delivery: a receipt, whatever the outcome
    body.push_back(0);  // replace if present
    body.push_back(static_cast<char>(part.data_coding));
    body.push_back(0);  // predefined message
    body.push_back(static_cast<char>(part.octets.size()));
    return body + part.octets;
}

std::string message_id_of(std::string_view body) { return take_c_string(body); }

std::optional<DeliveryReceipt> receipt_of(std::string_view body) {
    take_c_string(body);  // service type
    take8(body), take8(body), take_c_string(body);
    take8(body), take8(body), take_c_string(body);
    const auto esm_class = take8(body);
    take8(body), take8(body);
    take_c_string(body), take_c_string(body);
    take8(body), take8(body), take8(body), take8(body);
    const std::size_t size = take8(body);
    if ((esm_class & 0x3C) != 0x04 || size > body.size())
        return std::nullopt;

    const auto text = body.substr(0, size);
    DeliveryReceipt receipt{word_after(text, "id:"), word_after(text, "stat:"),
                            word_after(text, "err:")};
    read_tlvs(body.substr(size), receipt);
    if (receipt.message_id.empty())
        return std::nullopt;
    return receipt;
}

}  // namespace qiao::channel::smpp
