// Any bytes: a body is refused whole, or each record is either a fact or says why not.
#include "base/check.hpp"
#include "collect/posthog.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace qiao;
    using namespace qiao::collect;
    if (size == 0)
        return 0;
    const Envelope envelope{{"key_1", "fuzz"}, time_from_ms(1'790'000'000'000), "127.0.0.1"};
    std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto batch = parse_posthog(body, envelope);
    if (!batch) {
        check(!batch.error().reason.empty());
        return 0;
    }
    check(batch->facts.size() == batch->record_of.size());
    for (std::size_t i = 0; i < batch->facts.size(); ++i) {
        check(!batch->facts[i].message_id.empty());
        check(batch->facts[i].properties.size() <= max_properties + 10);
        check(!batch->text_of(batch->record_of[i]).empty());
        std::string bytes;
        encode(batch->facts[i], bytes);
        std::string_view in = bytes;
        check(decode_fact(in) == batch->facts[i]);
    }
    for (const auto& rejected : batch->rejected)
        check(!rejected.reason.empty() && (rejected.pointer.empty() || rejected.pointer[0] == '/'));
    return 0;
}
