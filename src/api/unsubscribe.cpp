#include "api/unsubscribe.hpp"

#include "engage/unsubscribes.hpp"

namespace qiao::api {

namespace {

constexpr std::string_view style =
    "<style>body{font:16px/1.6 system-ui,sans-serif;max-width:30em;margin:15vh auto;padding:0 "
    "1.5em;"
    "color:#1f2328;background:#fff}h1{font-size:1.3em}button{font:inherit;padding:.6em 1.4em;"
    "border:0;border-radius:6px;background:#1f5eff;color:#fff;cursor:pointer}p[lang=en]{color:#"
    "57606a}"
    "</style>";

struct Words {
    std::string_view title, zh, en;
    bool has_button = false;
};

constexpr Words question{"退订邮件 · Unsubscribe", "点击按钮后，我们不再向您发送这类邮件。",
                         "Press the button, and we no longer send you e-mails of this kind.", true};
constexpr Words done{"已退订 · Unsubscribed",
                     "我们不再向您发送这类邮件。已在途中的邮件可能仍会到达。",
                     "We no longer send you e-mails of this kind. One that is on its way may still "
                     "arrive."};
constexpr Words unknown{"链接无效 · Unknown link", "此链接无效，请使用较新邮件中的退订链接。",
                        "This link is not known here. Please use the link of a newer e-mail."};
constexpr Words later{"请稍后再试 · Please try again later",
                      "暂时无法保存您的退订，请稍后再次打开此链接。",
                      "Your wish could not be kept just now. Please open this link again later."};

// The form posts to the page's own address, so that no value of the request stands in the page.
http::Response page(int status, const Words& words) {
    std::string html =
        "<!doctype html><html lang=\"zh\"><head><meta charset=\"utf-8\"><meta "
        "name=\"viewport\" content=\"width=device-width\"><title>";
    html.append(words.title).append("</title>").append(style);
    html.append("</head><body><h1>").append(words.title).append("</h1><p>").append(words.zh);
    html.append("</p><p lang=\"en\">").append(words.en).append("</p>");
    if (words.has_button)
        html += "<form method=\"post\"><button>退订 · Unsubscribe</button></form>";
    html += "</body></html>\n";
    auto response = http::Response::text(status, std::move(html));
    response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                        {"Cache-Control", "no-store"},
                        {"Referrer-Policy", "no-referrer"},
                        {"X-Robots-Tag", "noindex"},
                        {"Content-Security-Policy",
                         "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                         "frame-ancestors 'none'"}};
    return response;
}

}  // namespace

void add_unsubscribe(http::Router& router, engage::Unsubscribes& unsubscribes) {
    const http::RouteOptions small{16 << 10, "unsubscribe.max_body"};
    router.on("GET", "/u/{token}", [&](const http::Request& request) {
        const bool is_known = unsubscribes.is_known(request.path_param("token"));
        return is_known ? page(200, question) : page(404, unknown);
    });
    router.on(
        "POST", "/u/{token}",
        [&](const http::Request& request) {
            const auto withdrawn = unsubscribes.withdraw(request.path_param("token"));
            if (withdrawn)
                return page(200, done);
            if (withdrawn.error().code == ErrorCode::not_found)
                return page(404, unknown);
            auto response = page(503, later);
            response.headers.emplace_back("Retry-After", "60");
            return response;
        },
        small);
}

}  // namespace qiao::api
