// `qiao serve`: opens the stores, starts the server, prints its address, runs until a signal.
#pragma once

#include "app/options.hpp"

namespace qiao::app {

// The process's exit code.
int serve(const ServeOptions& options);

}  // namespace qiao::app
