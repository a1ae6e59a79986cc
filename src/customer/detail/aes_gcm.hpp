// AES-256-GCM with a random nonce in front: nonce (12) | ciphertext | tag (16).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace qiao::customer::detail {

using Key = std::array<unsigned char, 32>;

std::string encrypt(const Key& key, std::string_view plaintext, std::string_view associated);
// None where the bytes, the key or the associated data are not those of encrypt().
std::optional<std::string> decrypt(const Key& key, std::string_view bytes,
                                   std::string_view associated);

}  // namespace qiao::customer::detail
