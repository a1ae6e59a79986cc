// The vault: personal values as ciphertext, keys that can be destroyed, hashes to look people up
// by.
//
// Every subject (an identity, normally the one that routes the fact) has a random data key; a
// sealed value is AES-256-GCM under it. Data keys lie in the journal store, wrapped by the master
// key, which is a file of its own (`master.key`, mode 0600) and belongs in no backup. Destroying a
// subject's key makes everything that was sealed for it unreadable in every store at once; the next
// seal() for the same subject begins with a fresh key. Hashes are HMAC-SHA256 under a key derived
// from the master.
//
// Thread-safe; made for intake threads. A failing disk throws std::runtime_error.
// Format: docs/formats/vault.md.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "customer/identity_kinds.hpp"
#include "journal/fact.hpp"
#include "journal/store.hpp"

namespace qiao::customer {

class Vault {
public:
    // Makes the directory (0700) and the master key on the first start. The store must outlive the
    // vault. Errors: vault.key_missing (the store holds keys but the file is gone),
    // vault.key_invalid, vault.key_permissions (others than the owner may read the file).
    static Result<std::unique_ptr<Vault>> open(const std::filesystem::path& key_directory,
                                               journal::Store& store);
    ~Vault();

    // 32 hex digits by which a value of this kind is found: of the normalised text. Properties use
    // their own name as `kind`.
    std::string hash(std::string_view kind, std::string_view plaintext) const;

    // The ciphertext is text (base64) and may be kept anywhere.
    Sealed seal(const Identity& subject, std::string_view kind, std::string_view plaintext);
    // An identity as facts carry it: sensitive kinds hashed and sealed for `subject` (for itself
    // where there is no other), the others as they are.
    Identity seal_identity(std::string_view kind, std::string_view plaintext);
    Identity seal_identity(const Identity& subject, std::string_view kind,
                           std::string_view plaintext);

    // Errors: vault.destroyed (the person was erased), vault.corrupt.
    Result<std::string> unseal(std::string_view ciphertext) const;

    // Destroys the subjects' keys, on the disk too (the files that held them are rewritten).
    void destroy(std::span<const Identity> subjects);

private:
    struct Impl;
    explicit Vault(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace qiao::customer
