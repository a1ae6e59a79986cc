#include "api/stage_models.hpp"

#include "api/resource.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

// Live counts are of the whole bank; who sees a part of it asks the question about stages.
json::value count_json(const StageModelParts& parts, const audience::StageModel& model,
                       const audience::Stage& stage, const access::Principal& who) {
    if (!who.org.empty())
        return nullptr;
    return parts.realtime.count(subject_of(model, stage));
}

json::object model_json(const StageModelParts& parts, const audience::StageModel& model,
                        const access::Principal& who) {
    json::array stages;
    for (const auto& stage : model.stages)
        stages.push_back({{"key", stage.key},
                          {"name", stage.name},
                          {"rule", json::parse(stage.rule)},
                          {"count", count_json(parts, model, stage, who)}});
    return {{"id", model.id},
            {"kind", model.kind},
            {"name", model.name},
            {"stages", std::move(stages)},
            {"version", model.version},
            {"created_at", format_time(model.created_at)},
            {"created_by", model.created_by},
            {"updated_at", format_time(model.updated_at)},
            {"updated_by", model.updated_by}};
}

Answer model_answer(const StageModelParts& parts, Call& call, const audience::StageModel& model,
                    int status) {
    set_etag(call, model.version);
    return Answer{status, model_json(parts, model, call.who)};
}

Result<audience::Stage> stage_of(const json::value& value, const std::string& at) {
    Body body(value, at);
    audience::Stage stage;
    stage.key = body.text("key");
    stage.name = body.text("name");
    const auto* rule = body.member("rule");
    body.ignore({"count"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!rule || rule->is_null())
        return fail(ErrorCode::invalid, "api.body", "A stage has a rule.", at + "/rule");
    stage.rule = json::serialize(*rule);
    return stage;
}

Result<Answer> list(const StageModelParts& parts, Call& call) {
    json::array items;
    for (const auto& model : parts.models.list())
        items.push_back(model_json(parts, model, call.who));
    return Answer{200, page_json(std::move(items), {})};
}

Result<Answer> get(const StageModelParts& parts, Call& call) {
    const auto model = parts.models.get(call.id());
    if (!model)
        return fail(model.error());
    return model_answer(parts, call, *model, 200);
}

// What the shards cannot take over at once they take over later; the change stands in any case.
Result<Answer> create(const StageModelParts& parts, Call& call) {
    const auto draft = stage_model_draft(call.body);
    if (!draft)
        return fail(draft.error());
    const auto model = parts.models.create(*draft, call.who);
    if (!model)
        return fail(model.error());
    (void)parts.control.reconcile();
    return model_answer(parts, call, *model, 201);
}

Result<Answer> change(const StageModelParts& parts, Call& call) {
    const auto draft = stage_model_draft(call.body);
    if (!draft)
        return fail(draft.error());
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    const auto model = parts.models.change(call.id(), *draft, *version, call.who);
    if (!model)
        return fail(model.error());
    (void)parts.control.reconcile();
    return model_answer(parts, call, *model, 200);
}

Result<Answer> remove(const StageModelParts& parts, Call& call) {
    if (auto done = parts.models.remove(call.id(), call.who); !done)
        return fail(done.error());
    (void)parts.control.reconcile();
    return Answer{204, nullptr};
}

void define_shapes(Endpoints& endpoints) {
    endpoints.define("StageModelKind", "'lifecycle'|'tier'|'star'");
    endpoints.define("Stage", object_schema({{"key", "string"},
                                             {"name", "string"},
                                             {"rule", "Rule"},
                                             {"count", "integer|null"}}));
    endpoints.define("StageModel", object_schema({{"id", "string"},
                                                  {"kind", "StageModelKind"},
                                                  {"name", "string"},
                                                  {"stages", "Stage[]"},
                                                  {"version", "integer"},
                                                  {"created_at", "time"},
                                                  {"created_by", "string"},
                                                  {"updated_at", "time"},
                                                  {"updated_by", "string"}}));
    endpoints.define("NewStage", body_schema({{"key", "string"},
                                              {"name", "string"},
                                              {"rule", "Rule"}},
                                             {"count"}));
    endpoints.define("NewStageModel", body_schema({{"kind", "StageModelKind"},
                                                   {"name", "string"},
                                                   {"stages", "NewStage[]"}},
                                                  {"updated_by"}));
}

}  // namespace

Result<audience::StageModelDraft> stage_model_draft(const json::value& value) {
    Body body(value);
    audience::StageModelDraft draft;
    draft.kind = body.text("kind");
    draft.name = body.text("name");
    const auto* stages = body.member("stages");
    body.ignore({"updated_by"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!stages || !stages->is_array())
        return fail(ErrorCode::invalid, "api.body", "This is a list of stages.", "/stages");
    for (std::size_t i = 0; i < stages->get_array().size(); ++i) {
        auto stage = stage_of(stages->get_array()[i], "/stages/" + std::to_string(i));
        if (!stage)
            return fail(stage.error());
        draft.stages.push_back(std::move(*stage));
    }
    return draft;
}

void add_stage_models(Endpoints& endpoints, const StageModelParts& given) {
    const std::string path = "/api/v1/stage-models", one = path + "/{id}";
    const auto parts = std::make_shared<const StageModelParts>(given);
    using Action = Result<Answer> (*)(const StageModelParts&, Call&);
    const auto add = [&](const char* method, const std::string& at, Permission permission,
                         Action action, EndpointDoc doc) {
        endpoints.add(method, at, permission,
                      [parts, action](Call& call) { return action(*parts, call); },
                      std::move(doc));
    };
    define_shapes(endpoints);
    add("GET", path, Permission::view, list,
        {"The stage models, with how many are in each stage now", "stages", nullptr,
         page_schema("StageModel")});
    add("POST", path, Permission::edit_audiences, create,
        {"Make a model of stages or tiers", "stages", "NewStageModel", created("StageModel")});
    add("GET", one, Permission::view, get,
        {"Read a stage model", "stages", nullptr, "StageModel"});
    add("PUT", one, Permission::edit_audiences, change,
        {"Change a stage model; a stage whose rule changed begins anew without facts", "stages",
         "NewStageModel", "StageModel"});
    add("DELETE", one, Permission::edit_audiences, remove,
        {"Remove a stage model", "stages", nullptr, no_content()});
}

}  // namespace qiao::api
