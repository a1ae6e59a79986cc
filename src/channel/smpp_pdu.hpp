// SMPP 3.4 protocol data units (SMPP Developers Forum, "Short Message Peer to Peer Protocol
// Specification v3.4", 1999): what the client sends and understands. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qiao::channel::smpp {

enum Command : std::uint32_t {
    generic_nack = 0x80000000,
    bind_transceiver = 0x00000009,
    submit_sm = 0x00000004,
    deliver_sm = 0x00000005,
    unbind = 0x00000006,
    enquire_link = 0x00000015,
    response = 0x80000000,  // added to the command that it answers
};

enum Status : std::uint32_t {
    ok = 0x00,
    invalid_destination = 0x0B,
    queue_full = 0x14,
    throttled = 0x58,
};

inline constexpr std::size_t header_bytes = 16;
inline constexpr std::size_t max_pdu_bytes = 64 << 10;

struct Pdu {
    std::uint32_t command = 0;
    std::uint32_t status = 0;
    std::uint32_t sequence = 0;
    std::string body;
};

std::string encode(const Pdu& pdu);
// Takes one whole PDU off the front; nothing while bytes are missing. `is_broken` is set where the
// length is impossible: the connection cannot be trusted any more.
std::optional<Pdu> take_pdu(std::string& buffer, bool& is_broken);

std::string bind_body(std::string_view system_id, std::string_view password,
                      std::string_view system_type);

// One part of a text: at most 140 octets with its header.
struct Part {
    std::uint8_t data_coding = 0;  // 0: default alphabet, 8: UCS-2
    bool has_header = false;       // a user data header leads it (esm_class 0x40)
    std::string octets;
};
// Splits a UTF-8 text: the letters that GSM 7-bit and ASCII share as they are (160, or parts of
// 153), anything else as UCS-2 big endian (70, or parts of 67; never between surrogates).
// `reference` is the same for all parts of a message (3GPP TS 23.040, 9.2.3.24.1). More than 255
// parts: empty.
std::vector<Part> split_text(std::string_view utf8, std::uint8_t reference);

// `destination` in international form; a leading + is dropped. Asks for a delivery receipt.
std::string submit_body(std::string_view source, std::string_view destination, const Part& part);

// The message id of a submit_sm_resp.
std::string message_id_of(std::string_view body);

struct DeliveryReceipt {
    std::string message_id;
    std::string state;  // DELIVRD, UNDELIV, EXPIRED, REJECTD, …
    std::string error;
    bool is_delivered() const { return state == "DELIVRD" || state == "ACCEPTD"; }
    bool is_final() const { return state != "ENROUTE" && state != "ACCEPTD"; }
};
// Of a deliver_sm that is a receipt (esm_class 0x04), by its text or its TLVs; nothing for other
// messages.
std::optional<DeliveryReceipt> receipt_of(std::string_view body);

}  // namespace qiao::channel::smpp
