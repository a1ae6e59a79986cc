// Beast's parser, filling a Request without a container of its own in between.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace qiao::http::detail {

class RequestParser final : public boost::beast::http::basic_parser<true> {
public:
    explicit RequestParser(std::uint32_t max_header_bytes) {
        header_limit(max_header_bytes);
        body_limit(boost::none);  // known only once the header has named the route
    }

    Request request;
    std::string target;
    bool is_http_1_1 = true;
    bool has_transfer_encoding = false;

private:
    using Text = boost::beast::string_view;
    using Code = boost::beast::error_code;
    using Field = boost::beast::http::field;

    void on_request_impl(boost::beast::http::verb, Text method, Text wanted, int version,
                         Code&) override {
        request.method.assign(method.data(), method.size());
        target.assign(wanted.data(), wanted.size());
        is_http_1_1 = version == 11;
    }
    void on_response_impl(int, Text, int, Code&) override {}

    void on_field_impl(Field field, Text name, Text value, Code&) override {
        if (header_complete_)
            return;  // a trailer may not pass for a header
        has_transfer_encoding |= field == Field::transfer_encoding;
        auto& [key, text] = request.headers.emplace_back();
        key.reserve(name.size());
        for (const char c : name)
            key += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
        text.assign(value.data(), value.size());
    }
    void on_header_impl(Code&) override { header_complete_ = true; }

    void on_body_init_impl(const boost::optional<std::uint64_t>& length, Code&) override {
        // What a peer only claims to send gets no memory beyond this.
        constexpr std::uint64_t most_in_advance = 256 << 10;
        if (length)
            request.body.reserve(static_cast<std::size_t>(std::min(*length, most_in_advance)));
    }
    std::size_t on_body_impl(Text piece, Code&) override {
        request.body.append(piece.data(), piece.size());
        return piece.size();
    }
    void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text piece, Code&) override {
        request.body.append(piece.data(), piece.size());
        return piece.size();
    }
    void on_finish_impl(Code&) override {}

    bool header_complete_ = false;
};

}  // namespace qiao::http::detail
