#include "channel/secret_box.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <stdexcept>

#include "base/check.hpp"

namespace qiao::channel {

namespace {

constexpr std::size_t nonce_size = 12, tag_size = 16;
constexpr std::string_view hex_digits = "0123456789abcdef";

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

unsigned char* bytes_of(std::string& text, std::size_t from) {
    return reinterpret_cast<unsigned char*>(text.data() + from);
}
const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string to_hex(std::string_view bytes) {
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        hex.push_back(hex_digits[static_cast<unsigned char>(byte) >> 4]);
        hex.push_back(hex_digits[static_cast<unsigned char>(byte) & 15]);
    }
    return hex;
}

std::optional<std::string> from_hex(std::string_view hex) {
    if (hex.size() % 2 != 0)
        return {};
    std::string bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t at = 0; at < hex.size(); at += 2) {
        const auto high = hex_digits.find(hex[at]), low = hex_digits.find(hex[at + 1]);
        if (high > 15 || low > 15)
            return {};
        bytes.push_back(static_cast<char>(high << 4 | low));
    }
    return bytes;
}

auto bad_key(const std::filesystem::path& path, const char* what) {
    return fail(ErrorCode::unavailable, "channel.secret_key",
                "the key file " + path.filename().string() + " " + what +
                    "; put back the one of this data directory, with mode 0600");
}

// Made under another name and linked, so that a crash leaves no half of a key.
bool make_key(const std::filesystem::path& path) {
    std::string key(32, '\0');
    if (RAND_bytes(bytes_of(key, 0), 32) != 1)
        throw std::runtime_error("the system gives no random bytes");
    const auto fresh = path.string() + ".new";
    ::unlink(fresh.c_str());
    const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    const bool is_written = ::write(file, key.data(), key.size()) == 32 && ::fsync(file) == 0;
    ::close(file);
    return is_written && ::rename(fresh.c_str(), path.c_str()) == 0;
}

}  // namespace

Result<std::unique_ptr<FileSecretBox>> FileSecretBox::open_file(const std::filesystem::path& path) {
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    if (!std::filesystem::exists(path) && !make_key(path))
        return bad_key(path, "cannot be written");
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return bad_key(path, "cannot be read");
    Key key{};
    char more = 0;
    struct stat about {};
    const bool is_private = ::fstat(file, &about) == 0 && (about.st_mode & 077) == 0;
    const bool is_whole = ::read(file, key.data(), key.size()) == 32 && ::read(file, &more, 1) == 0;
    ::close(file);
    if (!is_private)
        return bad_key(path, "is open to others");
    if (!is_whole)
        return bad_key(path, "does not hold 32 bytes");
    return std::unique_ptr<FileSecretBox>(new FileSecretBox(key));
}

std::string FileSecretBox::seal(std::string_view plain, std::string_view place) const {
    const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context(EVP_CIPHER_CTX_new());
    std::string out(nonce_size + plain.size() + tag_size, '\0');
    if (RAND_bytes(bytes_of(out, 0), nonce_size) != 1)
        throw std::runtime_error("the system gives no random bytes");
    auto* run = context.get();
    int size = 0;
    const auto text_size = static_cast<int>(plain.size());
    bool ok =
        EVP_EncryptInit_ex(run, EVP_aes_256_gcm(), nullptr, key_.data(), bytes_of(out, 0)) == 1;
    ok = ok && EVP_EncryptUpdate(run, nullptr, &size, bytes_of(place),
                                 static_cast<int>(place.size())) == 1;
    ok = ok &&
         EVP_EncryptUpdate(run, bytes_of(out, nonce_size), &size, bytes_of(plain), text_size) == 1;
    ok = ok && EVP_EncryptFinal_ex(run, bytes_of(out, nonce_size + plain.size()), &size) == 1;
    ok = ok && EVP_CIPHER_CTX_ctrl(run, EVP_CTRL_GCM_GET_TAG, tag_size,
                                   bytes_of(out, nonce_size + plain.size())) == 1;
    check(ok);
    return to_hex(out);
}

Result<std::string> FileSecretBox::open(std::string_view sealed, std::string_view place) const {
    const auto refuse = [] {
        return fail(
            ErrorCode::unavailable, "channel.sealed",
            "a stored secret does not open with the key of this data directory; enter it again");
    };
    const auto bytes = from_hex(sealed);
    if (!bytes || bytes->size() < nonce_size + tag_size)
        return refuse();
    const auto body =
        std::string_view(*bytes).substr(nonce_size, bytes->size() - nonce_size - tag_size);
    std::string tag = bytes->substr(bytes->size() - tag_size);
    std::string out(body.size() + 1, '\0');  // never empty: OpenSSL refuses a null output
    const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context(EVP_CIPHER_CTX_new());
    auto* run = context.get();
    int size = 0;
    bool ok =
        EVP_DecryptInit_ex(run, EVP_aes_256_gcm(), nullptr, key_.data(), bytes_of(*bytes)) == 1;
    ok = ok && EVP_DecryptUpdate(run, nullptr, &size, bytes_of(place),
                                 static_cast<int>(place.size())) == 1;
    ok = ok && EVP_DecryptUpdate(run, bytes_of(out, 0), &size, bytes_of(body),
                                 static_cast<int>(body.size())) == 1;
    ok = ok && EVP_CIPHER_CTX_ctrl(run, EVP_CTRL_GCM_SET_TAG, tag_size, bytes_of(tag, 0)) == 1;
    if (!ok || EVP_DecryptFinal_ex(run, bytes_of(out, body.size()), &size) != 1)
        return refuse();
    out.resize(body.size());
    return out;
}

// The sealing key itself signs nothing: the key of the mac is derived from it.
std::string FileSecretBox::mac(std::string_view text) const {
    constexpr std::string_view purpose = "qiao mac";
    unsigned char derived[32], result[32];
    unsigned size = 0;
    check(HMAC(EVP_sha256(), key_.data(), 32, bytes_of(purpose), purpose.size(), derived, &size));
    check(HMAC(EVP_sha256(), derived, 32, bytes_of(text), text.size(), result, &size));
    return {reinterpret_cast<const char*>(result), 32};
}

}  // namespace qiao::channel
