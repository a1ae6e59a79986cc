#include "http/client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <new>

namespace qiao::http {

namespace {

struct CurlEasyDelete {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct CurlListDelete {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlEasy = std::unique_ptr<CURL, CurlEasyDelete>;
using CurlList = std::unique_ptr<curl_slist, CurlListDelete>;

struct Arrival {
    Response response;
    std::size_t most_bytes = 0;
    bool too_large = false;
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* context) {
    auto& arrival = *static_cast<Arrival*>(context);
    if (arrival.response.body.size() + count > arrival.most_bytes) {
        arrival.too_large = true;
        return 0;
    }
    arrival.response.body.append(bytes, count);
    return count;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* context) {
    auto& headers = static_cast<Arrival*>(context)->response.headers;
    std::string_view line(bytes, count);
    if (line.starts_with("HTTP/")) {
        headers.clear();  // of an interim answer or a redirect
        return count;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos)
        return count;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    line.remove_prefix(colon + 1);
    const auto first = line.find_first_not_of(" \t\r\n");
    const auto last = line.find_last_not_of(" \t\r\n");
    headers.emplace_back(std::move(name), first == std::string_view::npos
                                              ? std::string()
                                              : std::string(line.substr(first, last - first + 1)));
    return count;
}

// libcurl asks at least once a second; an answer but 0 ends the transfer.
int is_cancelled(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return *static_cast<const std::atomic<bool>*>(context) ? 1 : 0;
}

void append_line(CurlList& list, const std::string& line) {
    auto* const longer = curl_slist_append(list.get(), line.c_str());
    if (!longer)
        throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
}

bool has_line_break(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool is_well_formed(const ClientRequest& request) {
    return !has_line_break(request.url) && !has_line_break(request.method) &&
           std::none_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
               return has_line_break(header.first) || has_line_break(header.second);
           });
}

CurlList header_lines(const ClientRequest& request) {
    CurlList lines;
    append_line(lines, "Expect:");  // waiting for 100-continue would cost a second with many peers
    for (const auto& [name, value] : request.headers)
        append_line(lines, value.empty() ? name + ";" : name + ": " + value);
    return lines;
}

void apply_method(CURL* curl, const ClientRequest& request) {
    if (request.method == "HEAD") {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
        return;
    }
    if (!request.body.empty() || request.method == "POST") {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void apply_limits(CURL* curl, const ClientRequest& request) {
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, request.max_redirects > 0 ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, static_cast<long>(request.max_redirects));
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    if (request.cancelled) {
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_cancelled);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, request.cancelled);
    }
}

// A transfer that began may have reached the peer, whatever came of it afterwards.
bool may_have_been_submitted(CURL* curl) {
    long request_bytes = 0;
    curl_off_t began_us = 0;
    curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &request_bytes);
    curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T, &began_us);
    return request_bytes > 0 || began_us > 0;
}

}  // namespace

tl::expected<Response, ClientFailure> send(const ClientRequest& request) {
    static const CURLcode library_ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    const CurlEasy curl(library_ready == CURLE_OK ? curl_easy_init() : nullptr);
    if (!curl)
        throw std::bad_alloc();
    if (!is_well_formed(request))
        return tl::unexpected(ClientFailure{false, "the address or a header holds a line break"});

    Arrival arrival;
    arrival.most_bytes = request.max_response_bytes;
    const auto lines = header_lines(request);
    curl_easy_setopt(curl.get(), CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, lines.get());
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &arrival);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &arrival);
    apply_method(curl.get(), request);
    apply_limits(curl.get(), request);

    const CURLcode outcome = curl_easy_perform(curl.get());
    if (arrival.too_large)
        return tl::unexpected(ClientFailure{
            true,
            "the answer is larger than " + std::to_string(request.max_response_bytes) + " bytes"});
    if (outcome != CURLE_OK)
        return tl::unexpected(
            ClientFailure{may_have_been_submitted(curl.get()), curl_easy_strerror(outcome)});
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    arrival.response.status = static_cast<int>(status);
    return std::move(arrival.response);
}

}  // namespace qiao::http
