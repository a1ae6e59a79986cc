// The report of a provider comes from outside: header and body, split at the first line end. What
// passes the parser keeps its promises.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "channel/receipt_hook.hpp"
#include "channel/webhook.hpp"

using namespace qiao;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto line = std::min(input.find('\n'), input.size());
    const auto header = input.substr(0, line);
    const auto body = input.substr(std::min(line + 1, input.size()));
    const auto now = time_from_ms(1'790'000'000'000);

    // Nobody signs by chance, and who has the secret always passes.
    require(!channel::judge_signature("fuzz-secret-of-nobody", header, body, now));
    const auto own = channel::webhook_signature("s", to_ms(now) / 1000, body);
    require(channel::judge_signature("s", own, body, now).has_value());

    if (const auto receipts = channel::parse_receipts("chn_1", body, now)) {
        require(receipts->size() <= channel::most_receipts);
        for (const auto& receipt : *receipts) {
            require(receipt.provider == "chn_1" && receipt.at <= now);
            require(!receipt.send_key.empty() || !receipt.provider_message_id.empty());
            require(receipt.reason.find_first_of(" @<>\"\n") == std::string::npos);
        }
    }
    return 0;
}
