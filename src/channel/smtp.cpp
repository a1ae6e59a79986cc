#include "channel/smtp.hpp"

#include <curl/curl.h>

#include <cstring>
#include <memory>

#include "base/check.hpp"
#include "channel/mime.hpp"

namespace qiao::channel {

namespace {

using action::Outcome;

struct Text {
    std::string_view left;
    bool has_all = false;
};

std::size_t read_text(char* into, std::size_t size, std::size_t count, void* user) {
    auto& text = *static_cast<Text*>(user);
    const auto taken = std::min(size * count, text.left.size());
    std::memcpy(into, text.left.data(), taken);
    text.left.remove_prefix(taken);
    text.has_all = text.left.empty();
    return taken;
}

std::size_t ignore_answer(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
}

struct Easy {
    CURL* handle = curl_easy_init();
    curl_slist* recipients = nullptr;
    Easy() { check(handle != nullptr); }
    Easy(const Easy&) = delete;
    Easy& operator=(const Easy&) = delete;
    ~Easy() {
        curl_slist_free_all(recipients);
        curl_easy_cleanup(handle);
    }
};

void prepare(Easy& easy, const SmtpOptions& options, const std::string& to, Text& text,
             Duration deadline) {
    auto* handle = easy.handle;
    const auto host =
        options.host.find(':') == std::string::npos ? options.host : "[" + options.host + "]";
    const auto url = "smtp://" + host + ":" + std::to_string(options.port);
    const auto from = "<" + address_of(options.from) + ">";
    easy.recipients = curl_slist_append(nullptr, ("<" + to + ">").c_str());
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp");
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_USE_SSL, options.needs_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE);
    if (!options.username.empty()) {
        curl_easy_setopt(handle, CURLOPT_USERNAME, options.username.c_str());
        curl_easy_setopt(handle, CURLOPT_PASSWORD, options.password.c_str());
    }
    curl_easy_setopt(handle, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, easy.recipients);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, read_text);
    curl_easy_setopt(handle, CURLOPT_READDATA, &text);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, ignore_answer);
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
    // After a time-out libcurl still says QUIT and waits for its answer: half of the time is for
    // that.
    const auto half = std::max<Duration>(deadline / 2, std::chrono::seconds(1));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(half.count()));
    curl_easy_setopt(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                     static_cast<long>(half.count() / 1000));
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(std::min<Duration>(half, std::chrono::seconds(10)).count()));
}

Mail mail_of(const SmtpOptions& options, const action::Outgoing& message, Time now) {
    Mail mail;
    mail.from = options.from;
    mail.to = message.destination;
    mail.subject = message.subject;
    mail.text = message.body;
    mail.send_key = message.send_key;
    mail.at = now;
    mail.attachments = message.attachments;
    // A page of its own goes to staff, who have nothing to unsubscribe from.
    if (!message.html.empty()) {
        mail.html = message.html;
        return mail;
    }
    if (!message.link.empty() && message.body.find(message.link) == std::string::npos)
        mail.text += "\n\n" + message.link;
    // RFC 8058 allows one https address alone, so the bank's own service goes first.
    if (!options.unsubscribe.starts_with("https://"))
        mail.one_click = message.unsubscribe_link;
    mail.unsubscribe = options.unsubscribe;
    const auto& shown = mail.one_click.empty() ? mail.unsubscribe : mail.one_click;
    if (!shown.empty())
        mail.text += "\n\n" + std::string(unsubscribe_words) + ": " + shown;
    mail.html = html_of({message.body, message.link, shown, message.open_link});
    return mail;
}

}  // namespace

action::Submitted judge_smtp(int last_reply, bool has_all) {
    // 354 is the last reply before the text. A text that was cut off before its end is thrown away
    // by the server; one that was handed over whole and not answered may have been taken.
    if (has_all && last_reply == 354)
        return {Outcome::unknown, {}, "smtp.no_answer", false};
    if (last_reply >= 500 && last_reply < 600) {
        const bool is_permanent = last_reply == 550 || last_reply == 551 || last_reply == 553;
        // A refused sign-in or a missing STARTTLS is a fault of the channel, not of the message.
        if (last_reply == 530 || last_reply == 534 || last_reply == 535 || last_reply == 538)
            return {Outcome::not_sent, {}, "smtp.sign_in_refused", false};
        return {
            Outcome::refused,
            {},
            is_permanent ? "smtp.mailbox_unavailable" : "smtp.status_" + std::to_string(last_reply),
            is_permanent};
    }
    if (last_reply >= 400 && last_reply < 500)
        return {Outcome::not_sent, {}, "smtp.status_" + std::to_string(last_reply), false};
    return {Outcome::not_sent, {}, "smtp.unreachable", false};
}

action::Submitted Smtp::submit(const action::Outgoing& message, Duration deadline) {
    const auto to = address_of(message.destination);
    if (to.empty())
        return {Outcome::refused, {}, "smtp.invalid_address", true};
    const auto mail = mail_of(options_, message, clock_.now());
    const auto bytes = mime_of(mail);

    Easy easy;
    Text text{bytes};
    prepare(easy, options_, to, text, deadline);
    const auto done = curl_easy_perform(easy.handle);
    if (done == CURLE_OK)
        return {Outcome::accepted, message_id_of_mail(mail), {}, false};
    long last_reply = 0;
    curl_easy_getinfo(easy.handle, CURLINFO_RESPONSE_CODE, &last_reply);
    return judge_smtp(static_cast<int>(last_reply), text.has_all);
}

}  // namespace qiao::channel
