#include "customer/masking.hpp"

#include <gtest/gtest.h>

namespace qiao::customer {

TEST(Mask, LeavesThreeAndFourDigitsOfAPhone) {
    EXPECT_EQ(mask("phone", "13812345678"), "138****5678");
    EXPECT_EQ(mask("phone", "+85212345678"), "+85*****5678");
}

TEST(Mask, HidesAShortPhoneAltogether) { EXPECT_EQ(mask("phone", "95588"), "*****"); }

TEST(Mask, LeavesTheFamilyName) {
    EXPECT_EQ(mask("name", "张三"), "张*");
    EXPECT_EQ(mask("name", "张小明"), "张**");
    EXPECT_EQ(mask("name", "阿依古丽·买买提"), "阿***·买**");
    EXPECT_EQ(mask("name", "Ann Lee"), "A** L**");
    EXPECT_EQ(mask("name", "张"), "*");
    EXPECT_EQ(mask("name", ""), "");
}

TEST(Mask, LeavesTheHostOfAnAddress) {
    EXPECT_EQ(mask("email", "zhang.san@bank.cn"), "z***@bank.cn");
    EXPECT_EQ(mask("email", "a@b.cn"), "a***@b.cn");
    EXPECT_EQ(mask("email", "no address"), "**********");
    EXPECT_EQ(mask("email", "@b.cn"), "*****");
}

TEST(Mask, LeavesTheEndsOfAnAccountAndAnIdCard) {
    EXPECT_EQ(mask("account", "6222021234567890"), "6222********7890");
    EXPECT_EQ(mask("account", "12345678"), "********");
    EXPECT_EQ(mask("id_card", "11010119900307123X"), "1101**********123X");
}

TEST(Mask, LeavesWhatIsNoPersonalData) {
    EXPECT_EQ(mask("user_id", "u-1"), "u-1");
    EXPECT_EQ(mask("anonymous_id", "6f2a"), "6f2a");
}

TEST(Mask, SurvivesBrokenText) {
    EXPECT_EQ(mask("name", "\xE5\xBC"), "*");
    EXPECT_EQ(mask("phone", "\x80\x80\x80"), "*");
}

TEST(MaskValue, TellsNoExactLength) {
    EXPECT_EQ(mask_value("1"), "***");
    EXPECT_EQ(mask_value("北京市海淀区中关村大街一号"), "********");
}

}  // namespace qiao::customer
