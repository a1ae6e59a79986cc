#include "insight/kinds.hpp"

#include <boost/json.hpp>

#include "insight/acquisition.hpp"
#include "insight/attribution.hpp"
#include "insight/distribution.hpp"
#include "insight/entries.hpp"
#include "insight/funnel.hpp"
#include "insight/interval.hpp"
#include "insight/league.hpp"
#include "insight/lifecycle.hpp"
#include "insight/metric_question.hpp"
#include "insight/paths.hpp"
#include "insight/retention.hpp"
#include "insight/returns.hpp"
#include "insight/stage_flow.hpp"

namespace qiao::insight {
namespace {

using ReadFrame = Result<Frame> (*)(const boost::json::value&, std::string_view);

template <auto parse>
Result<Frame> frame_by(const boost::json::value& question, std::string_view at) {
    auto parsed = parse(question, at);
    if (!parsed)
        return fail(parsed.error());
    return std::move(parsed->frame);
}

struct Kind {
    std::string_view name;
    ReadFrame frame;
};
constexpr Kind kinds[] = {
    {"metric", frame_by<parse_metric>},       {"funnel", frame_by<parse_funnel>},
    {"retention", frame_by<parse_retention>}, {"lifecycle", frame_by<parse_lifecycle>},
    {"paths", frame_by<parse_paths>},         {"distribution", frame_by<parse_distribution>},
    {"interval", frame_by<parse_interval>},   {"attribution", frame_by<parse_attribution>},
    {"league", frame_by<parse_league>},       {"entries", frame_by<parse_entries>},
    {"stages", frame_by<parse_stages>},       {"acquisition", frame_by<parse_acquisition>},
    {"returns", frame_by<parse_returns>},     {"products", frame_by<parse_products_question>},
    {"activity", frame_by<parse_activity>}};

}  // namespace

Result<Frame> parse_question(std::string_view kind, const boost::json::value& question,
                             std::string_view at) {
    for (const auto& known : kinds)
        if (known.name == kind)
            return known.frame(question, at);
    return fail(ErrorCode::unsupported, "insight.kind",
                "There is no question of this kind that can be kept; choose one of those on the "
                "questions page, a league, entries, stages, acquisition, returns, products or "
                "activity.",
                std::string(at));
}

}  // namespace qiao::insight
