#include "collect/encoding.hpp"

#include <zlib.h>

#include <array>

namespace qiao::collect {

namespace {

constexpr std::array<std::int8_t, 256> base64_digits = [] {
    std::array<std::int8_t, 256> digits{};
    digits.fill(-1);
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    digits['-'] = digits['+'];
    digits['_'] = digits['/'];
    digits[' '] = digits['+'];
    return digits;
}();

int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

std::string decode_percent(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out.push_back(' ');
        } else if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                   hex_digit(text[i + 2]) >= 0) {
            out.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int count = 0;
    std::size_t digits = 0;
    bool is_padded = false;
    for (char c : text) {
        if (c == '\r' || c == '\n')
            continue;
        if (c == '=') {
            is_padded = true;
            continue;
        }
        const int digit = base64_digits[static_cast<unsigned char>(c)];
        if (digit < 0 || is_padded)
            return std::nullopt;
        ++digits;
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out.push_back(static_cast<char>(bits >> count & 0xFF));
        }
    }
    if (digits % 4 == 1)
        return std::nullopt;
    return out;
}

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

Result<std::string> inflate(std::string_view bytes, std::size_t max_bytes) {
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 32) != Z_OK)  // 32: gzip or zlib, by the header
        return fail(ErrorCode::unavailable, "collect.no_memory", "no memory is left to inflate");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    int status = Z_OK;
    while (status == Z_OK && out.size() <= max_bytes) {
        const auto before = out.size();
        out.resize(before + std::max<std::size_t>(16 << 10, bytes.size()));
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
        stream.avail_out = static_cast<uInt>(out.size() - before);
        status = ::inflate(&stream, Z_NO_FLUSH);
        out.resize(out.size() - stream.avail_out);
        if (status == Z_BUF_ERROR)
            break;  // the input ended early
    }
    inflateEnd(&stream);
    if (out.size() > max_bytes)
        return fail(ErrorCode::too_large, "collect.too_large",
                    "the inflated body is longer than " + std::to_string(max_bytes) + " bytes");
    if (status != Z_STREAM_END)
        return fail(ErrorCode::invalid, "collect.bad_gzip", "the body is not a whole gzip stream");
    return out;
}

std::vector<std::pair<std::string, std::string>> parse_form(std::string_view body) {
    std::vector<std::pair<std::string, std::string>> fields;
    while (!body.empty()) {
        const auto end = body.find('&');
        const auto field = body.substr(0, end);
        const auto equals = field.find('=');
        if (!field.empty())
            fields.emplace_back(decode_percent(field.substr(0, equals)),
                                equals == std::string_view::npos
                                    ? std::string()
                                    : decode_percent(field.substr(equals + 1)));
        if (end == std::string_view::npos)
            break;
        body.remove_prefix(end + 1);
    }
    return fields;
}

std::int32_t java_hash(std::string_view text) {
    std::uint32_t hash = 0;
    for (unsigned char c : text)
        hash = hash * 31 + c;
    return static_cast<std::int32_t>(hash);
}

}  // namespace qiao::collect
