#include "runtime/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>

namespace qiao::log {

namespace {

spdlog::logger& logger() {
    // Never destroyed: a thread that ends after main() may still have something to say.
    static auto* const instance = [] {
        auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        auto* made = new spdlog::logger("qiao", sink);
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
        made->flush_on(spdlog::level::info);
        return made;
    }();
    return *instance;
}

// A message may quote what a peer sent, and a line break in it would forge a log line.
void write(spdlog::level::level_enum level, std::string_view message) {
    const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (std::none_of(message.begin(), message.end(), is_control)) {
        logger().log(level, message);
        return;
    }
    std::string clean(message);
    std::replace_if(clean.begin(), clean.end(), is_control, ' ');
    logger().log(level, clean);
}

}  // namespace

void info(std::string_view message) { write(spdlog::level::info, message); }
void warn(std::string_view message) { write(spdlog::level::warn, message); }
void error(std::string_view message) { write(spdlog::level::err, message); }

}  // namespace qiao::log
