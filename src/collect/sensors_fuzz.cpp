// Any bytes, as a form and as the JSON within: decoding and parsing end in facts or in reasons.
#include "base/check.hpp"
#include "collect/encoding.hpp"
#include "collect/sensors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace qiao;
    using namespace qiao::collect;
    if (size == 0)
        return 0;
    const Envelope envelope{{"key_1", "fuzz"}, time_from_ms(1'790'000'000'000), "127.0.0.1"};
    std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    SensorsPayload payload;
    if (data[0] % 2 == 0) {
        payload.json = std::move(text);
    } else {
        auto read = read_sensors_fields(parse_form(text));
        if (!read)
            return 0;
        payload = std::move(*read);
    }
    (void)sensors_token(payload.json);
    const auto batch = parse_sensors(std::move(payload), envelope);
    if (!batch)
        return 0;
    for (const auto& fact : batch->facts) {
        check(!fact.message_id.empty());
        check(fact.kind == FactKind::item || !fact.identities.empty());
    }
    for (const auto& rejected : batch->rejected)
        check(!rejected.reason.empty() && (rejected.pointer.empty() || rejected.pointer[0] == '/'));
    return 0;
}
