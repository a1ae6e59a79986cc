// The building blocks of the binary formats: varints, texts, big-endian key parts.
//
// Integers in keys are big-endian, so that RocksDB's byte order is their numeric order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace qiao::journal {

inline void put_varint(std::string& out, std::uint64_t n) {
    while (n >= 0x80) {
        out.push_back(static_cast<char>(n | 0x80));
        n >>= 7;
    }
    out.push_back(static_cast<char>(n));
}

inline void put_signed(std::string& out, std::int64_t n) {
    put_varint(out, (static_cast<std::uint64_t>(n) << 1) ^ static_cast<std::uint64_t>(n >> 63));
}

inline void put_text(std::string& out, std::string_view text) {
    put_varint(out, text.size());
    out.append(text);
}

template <class Unsigned>
void put_big_endian(std::string& out, Unsigned n) {
    for (int shift = 8 * (sizeof(Unsigned) - 1); shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(n >> shift));
}

// The first sizeof(Unsigned) bytes of `in`, which must be that long.
template <class Unsigned>
Unsigned big_endian(std::string_view in) {
    Unsigned n = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
        n = static_cast<Unsigned>(n << 8 | static_cast<std::uint8_t>(in[i]));
    return n;
}

// The smallest key that is greater than every key with this prefix; empty where there is none.
inline std::string after_prefix(std::string_view prefix) {
    std::string next(prefix);
    while (!next.empty() && next.back() == '\xff')
        next.pop_back();
    if (!next.empty())
        next.back() = static_cast<char>(static_cast<std::uint8_t>(next.back()) + 1);
    return next;
}

// Reads what put_* wrote; after the first shortage every read gives zero and `ok` is false.
struct ByteReader {
    std::string_view& in;
    bool ok = true;

    std::uint64_t varint() {
        // Nearly all of them are one byte long.
        if (!in.empty() && static_cast<std::uint8_t>(in.front()) < 0x80) {
            const auto byte = static_cast<std::uint8_t>(in.front());
            in.remove_prefix(1);
            return byte;
        }
        return long_varint();
    }
    std::uint64_t long_varint() {
        std::uint64_t n = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (in.empty())
                break;
            const auto byte = static_cast<std::uint8_t>(in.front());
            in.remove_prefix(1);
            n |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80)
                return n;
        }
        ok = false;
        return 0;
    }
    std::int64_t signed_int() {
        const auto n = varint();
        return static_cast<std::int64_t>(n >> 1) ^ -static_cast<std::int64_t>(n & 1);
    }
    // Points into what is read.
    std::string_view view() {
        const auto size = varint();
        if (!ok || size > in.size()) {
            ok = false;
            return {};
        }
        const auto text = in.substr(0, size);
        in.remove_prefix(size);
        return text;
    }
    std::string text() { return std::string(view()); }
    // A count of things that take at least one byte each.
    std::size_t count() {
        const auto n = varint();
        if (n > in.size())
            ok = false;
        return ok ? n : 0;
    }
};

}  // namespace qiao::journal
