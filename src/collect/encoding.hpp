// The encodings in which SDKs wrap their JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace qiao::collect {

// Standard or URL-safe alphabet, with or without padding; a blank counts as '+', which form
// decoding turns it into where a client did not escape it; line breaks are skipped.
std::optional<std::string> decode_base64(std::string_view text);

// gzip or zlib, by its first bytes. Errors: collect.bad_gzip, collect.too_large (inflated).
Result<std::string> inflate(std::string_view bytes, std::size_t max_bytes);
bool is_gzip(std::string_view bytes);

// application/x-www-form-urlencoded, in order. Broken escapes stay as they are.
std::vector<std::pair<std::string, std::string>> parse_form(std::string_view body);

// Java's String.hashCode over the text's bytes (Sensors hashes base64, which is ASCII).
std::int32_t java_hash(std::string_view text);

}  // namespace qiao::collect
