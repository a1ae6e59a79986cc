// Whatever bytes a damaged disk returns, reading them ends in facts or an error, and facts that
// were read can be written and read again. Values are compared by their bytes.
#include <cstdint>

#include "base/check.hpp"
#include "journal/journal.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    (void)qiao::journal::Journal::decode_entry(bytes);

    auto value = bytes;
    (void)qiao::decode_value(value);

    auto in = bytes;
    if (const auto fact = qiao::decode_fact(in)) {
        std::string written;
        qiao::encode(*fact, written);
        std::string_view again = written;
        const auto read = qiao::decode_fact(again);
        qiao::check(read.has_value() && again.empty());
        std::string twice;
        qiao::encode(*read, twice);
        qiao::check(twice == written);
    }
    return 0;
}
