// The built console: files of one directory, as a handler for Router::fallback.
//
// A file `x.gz` beside `x` is sent instead where the browser takes gzip. What lies under `/assets/`
// has a hash in its name and is cached for ever; all else is checked by ETag each time. A path
// without an extension is a page of the console and gets index.html. Nothing outside the directory
// is ever served, also not through a symbolic link.
#pragma once

#include <string>

#include "http/router.hpp"

namespace qiao::http {

// Paths that programs call (/api/, /v1/, …) and /assets/ answer 404 where nothing takes them, no
// page.
Handler static_files(std::string directory);

}  // namespace qiao::http
