#include "index/predicate.hpp"

#include "base/check.hpp"

namespace qiao::index {

using rule::Op;

Predicate compile(const rule::Test& test, const Strings& strings) {
    Predicate made;
    const auto constant = [&](std::size_t i) {
        const auto cell = strings.find_cell(test.values[i]);
        check(cell.has_value());
        return *cell;
    };
    switch (test.op) {
        case Op::exists:
            return made;
        case Op::missing:
            made.takes_missing = true;
            return made;
        case Op::lt:
            made.high = constant(0) - 1;
            return made;
        case Op::lte:
            made.high = constant(0);
            return made;
        case Op::gt:
            // Nothing lies above the highest cell.
            if (constant(0) == INT64_MAX)
                made.listed = true;
            else
                made.low = constant(0) + 1;
            return made;
        case Op::gte:
            made.low = constant(0);
            return made;
        case Op::between:
            made.low = constant(0);
            made.high = constant(1);
            return made;
        case Op::contains:
            made.listed = true;
            made.list = strings.sets_with(std::get<std::string>(test.values[0]));
            break;
        case Op::eq:
        case Op::in:
        case Op::ne:
        case Op::not_in:
            made.listed = true;
            made.negated = test.op == Op::ne || test.op == Op::not_in;
            for (const auto& value : test.values)
                if (const auto cell = strings.find_cell(value))
                    made.list.push_back(*cell);
            break;
        case Op::top:
            check(false);
    }
    std::sort(made.list.begin(), made.list.end());
    return made;
}

bool passes_fraction(const rule::Test& test, __int128 numerator, std::int64_t denominator) {
    const auto scaled = [&](std::size_t i) {
        return static_cast<__int128>(std::get<Decimal>(test.values[i]).scaled()) * denominator;
    };
    const auto is_listed = [&] {
        for (std::size_t i = 0; i < test.values.size(); ++i)
            if (numerator == scaled(i))
                return true;
        return false;
    };
    switch (test.op) {
        case Op::eq:
        case Op::in:
            return is_listed();
        case Op::ne:
        case Op::not_in:
            return !is_listed();
        case Op::lt:
            return numerator < scaled(0);
        case Op::lte:
            return numerator <= scaled(0);
        case Op::gt:
            return numerator > scaled(0);
        case Op::gte:
            return numerator >= scaled(0);
        case Op::between:
            return numerator >= scaled(0) && numerator <= scaled(1);
        default:
            check(false);
            return false;
    }
}

}  // namespace qiao::index
