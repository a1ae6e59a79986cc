#include "clickhouse/address.hpp"

#include <algorithm>
#include <charconv>

#include "http/url.hpp"

namespace qiao::clickhouse {
namespace {

constexpr std::string_view plain = "clickhouse://", secure = "clickhouses://";

// Names stand in statements as they are.
bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '_';
    });
}

std::optional<int> months_in(std::string_view text) {
    int months = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), months);
    const bool is_sound = read.ec == std::errc{} && read.ptr == text.data() + text.size();
    return is_sound && months >= 1 && months <= 1200 ? std::optional(months) : std::nullopt;
}

bool is_host(std::string_view text) {
    return !text.empty() && text.find_first_of("/?#@ ") == std::string_view::npos;
}

}  // namespace

bool is_address(std::string_view text) {
    return text.starts_with(plain) || text.starts_with(secure);
}

Result<Address> parse_address(std::string_view text) {
    const bool is_secure = text.starts_with(secure);
    const auto wrong = [] {
        return fail(
            ErrorCode::invalid, "clickhouse.address",
            "a history in ClickHouse is named "
            "clickhouse://user:password@host:port/database, with ?cluster=name for a "
            "cluster and &keep_months=60 to forget; names hold letters, digits and underscores");
    };
    if (!is_address(text))
        return wrong();
    auto rest = text.substr(is_secure ? secure.size() : plain.size());
    Address made;
    made.user = "default";
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
        const auto who = rest.substr(0, at);
        const auto colon = who.find(':');
        made.user = http::percent_decode(who.substr(0, colon));
        if (colon != std::string_view::npos)
            made.password = http::percent_decode(who.substr(colon + 1));
        rest.remove_prefix(at + 1);
    }
    const auto slash = rest.find('/');
    if (slash == std::string_view::npos)
        return wrong();
    std::string host(rest.substr(0, slash));
    const auto target = rest.substr(slash + 1);
    const auto question = target.find('?');
    made.database = std::string(target.substr(0, question));
    const auto options =
        question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
    for (const auto& [name, value] : http::parse_query(options)) {
        if (name == "cluster")
            made.cluster = value;
        else if (name == "keep_months" && months_in(value))
            made.keep_months = months_in(value);
        else
            return wrong();
    }
    if (!is_host(host) || !is_name(made.database) ||
        (!made.cluster.empty() && !is_name(made.cluster)))
        return wrong();
    if (host.back() != ']' && host.rfind(':') == std::string::npos)
        host += is_secure ? ":8443" : ":8123";
    made.server = (is_secure ? "https://" : "http://") + host;
    return made;
}

}  // namespace qiao::clickhouse
