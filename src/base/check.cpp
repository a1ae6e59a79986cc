#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace qiao {

void check_failed(std::source_location where) {
    std::fprintf(stderr, "check failed at %s:%u in %s\n", where.file_name(), where.line(),
                 where.function_name());
    std::abort();
}

}  // namespace qiao
