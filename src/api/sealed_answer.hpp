// Seals the answers that Idempotency keeps.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace qiao::api {

std::string sha256_hex(std::string_view bytes);

// AES-256-GCM under SHA-256 of `secret` and its purpose, a random nonce before the text, in hex.
std::string seal(std::string_view plain, std::string_view secret);
std::optional<std::string> unseal(std::string_view sealed, std::string_view secret);

}  // namespace qiao::api
