#include "channel/smpp_pdu.hpp"

#include <gtest/gtest.h>

namespace qiao::channel::smpp {

TEST(SmppPdu, SurvivesTheWireInPieces) {
    const auto bytes = encode({submit_sm, 0, 7, "body"}) + encode({enquire_link, 0, 8, ""});
    std::string buffer;
    std::vector<std::uint32_t> seen;
    bool is_broken = false;
    for (const char byte : bytes) {
        buffer.push_back(byte);
        while (auto pdu = take_pdu(buffer, is_broken))
            seen.push_back(pdu->sequence);
    }
    EXPECT_EQ(seen, (std::vector<std::uint32_t>{7, 8}));
    EXPECT_FALSE(is_broken);
}

TEST(SmppPdu, AnImpossibleLengthBreaksTheConnection) {
    for (const std::uint32_t size : {0u, 15u, 70'000u, 0xFFFFFFFFu}) {
        std::string buffer(header_bytes, '\0');
        for (int i = 0; i < 4; ++i)
            buffer[static_cast<std::size_t>(i)] = static_cast<char>(size >> (24 - 8 * i));
        bool is_broken = false;
        EXPECT_FALSE(take_pdu(buffer, is_broken));
        EXPECT_TRUE(is_broken) << size;
    }
}

TEST(SplitText, PlainTextGoesAlonePastItsLimitInParts) {
    EXPECT_EQ(split_text(std::string(160, 'a'), 1).size(), 1u);
    const auto parts = split_text(std::string(161, 'a'), 9);
    ASSERT_EQ(parts.size(), 2u);
    EXPECT_TRUE(parts[0].has_header);
    EXPECT_EQ(parts[0].octets.substr(0, 6), std::string("\x05\x00\x03\x09\x02\x01", 6));
    EXPECT_EQ(parts[1].octets.size(), 6u + 8u);
}

TEST(SplitText, ChineseIsUcs2OfSeventyLetters) {
    std::string seventy;
    for (int i = 0; i < 70; ++i)
        seventy += "桥";
    const auto alone = split_text(seventy, 1);
    ASSERT_EQ(alone.size(), 1u);
    EXPECT_EQ(alone[0].data_coding, 8);
    EXPECT_EQ(alone[0].octets.size(), 140u);
    EXPECT_EQ(alone[0].octets.substr(0, 2), "\x68\x65");
    EXPECT_EQ(split_text(seventy + "桥", 1).size(), 2u);
}

TEST(SplitText, NeverSplitsASurrogatePair) {
    std::string text;
    for (int i = 0; i < 66; ++i)
        text += "桥";
    text += "😀桥桥桥桥";
    const auto parts = split_text(text, 1);
    ASSERT_EQ(parts.size(), 2u);
    EXPECT_EQ(parts[0].octets.size(), 6u + 66 * 2);
}

TEST(ReceiptOf, ReadsTheTextForm) {
    std::string body = std::string("\0", 1) + std::string("\1\1", 2) + std::string("861\0", 4) +
                       std::string("\1\1", 2) + std::string("1\0", 2);
    body += '\x04';
    body += std::string("\0\0\0\0\0\0\0\0", 8);
    const std::string text =
        "id:abc sub:001 dlvrd:001 submit date:2611220420 done date:2611220421 stat:UNDELIV err:012 "
        "text:x";
    body += static_cast<char>(text.size());
    const auto receipt = receipt_of(body + text);
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->message_id, "abc");
    EXPECT_EQ(receipt->state, "UNDELIV");
    EXPECT_FALSE(receipt->is_delivered());
    EXPECT_FALSE(receipt_of("garbage"));
}

}  // namespace qiao::channel::smpp
