#include "customer/detail/aes_gcm.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>
#include <stdexcept>

#include "base/check.hpp"

namespace qiao::customer::detail {

namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

// Fetched once: EVP_aes_256_gcm() looks the cipher up again at every use.
const EVP_CIPHER* cipher() {
    static const EVP_CIPHER* fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    check(fetched != nullptr);
    return fetched;
}

EVP_CIPHER_CTX* context() {
    thread_local std::unique_ptr<EVP_CIPHER_CTX, FreeContext> own(EVP_CIPHER_CTX_new());
    check(own != nullptr);
    return own.get();
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text, std::size_t from) {
    return reinterpret_cast<unsigned char*>(text.data() + from);
}

}  // namespace

std::string encrypt(const Key& key, std::string_view plaintext, std::string_view associated) {
    std::string out(nonce_size + plaintext.size() + tag_size, '\0');
    if (RAND_bytes(bytes_of(out, 0), nonce_size) != 1)
        throw std::runtime_error("the system gives no random bytes");
    auto* run = context();
    int size = 0;
    bool ok = EVP_EncryptInit_ex2(run, cipher(), key.data(), bytes_of(out, 0), nullptr) == 1;
    ok = ok && EVP_EncryptUpdate(run, nullptr, &size, bytes_of(associated),
                                 static_cast<int>(associated.size())) == 1;
    ok = ok && EVP_EncryptUpdate(run, bytes_of(out, nonce_size), &size, bytes_of(plaintext),
                                 static_cast<int>(plaintext.size())) == 1;
    ok = ok && EVP_EncryptFinal_ex(run, bytes_of(out, nonce_size + plaintext.size()), &size) == 1;
    ok = ok && EVP_CIPHER_CTX_ctrl(run, EVP_CTRL_GCM_GET_TAG, tag_size,
                                   bytes_of(out, nonce_size + plaintext.size())) == 1;
    check(ok);
    return out;
}

std::optional<std::string> decrypt(const Key& key, std::string_view bytes,
                                   std::string_view associated) {
    if (bytes.size() < nonce_size + tag_size)
        return std::nullopt;
    const auto body = bytes.substr(nonce_size, bytes.size() - nonce_size - tag_size);
    std::string tag(bytes.substr(bytes.size() - tag_size));
    std::string out(body.size() + 1, '\0');  // never empty: OpenSSL refuses a null output
    auto* run = context();
    int size = 0;
    bool ok = EVP_DecryptInit_ex2(run, cipher(), key.data(), bytes_of(bytes), nullptr) == 1;
    ok = ok && EVP_DecryptUpdate(run, nullptr, &size, bytes_of(associated),
                                 static_cast<int>(associated.size())) == 1;
    ok = ok && EVP_DecryptUpdate(run, bytes_of(out, 0), &size, bytes_of(body),
                                 static_cast<int>(body.size())) == 1;
    ok = ok && EVP_CIPHER_CTX_ctrl(run, EVP_CTRL_GCM_SET_TAG, tag_size, bytes_of(tag, 0)) == 1;
    if (!ok || EVP_DecryptFinal_ex(run, bytes_of(out, body.size()), &size) != 1)
        return std::nullopt;
    out.resize(body.size());
    return out;
}

}  // namespace qiao::customer::detail
