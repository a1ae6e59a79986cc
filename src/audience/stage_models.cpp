#include "audience/stage_models.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "audience/audiences.hpp"
#include "audience/realtime_rules.hpp"
#include "audience/stage_models_sql.hpp"
#include "base/id.hpp"

namespace qiao::audience {
namespace {

constexpr std::size_t most_name_bytes = 200;
constexpr std::string_view kinds[] = {"lifecycle", "tier", "star"};

tl::unexpected<Error> wrong(std::string detail, std::string pointer) {
    return fail(ErrorCode::unprocessable, "audience.stage_model", std::move(detail),
                std::move(pointer));
}

tl::unexpected<Error> not_found() {
    return fail(ErrorCode::not_found, "audience.stage_model_not_found",
                "There is no such stage model; it may have been removed.");
}

bool is_name(const std::string& name) {
    return name.find_first_not_of(" \t\r\n") != std::string::npos && name.size() <= most_name_bytes;
}

bool is_key(const std::string& key) {
    return !key.empty() && key.size() <= 32 && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

Result<void> judge_names(const StageModelDraft& draft) {
    if (!is_name(draft.name))
        return wrong("Give the model a name of at most 200 bytes.", "/name");
    if (std::find(std::begin(kinds), std::end(kinds), draft.kind) == std::end(kinds))
        return wrong("The kind is lifecycle, tier or star.", "/kind");
    if (draft.stages.empty() || draft.stages.size() > most_stages)
        return wrong("A model has 1 to 12 stages.", "/stages");
    std::set<std::string> keys;
    for (std::size_t i = 0; i < draft.stages.size(); ++i) {
        const auto at = "/stages/" + std::to_string(i);
        if (!is_key(draft.stages[i].key) || !keys.insert(draft.stages[i].key).second)
            return wrong("The key of a stage is a word of its own of at most 32 letters a-z, "
                         "digits and _.",
                         at + "/key");
        if (!is_name(draft.stages[i].name))
            return wrong("Give the stage a name of at most 200 bytes.", at + "/name");
    }
    return {};
}

// The audiences that the rules name, for the audiences' where-used lists.
std::vector<std::string> audiences_of(const StageModel& model) {
    std::set<std::string> found;
    for (const auto& stage : model.stages)
        if (auto rule = parse_rule(stage.rule, ""))
            for (auto& id : rule::references_of(*rule).audiences)
                found.insert(std::move(id));
    return {found.begin(), found.end()};
}

void save(sql::Transaction& transaction, const StageModel& model) {
    queries::put_stage_model(transaction, model);
    set_references(transaction, "stage_model", model.id, model.name, audiences_of(model));
}

}  // namespace

const Stage* StageModel::find(std::string_view key) const {
    const auto at = std::find_if(stages.begin(), stages.end(),
                                 [&](const Stage& stage) { return stage.key == key; });
    return at == stages.end() ? nullptr : &*at;
}

std::string rule_of_stage(const std::vector<Stage>& stages, std::size_t at) {
    std::string above;
    for (std::size_t i = at + 1; i < stages.size(); ++i)
        above += (above.empty() ? "" : ",") + stages[i].rule;
    return R"({"all":[)" + stages[at].rule + R"(,{"not":{"any":[)" + above + "]}}]}";
}

std::string subject_of(const StageModel& model, const Stage& stage) {
    return model.id + ':' + stage.key;
}

std::pair<std::string_view, std::string_view> stage_of_subject(std::string_view subject) {
    const auto colon = subject.find(':');
    return {subject.substr(0, colon), subject.substr(colon + 1)};
}

// Each rule is judged at its own place first, so that what is wrong is told there.
Result<void> StageModels::judge(const StageModelDraft& draft) const {
    if (auto named = judge_names(draft); !named)
        return named;
    const auto vocabulary = vocabularies_.current();
    for (std::size_t i = 0; i < draft.stages.size(); ++i) {
        const auto at = "/stages/" + std::to_string(i) + "/rule";
        auto own = vocabularies_.resolve(draft.stages[i].rule, at);
        if (!own)
            return fail(own.error());
        if (auto live = check_realtime(*own); !live)
            return live;
        if (auto whole = vocabularies_.resolve(rule_of_stage(draft.stages, i), at); !whole)
            return fail(whole.error());
    }
    return {};
}

Result<StageModel> StageModels::create(const StageModelDraft& draft, const access::Principal& who) {
    if (auto fine = judge(draft); !fine)
        return fail(fine.error());
    const Time now = clock_.now();
    StageModel model{new_id("stm", now), draft.kind, draft.name, draft.stages, 1,
                     now,                now,        who.id,     who.id};
    auto transaction = database_.begin();
    if (queries::stage_models(*transaction).size() >= most_stage_models)
        return wrong("There are 50 stage models, which is the most; remove one first.", "");
    save(*transaction, model);
    audit_.add(*transaction, who, {"stage_model.created", model.id, model.name});
    transaction->commit();
    return model;
}

Result<StageModel> StageModels::change(std::string_view id, const StageModelDraft& draft,
                                       std::optional<std::int64_t> expected_version,
                                       const access::Principal& who) {
    if (auto fine = judge(draft); !fine)
        return fail(fine.error());
    auto transaction = database_.begin();
    auto model = queries::stage_model(*transaction, id);
    if (!model)
        return not_found();
    if (expected_version && *expected_version != model->version)
        return fail(ErrorCode::stale, "audience.stale",
                    "Somebody else changed this model meanwhile; load it again and repeat.");
    model->kind = draft.kind;
    model->name = draft.name;
    model->stages = draft.stages;
    model->version += 1;
    model->updated_at = clock_.now();
    model->updated_by = who.id;
    save(*transaction, *model);
    audit_.add(*transaction, who, {"stage_model.updated", model->id, model->name});
    transaction->commit();
    return std::move(*model);
}

Result<void> StageModels::remove(std::string_view id, const access::Principal& who) {
    auto transaction = database_.begin();
    const auto model = queries::stage_model(*transaction, id);
    if (!model)
        return not_found();
    queries::remove_stage_model(*transaction, id);
    set_references(*transaction, "stage_model", id, model->name, {});
    audit_.add(*transaction, who, {"stage_model.removed", model->id, model->name});
    transaction->commit();
    return {};
}

Result<StageModel> StageModels::get(std::string_view id) const {
    auto model = queries::stage_model(*database_.read(), id);
    if (!model)
        return not_found();
    return std::move(*model);
}

std::vector<StageModel> StageModels::list() const {
    return queries::stage_models(*database_.read());
}

}  // namespace qiao::audience
