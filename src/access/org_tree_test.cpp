#include "access/org_tree.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace qiao::access {
namespace {

Org org(std::string code, std::string parent, std::string kind = "branch") {
    return {code, "unit " + code, std::move(parent), std::move(kind)};
}

const OrgTree bank({org("0000", "", "head"), org("3301", "0000"), org("33011", "3301", "outlet"),
                    org("33012", "3301", "outlet"), org("3302", "0000")});

TEST(OrgTree, SubtreeIsTheUnitAndAllBelow) {
    EXPECT_EQ(bank.subtree("3301"), (std::vector<std::string>{"3301", "33011", "33012"}));
    EXPECT_EQ(bank.subtree("0000").size(), 5u);
    EXPECT_EQ(bank.subtree("3302"), std::vector<std::string>{"3302"});
    EXPECT_TRUE(bank.subtree("9999").empty());
}

TEST(OrgTree, ScopeIsTheOwnSubtree) {
    EXPECT_TRUE(bank.in_scope("", "3302"));
    EXPECT_TRUE(bank.in_scope("", ""));
    EXPECT_TRUE(bank.in_scope("", "9999"));
    EXPECT_TRUE(bank.in_scope("3301", "33012"));
    EXPECT_TRUE(bank.in_scope("3301", "3301"));
    EXPECT_FALSE(bank.in_scope("3301", "3302"));
    EXPECT_FALSE(bank.in_scope("3301", "0000"));
    EXPECT_FALSE(bank.in_scope("3301", ""));
    EXPECT_FALSE(bank.in_scope("3301", "9999"));
    EXPECT_FALSE(bank.in_scope("9999", "3301"));
}

TEST(OrgTree, KnowsTheWayUp) {
    EXPECT_EQ(bank.path_up("33011"), (std::vector<std::string>{"33011", "3301", "0000"}));
    EXPECT_TRUE(bank.path_up("9999").empty());
}

TEST(JudgeOrg, RefusesACycle) {
    EXPECT_EQ(judge_org(bank, org("3301", "33011")).error().reason, "access.org_cycle");
    EXPECT_EQ(judge_org(bank, org("3301", "3301")).error().reason, "access.org_cycle");
    EXPECT_EQ(judge_org(bank, org("new", "new")).error().reason, "access.org_cycle");
    EXPECT_TRUE(judge_org(bank, org("33011", "3302")));
}

TEST(JudgeOrg, RefusesAnUnknownParentAndKind) {
    EXPECT_EQ(judge_org(bank, org("1", "2")).error().reason, "access.org_unknown");
    EXPECT_EQ(judge_org(bank, org("1", "", "shop")).error().reason, "access.org_kind");
    EXPECT_EQ(judge_org(bank, org("", "")).error().pointer, "/code");
}

// Every unit's parent is an earlier one, so the tree is sound; scope must be what walking up says.
RC_GTEST_PROP(OrgTreeProperty, ScopeAgreesWithWalkingUp, ()) {
    const auto count = *rc::gen::inRange(1, 40);
    std::vector<Org> orgs;
    for (int at = 0; at < count; ++at) {
        const auto parent = *rc::gen::inRange(-1, at);
        orgs.push_back(org(std::to_string(at), parent < 0 ? "" : std::to_string(parent)));
    }
    const OrgTree tree(orgs);
    for (int above = 0; above < count; ++above) {
        std::size_t within = 0;
        for (int below = 0; below < count; ++below) {
            bool reached = false;
            for (auto code = std::to_string(below); !code.empty() && !reached;
                 code = orgs[static_cast<std::size_t>(std::stoi(code))].parent)
                reached = code == std::to_string(above);
            RC_ASSERT(tree.is_within(std::to_string(above), std::to_string(below)) == reached);
            within += reached;
        }
        RC_ASSERT(tree.subtree(std::to_string(above)).size() == within);
    }
}

}  // namespace
}  // namespace qiao::access
