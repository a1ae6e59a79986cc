#include "customer/detail/wire.hpp"

namespace qiao::customer::detail {

void put_number(std::string& out, std::uint64_t number) {
    while (number >= 0x80) {
        out.push_back(static_cast<char>(number | 0x80));
        number >>= 7;
    }
    out.push_back(static_cast<char>(number));
}

void put_time(std::string& out, Time time) {
    const auto ms = to_ms(time);
    put_number(out, (static_cast<std::uint64_t>(ms) << 1) ^ static_cast<std::uint64_t>(ms >> 63));
}

void put_text(std::string& out, std::string_view text) {
    put_number(out, text.size());
    out.append(text);
}

void put_identity(std::string& out, const Identity& identity) {
    put_text(out, identity.kind);
    put_text(out, identity.value);
    put_text(out, identity.sealed);
}

void put_sortable(std::string& out, std::uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(number >> shift));
}

void put_sortable(std::string& out, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(number >> shift));
}

std::uint64_t sortable64(std::string_view bytes) {
    std::uint64_t number = 0;
    for (unsigned char byte : bytes.substr(0, 8))
        number = number << 8 | byte;
    return number;
}

std::uint64_t Reader::number() {
    std::uint64_t n = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (in_.empty())
            break;
        const auto byte = static_cast<std::uint8_t>(in_.front());
        in_.remove_prefix(1);
        n |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if (byte < 0x80)
            return n;
    }
    ok = false;
    return 0;
}

Time Reader::time() {
    const auto n = number();
    return time_from_ms(static_cast<std::int64_t>(n >> 1) ^ -static_cast<std::int64_t>(n & 1));
}

std::string Reader::text() {
    const auto size = number();
    if (!ok || size > in_.size()) {
        ok = false;
        return {};
    }
    std::string text(in_.substr(0, size));
    in_.remove_prefix(size);
    return text;
}

Identity Reader::identity() {
    Identity identity;
    identity.kind = text();
    identity.value = text();
    identity.sealed = text();
    return identity;
}

Value Reader::value() {
    auto value = decode_value(in_);
    if (!value)
        ok = false;
    return ok ? std::move(*value) : Value{};
}

std::size_t Reader::count() {
    const auto n = number();
    if (n > in_.size())
        ok = false;
    return ok ? n : 0;
}

}  // namespace qiao::customer::detail
