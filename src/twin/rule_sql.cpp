#include "twin/rule_sql.hpp"

#include "twin/predicate.hpp"
#include "twin/sequence.hpp"

namespace qiao::twin {

using clickhouse::Select;
using clickhouse::text_literal;

namespace {

std::string is_among(const Select& people) { return "person IN " + within(people); }
std::string is_not_among(const Select& people) { return "person NOT IN " + within(people); }

Select holders(const std::string& space, const std::string& name, const std::string& condition) {
    Select made({"person"});
    made.from("traits").where("space = " + text_literal(space));
    made.where("name = " + text_literal(name)).where(condition);
    return made;
}

// A customer without matching rows is in no aggregate: where nothing passes too, the others are
// left out instead.
std::string chosen(Select grouped, const std::string& passes, bool nothing_passes) {
    return nothing_passes ? is_not_among(grouped.having("NOT (" + passes + ")"))
                          : is_among(grouped.having(passes));
}

bool zero_passes(const rule::Test& test) { return rule::holds(test, Value(Decimal{})); }

class Compiler {
public:
    explicit Compiler(const Moment& moment) : moment_(moment) {}

    std::string operator()(const rule::All& all) const {
        return clickhouse::all_of(each(all.nodes));
    }
    std::string operator()(const rule::Any& any) const {
        return clickhouse::any_of(each(any.nodes));
    }
    std::string operator()(const rule::Not& negation) const {
        return "NOT " + members(*negation.node, moment_);
    }
    std::string operator()(const rule::TagTest& tag) const { return trait(tag.tag, tag.test); }
    std::string operator()(const rule::ScoreTest& score) const {
        const std::string tag = "score:" + score.score;
        return score.test.op == rule::Op::top ? is_among(highest(tag, score.test))
                                              : trait(tag, score.test);
    }
    std::string operator()(const rule::OrgTest& org) const {
        return org.codes.empty()
                   ? "0"
                   : is_among(holders("tag", "org", "text IN " + clickhouse::text_list(org.codes)));
    }
    std::string operator()(const rule::IdentityTest& identity) const {
        const auto having = holders("identity", identity.kind, "1");
        return identity.exists ? is_among(having) : is_not_among(having);
    }
    std::string operator()(const rule::ConsentTest& consent) const {
        return is_among(holders("consent", consent.name, "number = 1"));
    }
    std::string operator()(const rule::AudienceTest& audience) const {
        return members(*audience.rule, moment_);
    }
    std::string operator()(const rule::EventTest& test) const;
    std::string operator()(const rule::SequenceTest& test) const;

private:
    std::vector<std::string> each(const std::vector<rule::Node>& nodes) const {
        std::vector<std::string> made;
        for (const auto& node : nodes)
            made.push_back(members(node, moment_));
        return made;
    }
    static std::string trait(const std::string& tag, const rule::Test& test) {
        if (test.op == rule::Op::missing)
            return is_not_among(holders("tag", tag, "1"));
        return is_among(holders("tag", tag, condition(test, trait_cell(test.type))));
    }
    // The ⌈n · share⌉ highest; ties by id.
    static Select highest(const std::string& tag, const rule::Test& test) {
        auto ranked = holders("tag", tag, "1");
        ranked.column("row_number() OVER (ORDER BY number DESC, person) AS place");
        ranked.column("toInt128(count() OVER ()) AS scored");
        Select made({"person"});
        made.from(ranked).where("place <= intDiv(scored * " + literal(test.values[0]) +
                                " + 9999, 10000)");
        return made;
    }

    const Moment& moment_;
};

// "amount" is in the currency that "currency" names, "price.amount" in "price.currency"; a sum over
// several of them has no meaning.
std::string one_currency(const rule::Measure& measure) {
    constexpr std::string_view amount = "amount";
    const auto& name = measure.property;
    if (measure.kind == rule::MeasureKind::distinct || !name.ends_with(amount))
        return {};
    const auto prefix = name.substr(0, name.size() - amount.size());
    if (!prefix.empty() && prefix.back() != '.')
        return {};
    return property_cell(prefix + "currency", ValueType::string).or_null();
}

// What a customer's matching rows come to, and the condition on it.
std::string passes(const rule::EventTest& test, const Moment& moment) {
    using Kind = rule::MeasureKind;
    const auto& measure = test.measure;
    const auto cell = property_cell(measure.property, measure.type);
    const auto whole = [](const std::string& number) {
        return "toInt128(" + number + ") * " + std::to_string(Decimal::scale);
    };
    const auto of_rows = [&](const std::string& aggregate) {
        return aggregate + "If(" + cell.value + ", " + cell.present + ")";
    };
    const std::string rows_with = "toInt128(countIf(" + cell.present + "))";
    const std::string sum = "sumIf(toInt128(" + cell.value + "), " + cell.present + ")";
    const auto if_any = [&](const std::string& condition) {
        return "(" + rows_with + " > 0 AND " + condition + ")";
    };
    const auto age = [&](const char* bound) {
        return whole(std::to_string(to_ms(moment.as_of)) + " - " + bound + "(time_ms)");
    };
    switch (measure.kind) {
        case Kind::count:
            return compares(test.test, whole("count()"), "1");
        case Kind::days:
            return compares(test.test,
                            whole("uniqExact(" + day_of("time_ms", *moment.calendar) + ")"), "1");
        case Kind::sum:
            return compares(test.test, sum, "1");
        case Kind::min:
            return if_any(compares(test.test, "toInt128(" + of_rows("min") + ")", "1"));
        case Kind::max:
            return if_any(compares(test.test, "toInt128(" + of_rows("max") + ")", "1"));
        case Kind::avg:
            return if_any(compares(test.test, sum, rows_with));
        case Kind::distinct:
            return compares(test.test, whole(of_rows("uniqExact")), "1");
        case Kind::first:
            return compares(test.test, age("min"), "1");
        case Kind::last:
            return compares(test.test, age("max"), "1");
    }
    return "0";
}

std::string Compiler::operator()(const rule::EventTest& test) const {
    using Kind = rule::MeasureKind;
    const auto interval = rule::interval_of(test.period, moment_.as_of, *moment_.calendar);
    Select rows({"person"});
    rows.from("facts").where(condition(test.match)).where(is_inside(interval)).group_by("person");
    const bool has_zero = test.measure.kind == Kind::count || test.measure.kind == Kind::sum;
    auto made = chosen(rows, passes(test, moment_), has_zero && zero_passes(test.test));
    const auto currency = one_currency(test.measure);
    if (currency.empty())
        return made;
    Select currencies({"throwIf(uniqExact(" + currency + ") > 1, 'rule.mixed_currencies')"});
    currencies.from("facts").where(condition(test.match)).where(is_inside(interval));
    return "(" + within(currencies) + " = 0 AND " + made + ")";
}

std::string Compiler::operator()(const rule::SequenceTest& test) const {
    const auto interval = rule::interval_of(test.period, moment_.as_of, *moment_.calendar);
    Select rows({"person", "time_ms", bits_of(test.steps) + " AS steps", "toUInt32(0) AS breaks"});
    rows.from("facts").where(is_inside(interval)).where("steps != 0");
    const auto shape =
        shape_of(test.steps, test.window ? std::to_string(test.window->count()) : std::string());
    const auto reached = reached_of(fold_chains(shape, "moments", Keep::latest_start));
    Select chains({"person", reached + " AS reached"});
    chains.from(moments_of(rows, "person", shape));
    const auto passes =
        compares(test.test, "toInt128(reached) * " + std::to_string(Decimal::scale), "1");
    const bool none_passes = zero_passes(test.test);
    Select people({"person"});
    people.from(chains).where(none_passes ? "NOT (" + passes + ")" : passes);
    return none_passes ? is_not_among(people) : is_among(people);
}

}  // namespace

std::string members(const rule::Node& rule, const Moment& moment) {
    return std::visit(Compiler(moment), rule.what);
}

Select people_of(const rule::Node& rule, const Moment& moment) {
    Select made({"person"});
    made.from("people").where(members(rule, moment)).order_by("person");
    return made;
}

std::string day_of(const std::string& time_ms, const Calendar& calendar) {
    return "toDate32(fromUnixTimestamp64Milli(" + time_ms + ", " +
           text_literal(calendar.zone_name()) + "))";
}

}  // namespace qiao::twin
