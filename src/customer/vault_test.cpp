#include "customer/vault.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "runtime/clock.hpp"

namespace qiao::customer {

namespace {

class VaultTest : public testing::Test {
protected:
    void SetUp() override {
        char pattern[] = "/tmp/qiao_vault_XXXXXX";
        directory = mkdtemp(pattern);
        open_store();
        open_vault();
    }
    void TearDown() override {
        vault.reset();
        store.reset();
        std::filesystem::remove_all(directory);
    }
    void open_store() { store = journal::Store::open(directory / "journal", {}, clock).value(); }
    void open_vault() { vault = Vault::open(directory / "keys", *store).value(); }
    void reopen() {
        vault.reset();
        store.reset();
        open_store();
        open_vault();
    }

    std::filesystem::path directory;
    SystemClock clock;
    std::unique_ptr<journal::Store> store;
    std::unique_ptr<Vault> vault;
    Identity ann{"user_id", "ann", {}}, bob{"user_id", "bob", {}};
};

TEST_F(VaultTest, OpensWhatItSealedAlsoAfterARestart) {
    const auto sealed = vault->seal(ann, "phone", "13812345678");
    EXPECT_EQ(sealed.ciphertext.find("138"), std::string::npos);
    EXPECT_EQ(vault->unseal(sealed.ciphertext).value(), "13812345678");
    reopen();
    EXPECT_EQ(vault->unseal(sealed.ciphertext).value(), "13812345678");
    EXPECT_EQ(vault->hash("phone", "+86 138-1234-5678"), sealed.hash);
}

TEST_F(VaultTest, SealsTheEmptyText) {
    EXPECT_EQ(vault->unseal(vault->seal(ann, "remark", "").ciphertext).value(), "");
}

TEST_F(VaultTest, HashesDifferByKindAndInstallation) {
    EXPECT_EQ(vault->hash("phone", "1").size(), 32u);
    EXPECT_NE(vault->hash("phone", "1"), vault->hash("account", "1"));
    const auto other = Vault::open(directory / "other keys", *store).value();
    EXPECT_NE(vault->hash("phone", "1"), other->hash("phone", "1"));
}

TEST_F(VaultTest, DestroyedKeyOpensNothingAndTheNextOneIsFresh) {
    const auto before = vault->seal(ann, "phone", "1");
    const auto of_bob = vault->seal(bob, "phone", "1");
    vault->destroy(std::vector{ann});
    ASSERT_FALSE(vault->unseal(before.ciphertext).has_value());
    EXPECT_EQ(vault->unseal(before.ciphertext).error().reason, "vault.destroyed");
    EXPECT_TRUE(vault->unseal(of_bob.ciphertext).has_value());
    const auto after = vault->seal(ann, "phone", "1");
    EXPECT_EQ(after.hash, before.hash);
    EXPECT_EQ(vault->unseal(before.ciphertext).error().reason, "vault.destroyed");
    EXPECT_EQ(vault->unseal(after.ciphertext).value(), "1");
    reopen();
    EXPECT_EQ(vault->unseal(before.ciphertext).error().reason, "vault.destroyed");
}

// RocksDB keeps deleted values in its files until they are rewritten; a destroyed key must not be
// there for whoever takes the disk and the master key.
TEST_F(VaultTest, DestroyedKeyIsGoneFromTheFiles) {
    vault->seal(ann, "phone", "1");
    std::string wrapped;
    std::unique_ptr<rocksdb::Iterator> it(
        store->db().NewIterator(rocksdb::ReadOptions{}, store->meta()));
    it->Seek("vault/");
    ASSERT_TRUE(it->Valid());
    wrapped = it->value().ToString();
    it.reset();
    vault->destroy(std::vector{ann});
    vault.reset();
    store.reset();
    for (const auto& file : std::filesystem::recursive_directory_iterator(directory / "journal")) {
        if (!file.is_regular_file())
            continue;
        std::ifstream in(file.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        EXPECT_EQ(bytes.find(wrapped.substr(0, 40)), std::string::npos);
    }
    open_store();
    open_vault();
}

TEST_F(VaultTest, DamagedTextIsAnOutcome) {
    auto sealed = vault->seal(ann, "phone", "13812345678").ciphertext;
    sealed[40] = sealed[40] == 'A' ? 'B' : 'A';
    for (const std::string& text : {std::string{}, std::string("x"), std::string("AAAA"), sealed})
        EXPECT_EQ(vault->unseal(text).error().reason, "vault.corrupt") << text;
}

TEST_F(VaultTest, MasterKeyIsForItsOwnerAlone) {
    struct stat status {};
    ASSERT_EQ(stat((directory / "keys/master.key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    vault.reset();
    chmod((directory / "keys/master.key").c_str(), 0640);
    EXPECT_EQ(Vault::open(directory / "keys", *store).error().reason, "vault.key_permissions");
    chmod((directory / "keys/master.key").c_str(), 0600);
    open_vault();
}

TEST_F(VaultTest, LostMasterKeyIsNotReplacedByANewOne) {
    vault->seal(ann, "phone", "1");
    vault.reset();
    std::filesystem::remove(directory / "keys/master.key");
    EXPECT_EQ(Vault::open(directory / "keys", *store).error().reason, "vault.key_missing");
    EXPECT_FALSE(std::filesystem::exists(directory / "keys/master.key"));
}

TEST_F(VaultTest, DamagedMasterKeyIsRefused) {
    vault.reset();
    std::filesystem::resize_file(directory / "keys/master.key", 40);
    EXPECT_EQ(Vault::open(directory / "keys", *store).error().reason, "vault.key_invalid");
}

TEST_F(VaultTest, ManyThreadsMakeOneKeyForASubject) {
    std::vector<std::string> sealed(8);
    std::vector<std::thread> threads;
    for (auto& text : sealed)
        threads.emplace_back([&] { text = vault->seal(ann, "phone", "1").ciphertext; });
    for (auto& thread : threads)
        thread.join();
    for (const auto& text : sealed)
        EXPECT_EQ(vault->unseal(text).value(), "1");
}

TEST_F(VaultTest, SensitiveIdentitiesAreHashedAndSealedOthersStay) {
    const auto phone = vault->seal_identity(ann, "phone", "13812345678");
    EXPECT_EQ(phone.value, vault->hash("phone", "13812345678"));
    EXPECT_EQ(vault->unseal(phone.sealed).value(), "13812345678");
    const auto alone = vault->seal_identity("phone", "13812345678");
    EXPECT_EQ(alone.value, phone.value);
    EXPECT_EQ(vault->unseal(alone.sealed).value(), "13812345678");
    EXPECT_EQ(vault->seal_identity("open_id", "o1"), (Identity{"open_id", "o1", {}}));
}

}  // namespace

TEST(Normalise, WritesOnePhoneOneWay) {
    for (const char* text : {"13812345678", "+8613812345678", "0086 138 1234 5678", "138-1234-5678",
                             " 8613812345678 "})
        EXPECT_EQ(normalise("phone", text), "13812345678") << text;
    EXPECT_EQ(normalise("email", " Zhang@Bank.CN "), "zhang@bank.cn");
    EXPECT_EQ(normalise("id_card", "11010119900307123x"), "11010119900307123X");
    EXPECT_EQ(normalise("user_id", " U 1 "), "U 1");
}

}  // namespace qiao::customer
