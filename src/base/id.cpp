#include "base/id.hpp"

#include <openssl/rand.h>
#include <xxhash.h>

#include <array>
#include <mutex>

#include "base/check.hpp"

namespace qiao {

namespace {

constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view base64url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void fill_random(unsigned char* bytes, std::size_t size) {
    check(RAND_bytes(bytes, static_cast<int>(size)) == 1);
}

// Appends the low 5·digits bits of n, most significant first.
void put_base32(std::string& out, std::uint64_t n, int digits) {
    for (int digit = digits - 1; digit >= 0; --digit)
        out.push_back(crockford[(n >> (5 * digit)) & 31]);
}

// The 80 random bits of a ULID, in two halves of 40.
struct Noise {
    std::uint64_t high = 0, low = 0;
};
constexpr std::uint64_t forty_bits = (std::uint64_t{1} << 40) - 1;

Noise fresh_noise() {
    std::array<unsigned char, 10> bytes;
    fill_random(bytes.data(), bytes.size());
    Noise noise;
    for (std::size_t i = 0; i < 5; ++i)
        noise.high = noise.high << 8 | bytes[i];
    for (std::size_t i = 5; i < 10; ++i)
        noise.low = noise.low << 8 | bytes[i];
    // Room to count up, so that it never runs over within a millisecond.
    noise.high &= forty_bits >> 1;
    return noise;
}

// Ids of the same millisecond count up from a random start ("monotonic" in the ULID specification,
// https://github.com/ulid/spec), so that they too sort by creation.
Noise next_noise(std::int64_t ms) {
    static std::mutex mutex;
    static std::int64_t last_ms = -1;
    static Noise last;
    const std::lock_guard lock(mutex);
    if (ms != last_ms) {
        last = fresh_noise();
        last_ms = ms;
        return last;
    }
    last.low = (last.low + 1) & forty_bits;
    if (last.low == 0)
        ++last.high;
    return last;
}

}  // namespace

std::string new_id(std::string_view prefix, Time now) {
    const auto noise = next_noise(to_ms(now));
    std::string id(prefix);
    id.push_back('_');
    put_base32(id, static_cast<std::uint64_t>(to_ms(now)), 10);
    put_base32(id, noise.high, 8);
    put_base32(id, noise.low, 8);
    return id;
}

bool has_prefix(std::string_view id, std::string_view prefix) {
    return id.size() > prefix.size() && id.starts_with(prefix) && id[prefix.size()] == '_';
}

std::string random_token(std::size_t bytes) {
    std::string noise(bytes, '\0');
    fill_random(reinterpret_cast<unsigned char*>(noise.data()), bytes);
    std::string token;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char byte : noise) {
        bits = bits << 8 | static_cast<unsigned char>(byte);
        for (held += 8; held >= 6; held -= 6)
            token.push_back(base64url[(bits >> (held - 6)) & 63]);
    }
    if (held > 0)
        token.push_back(base64url[(bits << (6 - held)) & 63]);
    return token;
}

std::string format_profile(ProfileId profile) {
    std::string text = "cus_";
    put_base32(text, static_cast<std::uint64_t>(profile), 13);
    return text;
}

Result<ProfileId> parse_profile(std::string_view text) {
    const auto malformed = [] {
        return fail(ErrorCode::not_found, "customer.unknown", "there is no customer with this id");
    };
    if (!text.starts_with("cus_") || text.size() != 17)
        return malformed();
    std::uint64_t n = 0;
    for (const char letter : text.substr(4)) {
        const auto digit = crockford.find(letter);
        if (digit == crockford.npos)
            return malformed();
        n = n << 5 | digit;
    }
    return ProfileId{n};
}

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace qiao
