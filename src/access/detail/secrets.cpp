#include "access/detail/secrets.hpp"

#include <argon2.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>

#include "base/check.hpp"

namespace qiao::access::detail {

namespace {

// The OWASP password storage cheat sheet's first choice: 19 MiB, two passes, one lane.
constexpr std::uint32_t argon_passes = 2, argon_memory_kib = 19 * 1024, argon_lanes = 1;
constexpr std::size_t argon_salt_bytes = 16, argon_hash_bytes = 32;

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest sha256(std::string_view bytes) {
    Digest digest;
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    return digest;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const auto byte : sha256(bytes)) {
        hex.push_back(digits[byte >> 4]);
        hex.push_back(digits[byte & 15]);
    }
    return hex;
}

std::string sha256_base64url(std::string_view bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    std::uint32_t bits = 0;
    int held = 0;
    for (const auto byte : sha256(bytes)) {
        bits = bits << 8 | byte;
        for (held += 8; held >= 6; held -= 6)
            text.push_back(digits[(bits >> (held - 6)) & 63]);
    }
    text.push_back(digits[(bits << (6 - held)) & 63]);
    return text;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hash_password(std::string_view password) {
    std::array<unsigned char, argon_salt_bytes> salt;
    check(RAND_bytes(salt.data(), static_cast<int>(salt.size())) == 1);
    std::array<char, 256> encoded{};
    check(argon2id_hash_encoded(argon_passes, argon_memory_kib, argon_lanes, password.data(),
                                password.size(), salt.data(), salt.size(), argon_hash_bytes,
                                encoded.data(), encoded.size()) == ARGON2_OK);
    return encoded.data();
}

bool is_password(std::string_view password, const std::string& encoded) {
    static const std::string of_nobody = hash_password("nobody has this password");
    const auto& compared = encoded.empty() ? of_nobody : encoded;
    const bool equal =
        argon2id_verify(compared.c_str(), password.data(), password.size()) == ARGON2_OK;
    return equal && !encoded.empty();
}

}  // namespace qiao::access::detail
