// Stage models: where a customer is in a life cycle, and which tier or star it has.
//
// A model is an ordered list of stages, the lowest first, each with a rule. A customer is in the
// highest stage whose rule holds, whatever the lower rules say, or in none where no rule holds: so
// it is in at most one stage of a model at any moment. Shards keep every stage in real time as a
// subject of its own (realtime.hpp): facts and time alone move customers, and each move writes
// `$stage_exited` and `$stage_entered` with the same moment.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit.hpp"
#include "audience/realtime.hpp"
#include "audience/vocabulary.hpp"
#include "runtime/clock.hpp"
#include "sql/database.hpp"

namespace qiao::audience {

struct Stage {
    std::string key;   // a word of a-z, 0-9 and _, for good: facts name it
    std::string name;  // perhaps "中文 / English"
    std::string rule;  // JSON text
};
struct StageModel {
    std::string id;    // "stm_…"
    std::string kind;  // "lifecycle", "tier", "star": how it is shown
    std::string name;
    std::vector<Stage> stages;  // the lowest first
    std::int64_t version = 1;
    Time created_at{}, updated_at{};
    std::string created_by, updated_by;

    const Stage* find(std::string_view key) const;
};
struct StageModelDraft {
    std::string kind, name;
    std::vector<Stage> stages;
};
inline constexpr std::size_t most_stages = 12;
inline constexpr std::size_t most_stage_models = 50;

// The rule of being in the stage itself: its own, and none of those above it.
std::string rule_of_stage(const std::vector<Stage>& stages, std::size_t at);
// How shards name the stage.
std::string subject_of(const StageModel& model, const Stage& stage);
// Model and key of a stage's subject.
std::pair<std::string_view, std::string_view> stage_of_subject(std::string_view subject);

// Thread-safe. After a change the caller lets RealtimeControl::reconcile() take it over.
class StageModels {
public:
    StageModels(sql::Database& database, Vocabularies& vocabularies, access::AuditLog& audit,
                const Clock& clock)
        : database_(database), vocabularies_(vocabularies), audit_(audit), clock_(clock) {}

    // Errors: audience.stage_model (with the pointer), audience.not_realtime, rule.*.
    Result<StageModel> create(const StageModelDraft& draft, const access::Principal& who);
    // Errors also: audience.stage_model_not_found, audience.stale.
    Result<StageModel> change(std::string_view id, const StageModelDraft& draft,
                              std::optional<std::int64_t> expected_version,
                              const access::Principal& who);
    Result<void> remove(std::string_view id, const access::Principal& who);
    Result<StageModel> get(std::string_view id) const;
    std::vector<StageModel> list() const;  // the older first

private:
    Result<void> judge(const StageModelDraft& draft) const;

    sql::Database& database_;
    Vocabularies& vocabularies_;
    access::AuditLog& audit_;
    const Clock& clock_;
};

}  // namespace qiao::audience
