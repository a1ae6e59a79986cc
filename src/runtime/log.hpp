// Structured log lines to standard error. Never a value that identifies a customer, never a secret.
#pragma once

#include <string_view>

namespace qiao::log {

void info(std::string_view message);
void warn(std::string_view message);
void error(std::string_view message);

}  // namespace qiao::log
