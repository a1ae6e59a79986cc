#include "http/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>

#include "base/check.hpp"

namespace qiao::http {

namespace {

constexpr int gzip_window_bits = MAX_WBITS + 16;

// Kept per thread: setting up zlib's 40 KiB of state costs more than inflating a small body.
class Inflater {
public:
    Inflater() {
        if (inflateInit2(&stream_, gzip_window_bits) != Z_OK)
            throw std::bad_alloc();
    }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    z_stream& fresh() {
        inflateReset(&stream_);
        return stream_;
    }

private:
    z_stream stream_{};
};

class Deflater {
public:
    explicit Deflater(int level) {
        constexpr int default_memory_level = 8;
        if (deflateInit2(&stream_, level, Z_DEFLATED, gzip_window_bits, default_memory_level,
                         Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::bad_alloc();
    }
    ~Deflater() { deflateEnd(&stream_); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    z_stream& stream() { return stream_; }

private:
    z_stream stream_{};
};

// The size that the last member's trailer claims: a hint for one allocation, never trusted.
std::size_t claimed_size(std::string_view bytes) {
    if (bytes.size() < 18)
        return 0;
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i)
        size |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[bytes.size() - 4 + i]))
                << (8 * i);
    return size;
}

auto bad_gzip() {
    return fail(ErrorCode::invalid, "http.bad_gzip",
                "The body starts as gzip does but is damaged or cut off. Send it again in full.");
}

auto body_too_large() {
    return fail(ErrorCode::too_large, "http.body_too_large",
                "The body is too large once decompressed.");
}

Bytef* as_zlib_bytes(const char* bytes) {
    return reinterpret_cast<Bytef*>(const_cast<char*>(bytes));
}

}  // namespace

Result<std::string> gunzip(std::string_view bytes, std::size_t limit) {
    thread_local Inflater inflater;
    constexpr std::size_t first_guess_factor = 4, largest_first_guess = 4 << 20;
    limit = std::min<std::size_t>(limit, 1u << 31);
    if (bytes.size() > limit)
        return body_too_large();
    std::string out;
    // One byte beyond the limit is room enough to see that it is passed.
    out.resize(std::min({std::max(claimed_size(bytes), bytes.size() * first_guess_factor) + 1,
                         limit + 1, largest_first_guess}));
    std::size_t written = 0;
    z_stream* stream = &inflater.fresh();
    stream->next_in = as_zlib_bytes(bytes.data());
    stream->avail_in = static_cast<uInt>(bytes.size());
    while (true) {
        const auto room = std::min<std::size_t>(out.size() - written, 1u << 30);
        stream->next_out = as_zlib_bytes(out.data() + written);
        stream->avail_out = static_cast<uInt>(room);
        const int outcome = inflate(stream, Z_NO_FLUSH);
        written += room - stream->avail_out;
        if (written > limit)
            return body_too_large();
        if (outcome == Z_STREAM_END) {
            const std::string_view rest = bytes.substr(bytes.size() - stream->avail_in);
            if (rest.empty())
                break;
            if (!looks_gzipped(rest))
                return bad_gzip();
            stream = &inflater.fresh();
            stream->next_in = as_zlib_bytes(rest.data());
            stream->avail_in = static_cast<uInt>(rest.size());
            if (written < out.size())
                continue;
        } else if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
            return bad_gzip();
        } else if (stream->avail_in == 0 && stream->avail_out > 0) {
            return bad_gzip();
        }
        if (written == out.size())
            out.resize(std::min(out.size() * 2, limit + 1));
    }
    out.resize(written);
    return out;
}

std::string gzip(std::string_view bytes, int level) {
    Deflater deflater(level);
    auto& stream = deflater.stream();
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = as_zlib_bytes(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = as_zlib_bytes(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    check(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    return out;
}

}  // namespace qiao::http
