#include "work/items.hpp"

#include <gtest/gtest.h>

#include "access/roles.hpp"
#include "sql/testing/both_engines.hpp"
#include "work/notices.hpp"

namespace qiao::work {
namespace {

class WorkTest : public sql::testing::BothEngines {
protected:
    TestClock clock{parse_time("2026-10-01T00:00:00Z").value()};
    const access::Principal qiao = access::system_principal();
    const access::Principal viewer{"usr_2", "He", "viewer", 1u, "", false};
};
QIAO_ON_BOTH_ENGINES(WorkTest);

TEST_P(WorkTest, OneSubjectHasOneOpenItem) {
    access::AuditLog audit(database(), clock);
    access::Orgs orgs(database(), clock, audit);
    Items items(database(), audit, orgs, clock);
    const auto open = [&] {
        auto transaction = database().begin();
        Item item;
        item.kind = "alert";
        item.title = "look";
        item.subject = "alr_1";
        item.figures = R"({"value":1})";
        item.assignee = viewer.id;
        auto id = items.open(*transaction, item, qiao);
        transaction->commit();
        return id;
    };
    const auto first = open();
    EXPECT_EQ(open(), first);
    EXPECT_EQ(items.open_of(viewer.id), 1u);
    ItemChange done;
    done.is_done = true;
    ASSERT_TRUE(items.change(first, done, 1, viewer));
    EXPECT_EQ(items.open_of(viewer.id), 0u);
    EXPECT_NE(open(), first);
}

TEST_P(WorkTest, AnItemOfAnotherUnitShowsNoFigures) {
    access::AuditLog audit(database(), clock);
    access::Orgs orgs(database(), clock, audit);
    ASSERT_TRUE(orgs.create(qiao, {"33", "Zhejiang", "", "branch"}));
    Items items(database(), audit, orgs, clock);
    const access::Principal branch{"usr_3", "Wei", "branch", 1u, "33", false};
    Item item;
    item.title = "look";
    item.figures = R"({"value":1})";
    item.assignee = branch.id;
    auto transaction = database().begin();
    const auto id = items.open(*transaction, item, qiao);
    item.assignee.clear();
    item.subject = "other";
    const auto other = items.open(*transaction, item, qiao);
    transaction->commit();
    EXPECT_EQ(items.get(id, branch)->figures, "{}");
    EXPECT_EQ(items.get(id, viewer)->figures, R"({"value":1})");
    EXPECT_EQ(items.get(other, branch).error().reason, "work.no_item");
    EXPECT_EQ(items.list({}, branch).size(), 1u);
    EXPECT_EQ(items.list({}, viewer).size(), 2u);
}

TEST_P(WorkTest, ANoticeLeavesAtMostOnceUnlessItCouldNot) {
    access::AuditLog audit(database(), clock);
    access::Orgs orgs(database(), clock, audit);
    Notices notices(database(), orgs, clock);
    auto transaction = database().begin();
    notices.add(*transaction, {{}, "usr_2", "alert", "look", "{}", "/x", {}, false});
    transaction->commit();
    for (int i = 0; i < 5; ++i) {
        const auto taken = notices.take_unmailed();
        ASSERT_TRUE(taken) << i;
        EXPECT_FALSE(notices.take_unmailed());
        notices.settle_mail(taken->id, Notices::Mailed::again);
    }
    EXPECT_FALSE(notices.take_unmailed());  // five tries are enough
    EXPECT_EQ(notices.unread("usr_2"), 1u);
    EXPECT_EQ(notices.list(viewer, false, 10).at(0).link, "/x");
    auto moved = viewer;  // who sees a branch alone now, does not see the bank's numbers
    moved.org = "33";
    EXPECT_EQ(notices.list(moved, false, 10).at(0).link, "");
    clock.set(clock.now() + std::chrono::hours(24 * 91));
    notices.purge();
    EXPECT_TRUE(notices.list(viewer, false, 10).empty());
}

}  // namespace
}  // namespace qiao::work
