// Any bytes: parse() answers a formula that can be evaluated, or an error, and never more than its
// limits allow.
#include "base/check.hpp"
#include "insight/metric_formula.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto formula = qiao::insight::Formula::parse(text, 3);
    if (!formula) {
        qiao::check(formula.error().reason == "insight.formula");
        qiao::check(!formula.error().detail.empty());
        return 0;
    }
    qiao::check(size <= qiao::insight::Formula::most_bytes);
    using qiao::insight::Exact;
    if (const auto value = formula->value({Exact(7) / 3, Exact(-2), Exact(0)}))
        (void)qiao::insight::rounded(*value);
    qiao::check(!formula->value({std::nullopt, std::nullopt, std::nullopt}));
    return 0;
}
