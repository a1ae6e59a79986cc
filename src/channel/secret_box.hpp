// Seals secrets and message texts that are kept in SQL: AES-256-GCM with a key of the data
// directory.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace qiao::channel {

// Thread-safe. `place` (such as "channel:chn_…") is bound into the seal: a text that is moved to
// another row does not open.
class SecretBox {
public:
    virtual ~SecretBox() = default;
    virtual std::string seal(std::string_view plain, std::string_view place) const = 0;  // hex
    // Error: unavailable `channel.sealed` (another key, or changed bytes).
    virtual Result<std::string> open(std::string_view sealed, std::string_view place) const = 0;
    // HMAC-SHA256 under a key of its own; 32 bytes that nobody else can make.
    virtual std::string mac(std::string_view text) const = 0;
};

// The key is the 32 bytes of a file, mode 0600, made at the first start.
class FileSecretBox final : public SecretBox {
public:
    // Errors: unavailable `channel.secret_key` (not readable, not 32 bytes, open to others).
    static Result<std::unique_ptr<FileSecretBox>> open_file(const std::filesystem::path& path);

    std::string seal(std::string_view plain, std::string_view place) const override;
    Result<std::string> open(std::string_view sealed, std::string_view place) const override;
    std::string mac(std::string_view text) const override;

private:
    using Key = std::array<unsigned char, 32>;
    explicit FileSecretBox(const Key& key) : key_(key) {}
    Key key_;
};

}  // namespace qiao::channel
