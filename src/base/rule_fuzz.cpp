// Any bytes: parse() answers a tree or an error with a pointer, and never more than its limits
// allow.
#include <boost/json.hpp>

#include "base/check.hpp"
#include "base/rule.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    boost::system::error_code error;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto json = boost::json::parse(text, error);
    if (error)
        return 0;
    const auto tree = qiao::rule::parse(json);
    if (!tree) {
        qiao::check(!tree.error().detail.empty());
        qiao::check(tree.error().pointer.empty() || tree.error().pointer[0] == '/');
        return 0;
    }
    (void)qiao::rule::references_of(qiao::rule::clone(*tree));
    return 0;
}
