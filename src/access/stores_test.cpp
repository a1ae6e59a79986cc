#include <boost/json.hpp>
#include <thread>

#include "access/audit.hpp"
#include "access/roles.hpp"
#include "access/settings_store.hpp"
#include "access/write_keys.hpp"
#include "sql/testing/both_engines.hpp"

namespace qiao::access {
namespace {

class StoresTest : public sql::testing::BothEngines {
protected:
    void SetUp() override {
        BothEngines::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        audit = std::make_unique<AuditLog>(database(), clock);
    }
    TestClock clock{time_from_ms(1'790'000'000'000)};
    const Principal root = system_principal();
    std::unique_ptr<AuditLog> audit;
};
QIAO_ON_BOTH_ENGINES(StoresTest);

TEST_P(StoresTest, TheAuditLogIsAChain) {
    EXPECT_TRUE(audit->verify().ok);
    EXPECT_EQ(audit->verify().entries, 0);
    for (int at = 0; at < 5; ++at)
        audit->add(root, {"customer.seen", "cus_" + std::to_string(at), "opened 手机号", "a call"});
    const auto verdict = audit->verify();
    EXPECT_TRUE(verdict.ok);
    EXPECT_EQ(verdict.entries, 5);
    EXPECT_EQ(verdict.head, audit->list({}).front().hash);
}

TEST_P(StoresTest, AChangedEntryBreaksTheChain) {
    for (int at = 0; at < 5; ++at)
        audit->add(root, {"customer.seen", "cus_" + std::to_string(at)});
    for (const std::string change : {"UPDATE access_audit SET summary = 'x' WHERE seq = 3",
                                     "UPDATE access_audit SET at = 1 WHERE seq = 3",
                                     "UPDATE access_audit SET who = 'usr' WHERE seq = 3",
                                     "UPDATE access_audit SET hash = 'x' WHERE seq = 3",
                                     "DELETE FROM access_audit WHERE seq = 3"}) {
        auto transaction = database().begin();
        const auto kept =
            transaction->query_one("SELECT summary, at, who, hash FROM access_audit WHERE seq = 3");
        transaction->execute(change);
        transaction->commit();
        const auto verdict = audit->verify();
        EXPECT_FALSE(verdict.ok) << change;
        EXPECT_EQ(verdict.broken_at, 3) << change;
        database().execute(
            "UPDATE access_audit SET summary = $1, at = $2, who = $3, hash = $4 WHERE seq = 3",
            kept->cells_);
    }
    EXPECT_FALSE(audit->verify().ok);
}

TEST_P(StoresTest, FieldsDoNotRunIntoEachOther) {
    audit->add(root, {"a.b", "cd"});
    database().execute("UPDATE access_audit SET action = 'a.bc', object = 'd'");
    EXPECT_FALSE(audit->verify().ok);
}

TEST_P(StoresTest, AnEntryFallsWithItsChange) {
    {
        auto transaction = database().begin();
        audit->add(*transaction, root, {"a.b", "x"});
    }
    EXPECT_TRUE(audit->list({}).empty());
}

TEST_P(StoresTest, TheAuditLogIsSearched) {
    const Principal ana{"usr_ana", "Ana", "operator"};
    audit->add(root, {"person.created", "usr_ana"});
    audit->add(ana, {"audience.created", "aud_1"});
    audit->add(ana, {"audience.updated", "aud_1"});
    EXPECT_EQ(audit->list({"usr_ana", "", ""}).size(), 2u);
    EXPECT_EQ(audit->list({"", "audience.", ""}).size(), 2u);
    EXPECT_EQ(audit->list({"", "audience.created", ""}).size(), 1u);
    EXPECT_EQ(audit->list({"an", "", ""}).size(), 2u);
    EXPECT_EQ(audit->list({"a%n", "", ""}).size(), 0u);
    EXPECT_EQ(audit->list({"", "audience_", ""}).size(), 0u);
    EXPECT_EQ(audit->list({"", "", "aud_1"}).front().note.action, "audience.updated");
    EXPECT_EQ(audit->list({"", "", "", 3, 1}).front().seq, 2);
    EXPECT_EQ(audit->list({"", "", "", 1}).size(), 0u);
}

TEST_P(StoresTest, WriteKeysAreFoundWhileActive) {
    WriteKeys keys(database(), clock, *audit);
    const auto key = keys.create(root, "web", "segment").value();
    ASSERT_NE(keys.find(key.value), nullptr);
    EXPECT_EQ(keys.find(key.value)->id, key.id);
    EXPECT_EQ(keys.find_by_name("web")->id, key.id);
    EXPECT_EQ(keys.find("other"), nullptr);
    EXPECT_EQ(keys.find(""), nullptr);

    WriteKeyChange off;
    off.active = false;
    ASSERT_TRUE(keys.update(root, key.id, off, 1));
    EXPECT_EQ(keys.update(root, key.id, off, 1).error().code, ErrorCode::stale);
    EXPECT_EQ(keys.find(key.value), nullptr);
    EXPECT_EQ(WriteKeys(database(), clock, *audit).find(key.value), nullptr);
    EXPECT_EQ(keys.list().size(), 1u);
    off.active = true;
    ASSERT_TRUE(keys.update(root, key.id, off, 2));
    EXPECT_NE(WriteKeys(database(), clock, *audit).find(key.value), nullptr);
    ASSERT_TRUE(keys.remove(root, key.id));
    EXPECT_EQ(keys.find(key.value), nullptr);
    EXPECT_EQ(keys.remove(root, key.id).error().code, ErrorCode::not_found);
}

TEST_P(StoresTest, WriteKeysAreJudged) {
    WriteKeys keys(database(), clock, *audit);
    EXPECT_EQ(keys.create(root, "", "segment").error().pointer, "/name");
    EXPECT_EQ(keys.create(root, "web", "other").error().pointer, "/kind");
    EXPECT_EQ(keys.create(root, "web", "segment", "a:bcdefghij").error().pointer, "/write_key");
    EXPECT_TRUE(keys.create(root, "web", "segment", "my-own-key"));
    EXPECT_EQ(keys.create(root, "web", "segment", "my-own-key").error().code, ErrorCode::conflict);
    EXPECT_EQ(WriteKeys::masked("my-own-key"), "my-o…");
}

TEST_P(StoresTest, WriteKeysAreFoundDuringChanges) {
    WriteKeys keys(database(), clock, *audit);
    const auto key = keys.create(root, "web", "segment").value();
    std::atomic<bool> stop{false};
    std::atomic<int> missed{0};
    std::thread reader([&] {
        while (!stop)
            missed += keys.find(key.value) == nullptr;
    });
    for (int at = 0; at < 20; ++at)
        EXPECT_TRUE(keys.create(root, "more", "native"));
    stop = true;
    reader.join();
    EXPECT_EQ(missed, 0);
}

TEST_P(StoresTest, SettingsHaveDefaultsAndVersions) {
    SettingsStore settings(database(), clock, *audit);
    int told = 0;
    settings.on_change([&] { ++told; });
    EXPECT_EQ(settings.text("time_zone"), "Asia/Shanghai");
    EXPECT_EQ(settings.version(), 0);
    ASSERT_TRUE(
        settings.change(root, {{"institution_name", "桥城银行"}, {"history_months", 40}}, 0));
    EXPECT_EQ(settings.version(), 1);
    EXPECT_EQ(settings.number("history_months"), 40);
    EXPECT_EQ(told, 1);

    SettingsStore again(database(), clock, *audit);
    EXPECT_EQ(again.text("institution_name"), "桥城银行");
    EXPECT_EQ(again.version(), 1);
    EXPECT_EQ(again.change(root, {{"history_months", 50}}, 0).error().code, ErrorCode::stale);
    ASSERT_TRUE(again.change(root, {{"institution_name", nullptr}}, {}));
    EXPECT_EQ(again.text("institution_name"), "Qiao");
    EXPECT_EQ(again.version(), 2);
    EXPECT_EQ(audit->list({"", "settings.changed", ""}).size(), 2u);
}

TEST_P(StoresTest, SettingsRefuseWhatTheyDoNotKnow) {
    SettingsStore settings(database(), clock, *audit);
    const auto refused = [&](boost::json::object values) {
        return settings.change(root, values, {}).error();
    };
    EXPECT_EQ(refused({{"colour", "red"}}).reason, "access.setting_unknown");
    EXPECT_EQ(refused({{"time_zone", "Mars/Base"}}).pointer, "/time_zone");
    EXPECT_EQ(refused({{"unknown_events", "maybe"}}).reason, "access.setting_value");
    EXPECT_EQ(refused({{"history_months", 3}}).reason, "access.setting_value");
    EXPECT_EQ(refused({{"index_months", 1201}}).reason, "access.setting_value");
    EXPECT_TRUE(settings.change(root, {{"history_months", 4}, {"index_months", 1200}}, {}));
    EXPECT_TRUE(settings.change(root, {{"history_months", 0}}, {}));
    EXPECT_EQ(refused({{"default_language", "en"}, {"history_months", "x"}}).pointer,
              "/history_months");
    EXPECT_EQ(settings.number("history_months"), 0);
    EXPECT_EQ(refused({{"public_address", "bank.example"}}).pointer, "/public_address");
    EXPECT_TRUE(settings.change(root, {{"public_address", "https://bank.example"}}, {}));
    EXPECT_TRUE(settings.change(root, {{"unknown_events", "refuse"}}, {}));
}

TEST(Roles, BuildersDoNotApproveAndViewersSeeNoCustomers) {
    const auto may = [](std::string_view role, Permission permission) {
        Principal who;
        who.permissions = find_role(role)->permissions;
        return who.may(permission);
    };
    EXPECT_EQ(all_roles().size(), 6u);
    for (const auto& role : all_roles())
        EXPECT_TRUE(may(role.role, Permission::view));
    EXPECT_FALSE(may("operator", Permission::approve_campaigns));
    EXPECT_FALSE(may("approver", Permission::edit_campaigns));
    EXPECT_FALSE(may("viewer", Permission::view_customers));
    EXPECT_FALSE(may("analyst", Permission::view_personal));
    EXPECT_EQ(permission_names(find_role("administrator")->permissions).size(), 15u);
    EXPECT_EQ(find_role("king"), nullptr);
}

}  // namespace
}  // namespace qiao::access
