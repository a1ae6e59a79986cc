// `qiao import`: a file of this machine into the running server, with progress and a report.
#pragma once

#include <boost/json/fwd.hpp>

#include "app/control.hpp"

namespace qiao::app {

struct Server;

// The call's "file" is an absolute path that the server can read; "mapping" and "id_prefix" may be
// empty. Returns when the job has ended and its rows show in counts. Errors: those of
// collect::Imports, and imports.unreadable.
Result<std::string> import_file(Server& server, const boost::json::object& call,
                                const Progress& progress);

}  // namespace qiao::app
