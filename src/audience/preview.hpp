// How many people a rule finds, how many of them can be reached, and what each condition does: the
// numbers beside the builder, recomputed at every change.
#pragma once

#include <array>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "audience/evaluation.hpp"
#include "audience/people_cards.hpp"

namespace qiao::audience {

inline constexpr std::array<std::string_view, 4> preview_channels = {"sms", "email", "inbox",
                                                                     "webhook"};

struct Question {
    std::string rule;
    std::optional<Time> as_of;
    bool fresh = false;
    bool parts = false;
    std::size_t sample_size = 5;
};

struct Counts {
    std::uint64_t count = 0;
    std::uint64_t total = 0;  // of everyone whom the asker may see
    std::array<std::uint64_t, preview_channels.size()> reachable{};
    std::vector<index::Plan::Part> parts;
    std::vector<ProfileId> sample;
    std::uint64_t data_version = 0;
    std::optional<Time> kept_from;  // events before it are not counted any more
};

struct Previewed {
    Counts counts;
    std::vector<Card> sample;
    double elapsed_ms = 0;
};

class Preview {
public:
    static constexpr std::size_t most_samples = 100;

    // What is held while an answer is computed for somebody: a fair share of the machine.
    using Share = std::function<Result<std::shared_ptr<const void>>(const access::Principal& who)>;

    // Without `share` everybody computes at once.
    Preview(const Evaluation& evaluation, const PeopleCards& cards, Share share = {})
        : evaluation_(evaluation), cards_(cards), share_(std::move(share)) {}

    // Errors: rule.*, index.too_slow, audience.not_fresh, audience.sample_size, those of `share`.
    Result<Previewed> ask(const Question& question, const access::Principal& who);

private:
    struct Cached {
        std::string key;
        Counts counts;
    };
    Result<Counts> count(const Question& question, const rule::Node& rule, Time as_of,
                         const index::Snapshot& snapshot, const access::Principal& who);
    Result<std::vector<index::Plan::Part>> parts_in_scope(const Question& question, Time as_of,
                                                          const index::Snapshot& snapshot,
                                                          const access::Principal& who,
                                                          std::uint64_t members);
    Result<std::shared_ptr<const std::array<index::People, preview_channels.size()>>> reachable(
        const index::Snapshot& snapshot);
    std::optional<Counts> cached(const std::string& key);
    void remember(std::string key, const Counts& counts);

    const Evaluation& evaluation_;
    const PeopleCards& cards_;
    Share share_;
    std::mutex mutex_;
    std::list<Cached> cache_;  // newest first
    std::uint64_t reachable_version_ = 0;
    std::shared_ptr<const std::array<index::People, preview_channels.size()>> reachable_;
};

}  // namespace qiao::audience
