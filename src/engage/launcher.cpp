#include "engage/launcher.hpp"

#include "runtime/log.hpp"

namespace qiao::engage {

namespace {

constexpr std::size_t facts_per_append = 500;
// One salt for the whole bank: who is held out is held out of every campaign.
constexpr std::string_view holdout_salt = "qiao.holdout";

std::string_view arm_of(const Campaign& campaign, ProfileId profile, double holdout_share) {
    if (falls_in(holdout_salt, profile, holdout_share))
        return "holdout";
    if (falls_in(campaign.id, profile, campaign.draft.control_share))
        return "control";
    return "treated";
}

access::Principal qiao_itself(std::string org) {
    access::Principal principal{"system", "Qiao", "administrator", ~0u, std::move(org), false};
    return principal;
}

}  // namespace

Launcher::Launcher(Campaigns& campaigns, const audience::Evaluation& evaluation,
                   const insight::AcquisitionBook& steps, journal::Journal& journal,
                   const Calendar& calendar, const Clock& clock)
    : campaigns_(campaigns),
      evaluation_(evaluation),
      steps_(steps),
      journal_(journal),
      calendar_(calendar),
      clock_(clock) {}

void Launcher::start() {
    thread_ = std::thread([this] { run(); });
}

void Launcher::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        wake_.notify_all();
    }
    if (thread_.joinable())
        thread_.join();
}

void Launcher::kick() {
    std::lock_guard lock(mutex_);
    is_kicked_ = true;
    wake_.notify_all();
}

void Launcher::run() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, std::chrono::seconds(5),
                           [this] { return is_kicked_ || stopping_; });
            if (stopping_)
                return;
            is_kicked_ = false;
        }
        run_due();
    }
}

access::Principal Launcher::scope_of(const Campaign& campaign) const {
    return qiao_itself(campaign.org);
}

Result<std::int64_t> Launcher::will_enter(const Campaign& campaign) const {
    const auto rule = campaigns_.rule_of(campaign.draft);
    if (!rule)
        return fail(rule.error());
    const auto found = evaluation_.evaluate(*rule, "/audience", clock_.now(), scope_of(campaign));
    if (!found)
        return fail(found.error());
    return static_cast<std::int64_t>(found->members.count());
}

void Launcher::run_due() {
    std::lock_guard lock(running_);
    try {
        const auto itself = qiao_itself({});
        for (const auto& campaign : campaigns_.in_state(CampaignState::scheduled))
            if (!launches_later(campaign.draft.schedule, clock_.now()))
                (void)campaigns_.act(campaign.id, CampaignVerb::launch, {}, 0, itself);
        for (const auto& campaign : campaigns_.in_state(CampaignState::running)) {
            const auto run = due_run(campaign, clock_.now(), calendar_);
            if (!run.empty() && run != campaign.last_run) {
                if (auto entered = enter(campaign, run); !entered)
                    log::warn("a campaign's run will be tried again: " + entered.error().detail);
            } else if (has_run_out(campaign, clock_.now(), calendar_)) {
                (void)campaigns_.act(campaign.id, CampaignVerb::complete, {}, 0, itself);
            }
        }
    } catch (const std::exception& fault) {
        log::error(std::string("campaigns could not be looked at, will try again: ") +
                   fault.what());
    }
}

std::optional<index::People> Launcher::customers(const index::Snapshot& snapshot) const {
    const auto rule =
        evaluation_.prepare(insight::customer_rule(steps_.get().rules), "", qiao_itself({}));
    auto found = rule ? evaluation_.evaluate(*rule, snapshot, clock_.now())
                      : Result<index::People>(fail(rule.error()));
    if (found)
        return std::move(*found);
    log::warn("who enters a campaign is not known as a customer or none: " + found.error().detail);
    return std::nullopt;
}

Result<void> Launcher::enter(const Campaign& campaign, const std::string& run) {
    if (auto fresh = evaluation_.wait_fresh(); !fresh)
        return fresh;
    const auto rule = campaigns_.rule_of(campaign.draft);
    if (!rule)
        return fail(rule.error());
    const auto found = evaluation_.evaluate(*rule, "/audience", clock_.now(), scope_of(campaign));
    if (!found)
        return fail(found.error());

    const auto known = customers(found->snapshot);
    const auto holdout_share = campaigns_.policy().holdout_share;
    const Time now = clock_.now();
    const std::string channel(action::name_of(campaign.draft.channel));
    const std::string goal = campaign.draft.goal ? campaign.draft.goal->event : std::string{};
    std::vector<Fact> facts;
    Result<void> outcome;
    std::int64_t entered = 0;
    const auto append = [&] {
        if (facts.empty())
            return;
        if (auto appended = journal_.append_and_wait(std::exchange(facts, {})); !appended)
            outcome = fail(appended.error());
    };
    found->members.each([&](index::Dense member) {
        const auto profile = found->snapshot->profile(member);
        facts.push_back(entry_fact(
            {campaign.id, run, std::string(arm_of(campaign, profile, holdout_share)), channel, goal,
             profile, known ? std::optional(known->contains(member)) : std::nullopt},
            now));
        ++entered;
        if (facts.size() >= facts_per_append)
            append();
        return outcome.has_value();
    });
    append();
    if (outcome)
        campaigns_.run_finished(campaign.id, run, entered);
    return outcome;
}

}  // namespace qiao::engage
