// How a campaign went: every number counted by a rule over what happened, within what the asker may
// see.
//
// Each number opens to its people by people(). Days are the institution's. Thread-safe.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "audience/evaluation.hpp"
#include "engage/campaign.hpp"
#include "engage/lift_rules.hpp"
#include "engage/report_rules.hpp"
#include "engage/return_rules.hpp"
#include "insight/acquisition_steps.hpp"
#include "insight/metrics.hpp"

namespace qiao::engage {

// How far a campaign is, in people; `planned` are those whom it wants to contact.
struct Progress {
    std::int64_t planned = 0, sent = 0, suppressed = 0, failed = 0;
};

struct Report {
    struct Reason {
        std::string reason;
        std::int64_t count = 0;
    };
    struct OnDay {
        Day day = 0;
        std::int64_t sent = 0, delivered = 0, opened = 0;
        std::int64_t converted = 0;  // treated people who converted first on this day
    };
    std::int64_t eligible = 0, treated = 0, held_out = 0;
    std::vector<Reason> suppressed;  // the largest first
    std::int64_t sent = 0, delivered = 0, failed = 0, unknown = 0, opened = 0, clicked = 0,
                 complained = 0, converted = 0;
    std::vector<OnDay> by_day;  // the last `most_days` days that matter
    Lifts lifts;
    Arm holdout;
    Returns returns;
};

inline constexpr int most_days = 31;

class Reports {
public:
    Reports(const audience::Evaluation& evaluation, const insight::Asking& asking,
            const insight::Metrics& metrics, const insight::AcquisitionBook& steps)
        : evaluation_(evaluation), asking_(asking), metrics_(metrics), steps_(steps) {}

    // Errors: rule.*, index.too_slow.
    Result<Report> report(const Campaign& campaign, const access::Principal& who) const;
    // The same without its days and reasons.
    Result<Report> figures(const Campaign& campaign, const access::Principal& who) const;
    // Kept while no new data came; of a campaign that is over for a minute in any case.
    Result<Progress> progress(const Campaign& campaign, const access::Principal& who);
    // Error beside those: unprocessable `campaign.no_goal`.
    Result<audience::Evaluated> people(const Campaign& campaign, PeopleSet set,
                                       std::string_view reason, const access::Principal& who) const;

private:
    struct View;
    View view(const Campaign& campaign, const access::Principal& who) const;
    Result<Report> figures(View& view) const;
    Result<void> count_people(View& view, Report& report) const;
    Result<void> count_by_day(const View& view, Report& report) const;
    Result<void> count_reasons(const View& view, Report& report) const;
    Result<Decimal> cost(const View& view) const;
    // Nothing where the goal has no value.
    Result<std::optional<ArmIncomes>> incomes(const View& view) const;

    const audience::Evaluation& evaluation_;
    const insight::Asking& asking_;
    const insight::Metrics& metrics_;
    const insight::AcquisitionBook& steps_;
    struct Kept {
        Progress progress;
        std::uint64_t data_version = 0;
        std::chrono::steady_clock::time_point at;
    };
    std::mutex mutex_;
    std::map<std::string, Kept> kept_;
};

// UTF-8 with a byte order mark, as spreadsheets of the region expect it.
std::string report_csv(const Campaign& campaign, const Report& report);

}  // namespace qiao::engage
