#include "insight/board_mails.hpp"

#include <gtest/gtest.h>

#include "insight/answer_table.hpp"

namespace qiao::insight {
namespace {

Time at(const char* text) { return *parse_time(text); }

class NextMail : public testing::Test {
protected:
    std::string next(MailEvery every, std::int64_t minute, const char* after) const {
        return format_time(next_mail_at(every, minute, at(after), shanghai_));
    }
    const Calendar shanghai_ = *Calendar::of_zone("Asia/Shanghai");
};

TEST_F(NextMail, IsTodayWhereTheHourIsStillToCome) {
    EXPECT_EQ(next(MailEvery::day, 8 * 60, "2026-10-01T07:59:59+08:00"),
              format_time(at("2026-10-01T08:00:00+08:00")));
    EXPECT_EQ(next(MailEvery::day, 8 * 60, "2026-10-01T08:00:00+08:00"),
              format_time(at("2026-10-02T08:00:00+08:00")));
}

TEST_F(NextMail, OfAWeekIsAMonday) {
    // The first of October 2026 is a Thursday.
    EXPECT_EQ(next(MailEvery::week, 30, "2026-10-01T12:00:00+08:00"),
              format_time(at("2026-10-05T00:30:00+08:00")));
    EXPECT_EQ(next(MailEvery::week, 30, "2026-10-05T00:29:00+08:00"),
              format_time(at("2026-10-05T00:30:00+08:00")));
}

TEST_F(NextMail, OfAMonthIsTheFirst) {
    EXPECT_EQ(next(MailEvery::month, 0, "2026-10-01T00:00:00+08:00"),
              format_time(at("2026-11-01T00:00:00+08:00")));
    EXPECT_EQ(next(MailEvery::month, 0, "2026-12-31T23:59:00+08:00"),
              format_time(at("2027-01-01T00:00:00+08:00")));
}

TEST(AnswerTables, StandInFilesAsTheyAre) {
    const AnswerTable table{{{"分组", "Group"}, {"人数", "People"}},
                            {{"a \"b\", c", "1"}, {"=1+1", "-2"}, {"<b>", "3%"}},
                            3};
    EXPECT_EQ(csv_of(table),
              "\xEF\xBB\xBF\"分组 Group\",\"人数 People\"\r\n\"a \"\"b\"\", c\",\"1\"\r\n"
              "\"'=1+1\",\"-2\"\r\n\"<b>\",\"3%\"\r\n");
    EXPECT_NE(html_of(table, 2).find("=1+1"), std::string::npos);
    EXPECT_EQ(html_of(table, 2).find("&lt;b&gt;"), std::string::npos);
    EXPECT_NE(html_of(table, 3).find("&lt;b&gt;"), std::string::npos);
}

}  // namespace
}  // namespace qiao::insight
