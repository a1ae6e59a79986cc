// gzip (RFC 1952) of whole bodies in memory, by zlib.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace qiao::http {

// Whether the bytes start as gzip does, whatever a header says about them.
inline bool looks_gzipped(std::string_view bytes) {
    return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

// Inflates all members. Errors: http.body_too_large (more than `limit` bytes), http.bad_gzip.
Result<std::string> gunzip(std::string_view bytes, std::size_t limit);

// `level` as zlib's: 1 is fastest, 9 smallest.
std::string gzip(std::string_view bytes, int level);

}  // namespace qiao::http
