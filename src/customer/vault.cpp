#include "customer/vault.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <list>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

#include "base/check.hpp"
#include "customer/detail/aes_gcm.hpp"
#include "customer/detail/base64.hpp"

namespace qiao::customer {

using detail::Key;

namespace {

constexpr std::string_view master_file = "master.key";
constexpr std::string_view master_heading = "qiao master key 1\n";
constexpr std::string_view key_prefix = "vault/";
constexpr char sealed_version = 1;
constexpr std::size_t subject_size = 16;
constexpr std::size_t tag_size = 4;
constexpr std::size_t stripes = 64;
constexpr std::size_t cached_per_stripe = 512;

std::string hmac(const Key& key, std::string_view bytes) {
    std::array<unsigned char, 32> digest;
    unsigned size = 0;
    check(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
               reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data(),
               &size) != nullptr);
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Key as_key(std::string_view bytes) {
    check(bytes.size() == Key{}.size());
    Key key;
    std::memcpy(key.data(), bytes.data(), key.size());
    return key;
}

std::string random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1)
        throw std::runtime_error("the system gives no random bytes");
    return bytes;
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (unsigned char byte : bytes) {
        hex.push_back(digits[byte >> 4]);
        hex.push_back(digits[byte & 15]);
    }
    return hex;
}

Result<std::string> from_hex(std::string_view hex) {
    std::string bytes;
    auto digit = [](char c) {
        if (c >= '0' && c <= '9')
            return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
        const int high = digit(hex[at]), low = digit(hex[at + 1]);
        if (high < 0 || low < 0)
            break;
        bytes.push_back(static_cast<char>(high * 16 + low));
    }
    if (bytes.size() * 2 != hex.size())
        return fail(ErrorCode::invalid, "vault.key_invalid",
                    "the master key file is damaged; put back the copy that was kept apart");
    return bytes;
}

// ---- the master key's file ----

Result<Key> read_master(int file) {
    struct stat status {};
    check(fstat(file, &status) == 0);
    if ((status.st_mode & 077) != 0)
        return fail(ErrorCode::invalid, "vault.key_permissions",
                    "others than the owner may read the master key file; set its mode to 0600");
    std::string text(master_heading.size() + 65, '\0');
    const auto size = ::read(file, text.data(), text.size());
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    if (!text.starts_with(master_heading) || text.size() < master_heading.size() + 64)
        return fail(ErrorCode::invalid, "vault.key_invalid",
                    "the master key file is damaged; put back the copy that was kept apart");
    auto bytes = from_hex(std::string_view(text).substr(master_heading.size(), 64));
    if (!bytes)
        return fail(bytes.error());
    return as_key(*bytes);
}

// A new key is on the disk, its directory entry too, before anything is sealed with it.
Key write_master(const std::filesystem::path& path) {
    const auto bytes = random_bytes(32);
    const auto text = std::string(master_heading) + to_hex(bytes) + "\n";
    const auto draft = path.string() + ".new";
    const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool is_written =
        file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(file) == 0;
    if (file >= 0)
        ::close(file);
    if (!is_written || ::rename(draft.c_str(), path.c_str()) != 0)
        throw std::runtime_error("the master key file cannot be written");
    const int directory = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        ::fsync(directory);
        ::close(directory);
    }
    return as_key(bytes);
}

bool holds_keys(journal::Store& store) {
    std::unique_ptr<rocksdb::Iterator> it(
        store.db().NewIterator(rocksdb::ReadOptions{}, store.meta()));
    it->Seek(rocksdb::Slice(key_prefix.data(), key_prefix.size()));
    return it->Valid() &&
           it->key().starts_with(rocksdb::Slice(key_prefix.data(), key_prefix.size()));
}

Result<Key> open_master(const std::filesystem::path& directory, journal::Store& store) {
    std::filesystem::create_directories(directory);
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
    const auto path = directory / master_file;
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        if (holds_keys(store))
            return fail(ErrorCode::invalid, "vault.key_missing",
                        "the master key file is gone; put back the copy that was kept apart, "
                        "without it no personal value can be read");
        return write_master(path);
    }
    auto key = read_master(file);
    ::close(file);
    return key;
}

}  // namespace

struct Vault::Impl {
    Impl(const Key& master, journal::Store& the_store)
        : store(the_store),
          wrapping(as_key(hmac(master, "qiao vault: wrap data keys"))),
          looking_up(as_key(hmac(master, "qiao vault: look up by hash"))) {}

    // A subject's data key with the tag that tells it from the subject's earlier ones.
    struct DataKey {
        std::string tag;
        Key key;
    };

    // The newest at the front; the oldest falls out.
    struct Stripe {
        std::mutex mutex;
        std::list<std::pair<std::string, DataKey>> recent;
        std::unordered_map<std::string_view, std::list<std::pair<std::string, DataKey>>::iterator>
            by_id;

        const DataKey& keep(std::string id, DataKey key) {
            recent.emplace_front(std::move(id), std::move(key));
            by_id[recent.front().first] = recent.begin();
            if (recent.size() > cached_per_stripe) {
                by_id.erase(recent.back().first);
                recent.pop_back();
            }
            return recent.front().second;
        }
        const DataKey* find(std::string_view id) {
            auto at = by_id.find(id);
            if (at == by_id.end())
                return nullptr;
            recent.splice(recent.begin(), recent, at->second);
            return &at->second->second;
        }
        void drop(std::string_view id) {
            auto at = by_id.find(id);
            if (at == by_id.end())
                return;
            auto entry = at->second;
            by_id.erase(at);
            recent.erase(entry);
        }
    };

    Stripe& stripe_of(std::string_view id) {
        return cache[static_cast<unsigned char>(id.front()) % stripes];
    }

    std::string id_of(const Identity& subject) const {
        return hmac(looking_up, "subject " + subject.kind + '\0' + subject.value)
            .substr(0, subject_size);
    }

    // Under the stripe's lock.
    const DataKey* load(Stripe& stripe, const std::string& id) {
        if (const auto* cached = stripe.find(id))
            return cached;
        std::string wrapped;
        const auto status = store.db().Get(rocksdb::ReadOptions{}, store.meta(),
                                           std::string(key_prefix) + id, &wrapped);
        if (status.IsNotFound())
            return nullptr;
        if (!status.ok())
            throw std::runtime_error("vault: " + status.ToString());
        if (wrapped.size() < tag_size)
            throw std::runtime_error("vault: a data key is damaged");
        auto bytes = detail::decrypt(wrapping, std::string_view(wrapped).substr(tag_size), id);
        if (!bytes)
            throw std::runtime_error("vault: a data key does not fit the master key file");
        return &stripe.keep(id, DataKey{wrapped.substr(0, tag_size), as_key(*bytes)});
    }

    // Not synced by itself: the journal's next sync of the same log, before any fact with a value
    // under this key is acknowledged, covers it.
    const DataKey& make(Stripe& stripe, const std::string& id) {
        DataKey fresh{random_bytes(tag_size), as_key(random_bytes(32))};
        const std::string_view bytes(reinterpret_cast<const char*>(fresh.key.data()),
                                     fresh.key.size());
        const auto status =
            store.db().Put(rocksdb::WriteOptions{}, store.meta(), std::string(key_prefix) + id,
                           fresh.tag + detail::encrypt(wrapping, bytes, id));
        if (!status.ok())
            throw std::runtime_error("vault: " + status.ToString());
        return stripe.keep(id, std::move(fresh));
    }

    journal::Store& store;
    Key wrapping;
    Key looking_up;
    std::array<Stripe, stripes> cache;
};

Vault::Vault(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Vault::~Vault() = default;

Result<std::unique_ptr<Vault>> Vault::open(const std::filesystem::path& key_directory,
                                           journal::Store& store) {
    auto master = open_master(key_directory, store);
    if (!master)
        return fail(master.error());
    return std::unique_ptr<Vault>(new Vault(std::make_unique<Impl>(*master, store)));
}

std::string Vault::hash(std::string_view kind, std::string_view plaintext) const {
    std::string text = "value ";
    text.append(kind).push_back('\0');
    text.append(normalise(kind, plaintext));
    return to_hex(hmac(impl_->looking_up, text)).substr(0, 32);
}

Sealed Vault::seal(const Identity& subject, std::string_view kind, std::string_view plaintext) {
    const auto id = impl_->id_of(subject);
    auto& stripe = impl_->stripe_of(id);
    std::string header;
    Key key;
    {
        std::lock_guard lock(stripe.mutex);
        const auto* known = impl_->load(stripe, id);
        const auto& data_key = known ? *known : impl_->make(stripe, id);
        header = std::string(1, sealed_version) + id + data_key.tag;
        key = data_key.key;
    }
    auto bytes = header + detail::encrypt(key, plaintext, header);
    OPENSSL_cleanse(key.data(), key.size());
    return Sealed{hash(kind, plaintext), detail::to_base64(bytes)};
}

Identity Vault::seal_identity(std::string_view kind, std::string_view plaintext) {
    return seal_identity(Identity{}, kind, plaintext);
}

Identity Vault::seal_identity(const Identity& subject, std::string_view kind,
                              std::string_view plaintext) {
    if (!is_sensitive(kind))
        return {std::string(kind), std::string(plaintext), {}};
    Identity own{std::string(kind), hash(kind, plaintext), {}};
    own.sealed = seal(subject.kind.empty() ? own : subject, kind, plaintext).ciphertext;
    return own;
}

Result<std::string> Vault::unseal(std::string_view ciphertext) const {
    constexpr std::size_t header_size = 1 + subject_size + tag_size;
    const auto bytes = detail::from_base64(ciphertext);
    const auto corrupt = fail(ErrorCode::unprocessable, "vault.corrupt",
                              "a sealed value is damaged and cannot be opened");
    if (!bytes || bytes->size() < header_size || bytes->front() != sealed_version)
        return corrupt;
    const auto header = std::string_view(*bytes).substr(0, header_size);
    const std::string id(header.substr(1, subject_size));
    auto& stripe = impl_->stripe_of(id);
    Key key;
    {
        std::lock_guard lock(stripe.mutex);
        const auto* known = impl_->load(stripe, id);
        if (!known || known->tag != header.substr(1 + subject_size))
            return fail(ErrorCode::not_found, "vault.destroyed",
                        "this value was erased with its customer");
        key = known->key;
    }
    auto plaintext = detail::decrypt(key, std::string_view(*bytes).substr(header_size), header);
    OPENSSL_cleanse(key.data(), key.size());
    if (!plaintext)
        return corrupt;
    return std::move(*plaintext);
}

// A deleted key lives on in RocksDB's older files and logs until they are rewritten; so they are,
// now.
void Vault::destroy(std::span<const Identity> subjects) {
    if (subjects.empty())
        return;
    auto& db = impl_->store.db();
    for (const auto& subject : subjects) {
        const auto id = impl_->id_of(subject);
        auto& stripe = impl_->stripe_of(id);
        std::lock_guard lock(stripe.mutex);
        stripe.drop(id);
        rocksdb::WriteOptions synced;
        synced.sync = true;
        const auto status = db.Delete(synced, impl_->store.meta(), std::string(key_prefix) + id);
        if (!status.ok())
            throw std::runtime_error("vault: " + status.ToString());
    }
    const std::string from(key_prefix), until = std::string("vault0");
    const rocksdb::Slice begin(from), end(until);
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    // A log is removed once every family that wrote to it is flushed.
    const auto& store = impl_->store;
    auto status = db.Flush(rocksdb::FlushOptions{}, {store.journal(), store.state(), store.feed(),
                                                     store.dedupe(), store.meta()});
    if (status.ok())
        status = db.CompactRange(options, impl_->store.meta(), &begin, &end);
    if (!status.ok())
        throw std::runtime_error("vault: " + status.ToString());
}

}  // namespace qiao::customer
