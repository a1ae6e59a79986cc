// How a goal is divided among its touches, by the models of attribution.hpp.
#pragma once

#include <cmath>
#include <vector>

#include "index/scan.hpp"
#include "insight/attribution.hpp"

namespace qiao::insight::detail {

struct Touch {
    std::int64_t time_ms = 0;
    index::Cell group = index::missing;
    const index::EventRows* rows = nullptr;
    std::uint32_t row = 0;
};

// The part of a goal that each of its touches (ascending by time, at least one) gets.
class TouchShares {
public:
    TouchShares(Model model, std::int64_t half_life_ms, const std::vector<Touch>& touches,
                std::vector<double>& shares)
        : touches_(touches), shares_(shares), count_(touches.size()) {
        shares_.assign(count_, 0);
        while (first_ < count_ && touches[first_].time_ms == touches.front().time_ms)
            ++first_;
        while (last_ < count_ && touches[count_ - 1 - last_].time_ms == touches.back().time_ms)
            ++last_;
        if (model == Model::first)
            even(0, first_, 1);
        else if (model == Model::last)
            even(count_ - last_, count_, 1);
        else if (model == Model::decay)
            decay(static_cast<double>(half_life_ms));
        else if (model == Model::position && first_ < count_)
            position();
        else
            even(0, count_, 1);
    }

private:
    void even(std::size_t begin, std::size_t end, double part) {
        for (auto i = begin; i < end; ++i)
            shares_[i] = part / static_cast<double>(end - begin);
    }
    void position() {
        const auto between = count_ - first_ - last_;
        even(0, first_, between > 0 ? 0.4 : 0.5);
        even(first_, first_ + between, 0.2);
        even(count_ - last_, count_, between > 0 ? 0.4 : 0.5);
    }
    // Ages count from the last touch: the ratios are the same, and nothing vanishes.
    void decay(double half_life_ms) {
        double sum = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            const auto age = touches_.back().time_ms - touches_[i].time_ms;
            shares_[i] = std::exp2(-static_cast<double>(age) / half_life_ms);
            sum += shares_[i];
        }
        for (auto& share : shares_)
            share /= sum;
    }

    const std::vector<Touch>& touches_;
    std::vector<double>& shares_;
    std::size_t count_, first_ = 0, last_ = 0;
};

}  // namespace qiao::insight::detail
