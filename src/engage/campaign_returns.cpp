#include "engage/campaign_returns.hpp"

#include <algorithm>
#include <cmath>

namespace qiao::engage {
namespace {

constexpr std::size_t page_size = 200;

std::string text_of(const std::optional<Decimal>& amount) { return amount ? amount->text() : "–"; }

// How many of the treated; nothing where it is not known.
std::string won(const std::optional<Lift>& lift) {
    return lift ? std::to_string(lift->treated.converted) : "–";
}

std::string whole(const std::optional<double>& people) {
    return people ? std::to_string(static_cast<std::int64_t>(std::llround(*people))) : "–";
}

}  // namespace

Result<Campaign> CampaignReturns::named(std::string_view id, std::string pointer,
                                        const access::Principal& who) const {
    auto found = campaigns_.get(id, who);
    if (found)
        return found;
    auto error = found.error();
    error.code = ErrorCode::unprocessable;
    error.pointer = std::move(pointer);
    return fail(std::move(error));
}

// The latest launch first.
std::vector<Campaign> CampaignReturns::launched(const insight::ReturnsQuestion& question,
                                                const access::Principal& who) const {
    const auto interval =
        rule::interval_of(question.frame.period, question.frame.as_of.value_or(evaluation_.now()),
                          evaluation_.calendar());
    std::vector<Campaign> made;
    CampaignFilter filter;
    filter.limit = page_size;
    for (;;) {
        auto page = campaigns_.list(filter, who);
        const bool is_last = page.size() < page_size;
        if (!page.empty())
            filter.after = page.back().id;
        for (auto& campaign : page) {
            const auto at = campaign.launched_at ? to_ms(*campaign.launched_at) : INT64_MIN;
            if (at >= interval.from_ms && at < interval.until_ms)
                made.push_back(std::move(campaign));
        }
        if (is_last)
            break;
    }
    std::stable_sort(made.begin(), made.end(), [](const Campaign& a, const Campaign& b) {
        return a.launched_at > b.launched_at;
    });
    return made;
}

Result<ReturnsAnswer> CampaignReturns::ask(const insight::ReturnsQuestion& question,
                                           std::string_view at,
                                           const access::Principal& who) const {
    if (question.frame.fresh)
        if (auto fresh = evaluation_.wait_fresh(); !fresh)
            return fail(fresh.error());
    std::vector<Campaign> wanted;
    if (question.campaign.empty()) {
        wanted = launched(question, who);
    } else {
        auto campaign = named(question.campaign, std::string(at) + "/campaign", who);
        if (!campaign)
            return fail(campaign.error());
        wanted.push_back(std::move(*campaign));
    }
    ReturnsAnswer made;
    const auto shown = std::min(question.limit, wanted.size());
    made.left_out = wanted.size() - shown;
    for (std::size_t i = 0; i < shown; ++i) {
        auto report = reports_.figures(wanted[i], who);
        if (!report)
            return fail(report.error());
        made.campaigns.push_back({std::move(wanted[i]), std::move(*report)});
    }
    return made;
}

Result<audience::Evaluated> CampaignReturns::people(const insight::ReturnsQuestion& question,
                                                    std::string_view campaign, PeopleSet set,
                                                    std::string_view at,
                                                    const access::Principal& who) const {
    const bool is_asked = !question.campaign.empty();
    const auto found =
        named(is_asked ? question.campaign : campaign,
              is_asked ? std::string(at) + "/campaign" : std::string("/campaign"), who);
    if (!found)
        return fail(found.error());
    return reports_.people(*found, set, {}, who);
}

Result<insight::AnswerTable> CampaignReturns::table(const insight::ReturnsQuestion& question,
                                                    std::string_view at,
                                                    const access::Principal& who) const {
    const auto answer = ask(question, at, who);
    if (!answer)
        return fail(answer.error());
    insight::AnswerTable made{{{"活动", "Campaign"},
                               {"启动", "Launched"},
                               {"费用", "Cost"},
                               {"送达", "Delivered"},
                               {"获客", "Acquired"},
                               {"每位获客", "Cost per acquired"},
                               {"激活", "Activated"},
                               {"每位激活", "Cost per activated"},
                               {"增量客户", "Incremental"},
                               {"每位增量客户", "Cost per incremental"},
                               {"收益", "Income"},
                               {"净收益", "Gain"}},
                              {},
                              0};
    for (const auto& [campaign, report] : answer->campaigns) {
        const auto& returns = report.returns;
        made.rows.push_back(
            {campaign.draft.name,
             campaign.launched_at ? format_day(evaluation_.calendar().day_of(*campaign.launched_at))
                                  : "–",
             returns.cost.text(), std::to_string(report.delivered), won(report.lifts.acquired),
             text_of(returns.per_acquired), won(report.lifts.activated),
             text_of(returns.per_activated), whole(returns.incremental),
             text_of(returns.per_incremental), text_of(returns.income), text_of(returns.gain)});
        made.base += static_cast<std::uint64_t>(report.treated);
    }
    return made;
}

}  // namespace qiao::engage
