#include "api/sealed_answer.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>
#include <memory>

#include "base/check.hpp"

namespace qiao::api {

namespace {

constexpr std::size_t nonce_bytes = 12, tag_bytes = 16;
using SealKey = std::array<unsigned char, 32>;

struct CipherDeleter {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherDeleter>;

const unsigned char* octets(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

SealKey digest_of(std::string_view bytes) {
    SealKey digest;
    SHA256(octets(bytes), bytes.size(), digest.data());
    return digest;
}

SealKey seal_key_of(std::string_view secret) {
    return digest_of("qiao sealed answer v1 " + std::string(secret));
}

constexpr std::string_view seal_digits = "0123456789abcdef";

std::string to_hex(std::string_view bytes) {
    std::string hex;
    for (const char c : bytes) {
        hex.push_back(seal_digits[static_cast<unsigned char>(c) >> 4]);
        hex.push_back(seal_digits[static_cast<unsigned char>(c) & 15]);
    }
    return hex;
}

std::optional<std::string> from_hex(std::string_view hex) {
    std::string bytes;
    if (hex.size() % 2 != 0)
        return std::nullopt;
    for (std::size_t at = 0; at < hex.size(); at += 2) {
        const auto high = seal_digits.find(hex[at]), low = seal_digits.find(hex[at + 1]);
        if (high > 15 || low > 15)
            return std::nullopt;
        bytes.push_back(static_cast<char>(high << 4 | low));
    }
    return bytes;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    const auto digest = digest_of(bytes);
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string seal(std::string_view plain, std::string_view secret) {
    const auto key = seal_key_of(secret);
    std::string out(nonce_bytes + plain.size() + tag_bytes, '\0');
    auto* const bytes = octets(out);
    check(RAND_bytes(bytes, nonce_bytes) == 1);
    const Cipher cipher(EVP_CIPHER_CTX_new());
    int written = 0, last = 0;
    check(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytes) == 1 &&
          EVP_EncryptUpdate(cipher.get(), bytes + nonce_bytes, &written, octets(plain),
                            static_cast<int>(plain.size())) == 1 &&
          EVP_EncryptFinal_ex(cipher.get(), bytes + nonce_bytes + written, &last) == 1 &&
          EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes,
                              bytes + nonce_bytes + plain.size()) == 1);
    return to_hex(out);
}

std::optional<std::string> unseal(std::string_view sealed, std::string_view secret) {
    auto bytes = from_hex(sealed);
    if (!bytes || bytes->size() < nonce_bytes + tag_bytes)
        return std::nullopt;
    const auto key = seal_key_of(secret);
    const auto size = bytes->size() - nonce_bytes - tag_bytes;
    std::string plain(size, '\0');
    const Cipher cipher(EVP_CIPHER_CTX_new());
    int written = 0, last = 0;
    const bool sound =
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), octets(*bytes)) ==
            1 &&
        EVP_DecryptUpdate(cipher.get(), octets(plain), &written, octets(*bytes) + nonce_bytes,
                          static_cast<int>(size)) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes,
                            octets(*bytes) + nonce_bytes + size) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), octets(plain) + written, &last) == 1;
    if (!sound)
        return std::nullopt;
    return plain;
}

}  // namespace qiao::api
