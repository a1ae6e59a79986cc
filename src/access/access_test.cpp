#include "access/access.hpp"

#include <boost/json.hpp>

#include "sql/testing/both_engines.hpp"

namespace qiao::access {
namespace {

constexpr Duration hour = std::chrono::hours(1), minute = std::chrono::minutes(1);
constexpr const char* password = "correct horse battery";

class AccessTest : public sql::testing::BothEngines {
protected:
    void SetUp() override {
        BothEngines::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        audit = std::make_unique<AuditLog>(database(), clock);
        orgs = std::make_unique<Orgs>(database(), clock, *audit);
        access = std::make_unique<Access>(database(), clock, *audit, *orgs);
        ASSERT_TRUE(orgs->put_all(root, {{"33011", "Gulou outlet", "3301", "outlet"},
                                         {"3301", "Hangzhou", "0000", "branch"},
                                         {"3302", "Ningbo", "0000", "branch"},
                                         {"0000", "Head office", "", "head"}}));
    }
    void advance(Duration by) { clock.set(clock.now() + by); }

    Person add(std::string login, std::string role, std::string org = "") {
        auto made = access->create_person(root, {login, "Name of " + login, role, org}).value();
        auto session = access->sign_in_by_link(made.link_token).value();
        const auto who = principal(session).value();
        EXPECT_TRUE(access->change_password(who, session.session_token, "", password));
        access->sign_out(session.session_token);
        return made.person;
    }
    Result<Principal> principal(const SignedIn& session, bool changes = false,
                                std::string csrf = {}) {
        return access->authenticate("", session.session_token, csrf, changes, clock.now());
    }
    Principal signed_in(std::string login, std::string role, std::string org = "") {
        add(login, role, org);
        return principal(access->sign_in(login, password).value()).value();
    }

    TestClock clock{time_from_ms(1'790'000'000'000)};
    const Principal root = system_principal();
    std::unique_ptr<AuditLog> audit;
    std::unique_ptr<Orgs> orgs;
    std::unique_ptr<Access> access;
};
QIAO_ON_BOTH_ENGINES(AccessTest);

TEST_P(AccessTest, APersonSignsInByLinkThenByPassword) {
    EXPECT_FALSE(access->has_people());
    const auto made = access->create_person(root, {"Ana", "Ana", "operator", ""}).value();
    EXPECT_TRUE(access->has_people());
    EXPECT_EQ(made.person.login, "ana");
    const auto by_link = access->sign_in_by_link(made.link_token).value();
    EXPECT_TRUE(by_link.by_link);
    EXPECT_EQ(access->sign_in_by_link(made.link_token).error().reason, "access.link_invalid");

    const auto who = principal(by_link).value();
    EXPECT_EQ(who.id, made.person.id);
    EXPECT_TRUE(who.may(Permission::edit_audiences));
    EXPECT_FALSE(who.may(Permission::approve_campaigns));
    ASSERT_TRUE(access->change_password(who, by_link.session_token, "", password));

    const auto by_password = access->sign_in("ANA", password).value();
    EXPECT_FALSE(by_password.by_link);
    EXPECT_TRUE(by_password.person.has_password);
    EXPECT_NE(by_password.session_token, by_link.session_token);
}

TEST_P(AccessTest, ALinkEndsAfterADay) {
    const auto made = access->create_person(root, {"ana", "Ana", "operator", ""}).value();
    advance(24 * hour);
    EXPECT_EQ(access->sign_in_by_link(made.link_token).error().reason, "access.link_invalid");
    const auto again = access->reset_person(root, made.person.id).value();
    advance(24 * hour - Duration(1));
    EXPECT_TRUE(access->sign_in_by_link(again.link_token));
}

TEST_P(AccessTest, WrongCredentialsSoundAlike) {
    add("ana", "operator");
    const auto wrong = access->sign_in("ana", "wrong").error();
    const auto unknown = access->sign_in("bob", "wrong").error();
    EXPECT_EQ(wrong.reason, "access.wrong_credentials");
    EXPECT_EQ(wrong.code, ErrorCode::unauthenticated);
    EXPECT_EQ(wrong.detail, unknown.detail);
    EXPECT_EQ(access->sign_in("ana", "").error().reason, "access.wrong_credentials");
}

TEST_P(AccessTest, TenWrongPasswordsLockAndALinkUnlocks) {
    const auto ana = add("ana", "operator");
    for (int wrong = 1; wrong < 10; ++wrong)
        EXPECT_EQ(access->sign_in("ana", "wrong").error().reason, "access.wrong_credentials");
    const auto tenth = access->sign_in("ana", "wrong").error();
    EXPECT_EQ(tenth.reason, "access.locked");
    EXPECT_EQ(tenth.retry_after_s, 300);
    EXPECT_EQ(access->sign_in("ana", password).error().reason, "access.locked");
    EXPECT_EQ(audit->list({"", "login.locked", ana.id}).size(), 1u);

    advance(5 * minute);
    EXPECT_TRUE(access->sign_in("ana", password));
    for (int wrong = 0; wrong < 10; ++wrong)
        (void)access->sign_in("ana", "wrong");
    EXPECT_EQ(access->sign_in("ana", password).error().reason, "access.locked");
    const auto link = access->reset_person(root, ana.id).value().link_token;
    EXPECT_TRUE(access->sign_in_by_link(link));
}

TEST_P(AccessTest, ASessionEndsAfterTwelveIdleHoursOrSevenDays) {
    add("ana", "operator");
    const auto idle = access->sign_in("ana", password).value();
    advance(12 * hour - Duration(1));
    EXPECT_TRUE(principal(idle));
    advance(12 * hour);
    EXPECT_EQ(principal(idle).error().reason, "access.session_over");

    const auto busy = access->sign_in("ana", password).value();
    for (int turn = 0; turn < 16; ++turn) {
        advance(10 * hour);
        ASSERT_TRUE(principal(busy));
    }
    advance(8 * hour);
    EXPECT_EQ(principal(busy).error().reason, "access.session_over");
    access->purge();
    EXPECT_EQ(database().query_one("SELECT count(*) FROM access_sessions")->integer(0), 0);
}

TEST_P(AccessTest, AChangeNeedsTheSessionsOwnCsrfToken) {
    add("ana", "operator");
    const auto mine = access->sign_in("ana", password).value();
    const auto other = access->sign_in("ana", password).value();
    EXPECT_TRUE(principal(mine, true, mine.csrf_token));
    EXPECT_EQ(principal(mine, true).error().reason, "access.csrf");
    EXPECT_EQ(principal(mine, true, other.csrf_token).error().reason, "access.csrf");
    EXPECT_EQ(access->session(mine.session_token)->csrf_token, mine.csrf_token);
}

TEST_P(AccessTest, SigningOutEndsThatSession) {
    add("ana", "operator");
    const auto mine = access->sign_in("ana", password).value();
    const auto other = access->sign_in("ana", password).value();
    access->sign_out(mine.session_token);
    access->sign_out("not a session");
    EXPECT_EQ(principal(mine).error().reason, "access.session_over");
    EXPECT_TRUE(principal(other));
    EXPECT_EQ(access->authenticate("", "", "", false, clock.now()).error().reason,
              "access.sign_in_needed");
}

TEST_P(AccessTest, ANewPasswordNeedsTheOldOneAndEndsOtherSessions) {
    add("ana", "operator");
    const auto mine = access->sign_in("ana", password).value();
    const auto other = access->sign_in("ana", password).value();
    const auto who = principal(mine).value();
    const auto change = [&](std::string_view old_one, std::string_view new_one) {
        return access->change_password(who, mine.session_token, old_one, new_one);
    };
    EXPECT_EQ(change("wrong", "another good one").error().pointer, "/password/old");
    EXPECT_EQ(change(password, "12345678901").error().pointer, "/password/new");
    EXPECT_EQ(change(password, "ana ana ana ana").error().reason, "access.weak_password");
    EXPECT_EQ(change(password, "xxxxxxxxxxxx").error().reason, "access.weak_password");
    ASSERT_TRUE(change(password, "another good one"));
    EXPECT_TRUE(principal(mine));
    EXPECT_EQ(principal(other).error().reason, "access.session_over");
    EXPECT_FALSE(access->sign_in("ana", password));
    EXPECT_TRUE(access->sign_in("ana", "another good one"));
}

TEST_P(AccessTest, ASwitchedOffPersonIsOutAtOnce) {
    const auto ana = add("ana", "operator");
    const auto session = access->sign_in("ana", password).value();
    PersonChange off;
    off.active = false;
    ASSERT_TRUE(access->update_person(root, ana.id, off, {}));
    EXPECT_EQ(principal(session).error().reason, "access.session_over");
    EXPECT_EQ(access->sign_in("ana", password).error().reason, "access.wrong_credentials");
}

TEST_P(AccessTest, ANewRoleHoldsFromTheNextRequest) {
    const auto ana = add("ana", "viewer");
    const auto session = access->sign_in("ana", password).value();
    EXPECT_FALSE(principal(session)->may(Permission::edit_audiences));
    PersonChange up;
    up.role = "operator";
    ASSERT_TRUE(access->update_person(root, ana.id, up, 1));
    EXPECT_TRUE(principal(session)->may(Permission::edit_audiences));
    EXPECT_EQ(access->update_person(root, ana.id, up, 1).error().code, ErrorCode::stale);
}

TEST_P(AccessTest, RefusesPeopleThatCannotBe) {
    add("ana", "operator");
    const auto refused = [&](NewPerson person) {
        return access->create_person(root, person).error().reason;
    };
    EXPECT_EQ(refused({"ana", "Ana", "operator", ""}), "access.login_taken");
    EXPECT_EQ(refused({"a b", "Ana", "operator", ""}), "access.login_form");
    EXPECT_EQ(refused({"bob", "", "operator", ""}), "access.person_name");
    EXPECT_EQ(refused({"bob", "Bob", "king", ""}), "access.role_unknown");
    EXPECT_EQ(refused({"bob", "Bob", "operator", "77"}), "access.org_unknown");
}

TEST_P(AccessTest, ABranchAdministratorKeepsToTheBranch) {
    const auto hangzhou = signed_in("hz", "administrator", "3301");
    const auto ningbo = add("nb", "branch", "3302");
    EXPECT_EQ(access->create_person(hangzhou, {"a1", "A", "branch", "3302"}).error().reason,
              "access.out_of_scope");
    EXPECT_EQ(access->create_person(hangzhou, {"a1", "A", "branch", ""}).error().reason,
              "access.out_of_scope");
    EXPECT_TRUE(access->create_person(hangzhou, {"a1", "A", "branch", "33011"}));
    EXPECT_EQ(access->reset_person(hangzhou, ningbo.id).error().code, ErrorCode::not_found);
    EXPECT_EQ(access->person(hangzhou, ningbo.id).error().code, ErrorCode::not_found);
    EXPECT_EQ(access->people(hangzhou, "", 100).size(), 2u);
    EXPECT_EQ(access->people(root, "", 100).size(), 3u);
    EXPECT_EQ(access->people(root, "", 2).size(), 2u);
}

TEST_P(AccessTest, OnlyAdministratorsManagePeople) {
    const auto viewer = signed_in("vi", "viewer");
    const auto refusal = access->create_person(viewer, {"a1", "A", "viewer", ""}).error();
    EXPECT_EQ(refusal.reason, "access.forbidden");
    EXPECT_NE(refusal.detail.find("administrator"), std::string::npos);
}

TEST_P(AccessTest, TheLastAdministratorStays) {
    const auto first = add("first", "administrator");
    PersonChange down, off;
    down.role = "viewer";
    off.active = false;
    EXPECT_EQ(access->update_person(root, first.id, down, {}).error().reason,
              "access.last_administrator");
    EXPECT_EQ(access->update_person(root, first.id, off, {}).error().reason,
              "access.last_administrator");
    add("branch", "administrator", "3301");
    EXPECT_EQ(access->update_person(root, first.id, off, {}).error().reason,
              "access.last_administrator");
    add("second", "administrator");
    EXPECT_TRUE(access->update_person(root, first.id, off, {}));
}

TEST_P(AccessTest, ATokenOpensUntilItEndsOrIsRevoked) {
    const auto made =
        access->create_token(root, "ci", "administrator", "", clock.now() + 24 * hour).value();
    const auto open = [&] {
        return access->authenticate("Bearer " + made.secret, "", "", true, clock.now());
    };
    EXPECT_TRUE(open()->through_token);
    EXPECT_EQ(open()->id, made.token.id);
    EXPECT_EQ(
        access->authenticate("Bearer " + made.token.id, "", "", false, clock.now()).error().reason,
        "access.token_invalid");
    advance(24 * hour - Duration(1));
    EXPECT_TRUE(open());
    advance(Duration(1));
    EXPECT_EQ(open().error().reason, "access.token_expired");

    const auto other =
        access->create_token(root, "ci", "viewer", "3301", clock.now() + hour).value();
    ASSERT_TRUE(access->revoke_token(root, other.token.id));
    EXPECT_EQ(
        access->authenticate("bearer " + other.secret, "", "", false, clock.now()).error().reason,
        "access.token_invalid");
    EXPECT_EQ(access->create_token(root, "ci", "viewer", "", clock.now()).error().reason,
              "access.token_expiry");
}

TEST_P(AccessTest, NoSecretStandsInTheDatabase) {
    const auto made = access->create_person(root, {"ana", "Ana", "operator", ""}).value();
    const auto token = access->create_token(root, "ci", "viewer", "", clock.now() + hour).value();
    auto session = access->sign_in_by_link(made.link_token).value();
    ASSERT_TRUE(
        access->change_password(principal(session).value(), session.session_token, "", password));
    std::string all;
    for (const auto* table : {"access_people", "access_sessions", "access_links", "access_tokens",
                              "access_tries", "access_audit"})
        for (const auto& row : database().query(std::string("SELECT * FROM ") + table))
            for (const auto& cell : row.cells_)
                if (const auto* text = std::get_if<std::string>(&cell))
                    all += *text + "\n";
    for (const auto& secret : {made.link_token, token.secret, session.session_token,
                               session.csrf_token, std::string(password)})
        EXPECT_EQ(all.find(secret), std::string::npos);
    EXPECT_NE(all.find("$argon2id$"), std::string::npos);
}

TEST_P(AccessTest, UnitsInUseStay) {
    add("ana", "branch", "33011");
    EXPECT_EQ(orgs->remove(root, "3301").error().reason, "access.org_in_use");
    EXPECT_EQ(orgs->remove(root, "33011").error().reason, "access.org_in_use");
    ASSERT_TRUE(orgs->remove(root, "3302"));
    EXPECT_EQ(orgs->remove(root, "3302").error().reason, "access.org_not_found");
    EXPECT_TRUE(orgs->tree()->find("3302") == nullptr);
    EXPECT_TRUE(Orgs(database(), clock, *audit).tree()->find("3301") != nullptr);
}

TEST_P(AccessTest, AMovedUnitMovesTheScope) {
    int told = 0;
    orgs->on_change([&] { ++told; });
    EXPECT_TRUE(orgs->in_scope("3301", "33011"));
    OrgChange move;
    move.parent = "3302";
    ASSERT_TRUE(orgs->update(root, "33011", move, 1));
    EXPECT_FALSE(orgs->in_scope("3301", "33011"));
    EXPECT_TRUE(orgs->in_scope("3302", "33011"));
    EXPECT_EQ(told, 1);
    EXPECT_EQ(orgs->update(root, "33011", move, 1).error().code, ErrorCode::stale);
    move.parent = "33011";
    EXPECT_EQ(orgs->update(root, "3302", move, {}).error().reason, "access.org_cycle");
    EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace qiao::access
