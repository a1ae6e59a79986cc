// `qiao openapi`: the OpenAPI document on standard output, without a server or a data directory.
#pragma once

namespace qiao::app {

// The process's exit code.
int print_openapi();

}  // namespace qiao::app
