#include <cstddef>
#include <cstdint>
#include <string>

#include "channel/smpp_pdu.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qiao::channel::smpp;
    std::string buffer(reinterpret_cast<const char*>(data), size);
    (void)receipt_of(buffer);
    (void)message_id_of(buffer);
    for (const auto& part : split_text(buffer, 1))
        if (part.octets.size() > 160)
            __builtin_trap();
    bool is_broken = false;
    while (!is_broken && take_pdu(buffer, is_broken)) {
    }
    return 0;
}
