// The commands of the command line besides serve: through the control socket of the running server,
// or, where none runs, on the stores alone.
#pragma once

#include <boost/json/fwd.hpp>

#include "app/control.hpp"
#include "app/options.hpp"

namespace qiao::app {

struct Server;

int run_tool(const ToolOptions& options);
// The same commands inside the server.
ControlHandler control_handler(Server& server);

}  // namespace qiao::app
