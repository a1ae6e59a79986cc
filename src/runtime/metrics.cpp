#include "runtime/metrics.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <vector>

namespace qiao {

namespace {

struct MetricFamily {
    std::string help;
    std::string_view type;
    std::vector<std::pair<std::string, std::string>> samples;  // name with labels, value
};

std::string metric_family_name(const std::string& name) { return name.substr(0, name.find('{')); }

std::string metric_number(double number) {
    if (std::isnan(number))
        return "NaN";
    if (std::isinf(number))
        return number > 0 ? "+Inf" : "-Inf";
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
    return std::string(buffer, end);
}

std::string escape_metric_help(std::string_view help) {
    std::string escaped;
    for (const char c : help) {
        if (c == '\n')
            escaped += "\\n";
        else if (c == '\\')
            escaped += "\\\\";
        else
            escaped += c;
    }
    return escaped;
}

void add_metric_sample(std::map<std::string, MetricFamily>& families, std::string_view type,
                       const std::string& name, const std::string& help, std::string value) {
    auto& family = families[metric_family_name(name)];
    if (family.samples.empty()) {
        family.help = help;
        family.type = type;
    }
    family.samples.emplace_back(name, std::move(value));
}

}  // namespace

Counter& Metrics::counter(std::string name, std::string help) {
    const std::lock_guard lock(mutex_);
    for (auto& known : counters_)
        if (known.name == name)
            return known.counter;
    auto& made = counters_.emplace_back();
    made.name = std::move(name);
    made.help = std::move(help);
    return made.counter;
}

void Metrics::gauge(std::string name, std::string help, std::function<double()> read) {
    const std::lock_guard lock(mutex_);
    for (auto& known : gauges_) {
        if (known.name != name)
            continue;
        known.read = std::move(read);
        return;
    }
    gauges_.push_back({std::move(name), std::move(help), std::move(read)});
}

std::string Metrics::text() const {
    std::map<std::string, MetricFamily> families;
    std::deque<NamedGauge> gauges;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& named : counters_)
            add_metric_sample(families, "counter", named.name, named.help,
                              std::to_string(named.counter.value()));
        gauges = gauges_;
    }
    // Read without the lock: a gauge may take locks of its own, and their owners may count.
    for (const auto& named : gauges)
        add_metric_sample(families, "gauge", named.name, named.help, metric_number(named.read()));

    std::string text;
    for (const auto& [name, family] : families) {
        text += "# HELP " + name + " " + escape_metric_help(family.help) + "\n";
        text += "# TYPE " + name + " " + std::string(family.type) + "\n";
        for (const auto& [sample, value] : family.samples)
            text += sample + " " + value + "\n";
    }
    return text;
}

}  // namespace qiao
