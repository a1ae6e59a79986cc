// Did the campaign help? Two proportions compared.
//
// Interval of a difference: Newcombe's hybrid score method without continuity correction (R. G.
// Newcombe, Statistics in Medicine 17, 1998, 873–890, method 10), from Wilson's score intervals (E.
// B. Wilson, JASA 22, 1927). P-value: the two-sided pooled z-test. 95 % throughout.
#pragma once

#include <cstdint>
#include <string>

namespace qiao::engage {

struct Arm {
    std::int64_t people = 0;
    std::int64_t converted = 0;
    double rate() const {
        return people == 0 ? 0.0 : static_cast<double>(converted) / static_cast<double>(people);
    }
};

struct Interval {
    double low = 0, high = 0;
};

struct Lift {
    Arm treated, control;
    double difference = 0;  // treated rate − control rate
    Interval interval;      // of the difference
    double p_value = 1;
    bool has_enough_data = false;
};

Interval wilson_interval(const Arm& arm);

// Enough data: at least 100 people in each arm, and at least 5 conversions expected in each arm
// under the pooled rate (the usual rule for the normal approximation of the test).
Lift judge_lift(const Arm& treated, const Arm& control);

// One plain sentence; "not enough data yet" where so.
std::string sentence_zh(const Lift& lift);
std::string sentence_en(const Lift& lift);

}  // namespace qiao::engage
