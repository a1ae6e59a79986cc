// Hashes of secrets: SHA-256 for random ones, Argon2id (RFC 9106) for passwords.
#pragma once

#include <string>
#include <string_view>

namespace qiao::access::detail {

std::string sha256_hex(std::string_view bytes);
std::string sha256_base64url(std::string_view bytes);
bool equal_in_constant_time(std::string_view a, std::string_view b);

// Encoded with its parameters and salt ("$argon2id$v=19$m=19456,t=2,p=1$…"): they may be raised
// later.
std::string hash_password(std::string_view password);
// `encoded` empty: takes as long, and answers false.
bool is_password(std::string_view password, const std::string& encoded);

}  // namespace qiao::access::detail
