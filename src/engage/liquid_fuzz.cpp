#include <cstddef>
#include <cstdint>

#include "engage/liquid.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parsed = qiao::engage::Template::parse({reinterpret_cast<const char*>(data), size});
    if (!parsed)
        return 0;
    const qiao::Value value = std::string("王 <&>");
    static const auto calendar = *qiao::Calendar::of_zone("Asia/Shanghai");
    (void)parsed->render([&](std::string_view name) { return name.size() % 2 ? &value : nullptr; },
                         qiao::engage::Escape::html, calendar);
    return 0;
}
