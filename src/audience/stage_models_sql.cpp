#include "audience/stage_models_sql.hpp"

#include <boost/json.hpp>

namespace qiao::audience::queries {
namespace {

namespace json = boost::json;

constexpr std::string_view columns =
    "SELECT id, kind, name, stages, version, created_at, updated_at, created_by, updated_by "
    "FROM audience_stage_models ";

std::string text_of(const std::vector<Stage>& stages) {
    json::array list;
    for (const auto& stage : stages)
        list.push_back({{"key", stage.key}, {"name", stage.name}, {"rule", stage.rule}});
    return json::serialize(list);
}

std::vector<Stage> stages_of(const std::string& text) {
    std::vector<Stage> stages;
    const auto list = json::parse(text);
    for (const auto& item : list.as_array()) {
        const auto word = [&](const char* name) {
            return std::string(item.as_object().at(name).as_string());
        };
        stages.push_back({word("key"), word("name"), word("rule")});
    }
    return stages;
}

StageModel model_of(const sql::Row& row) {
    return {row.text(0), row.text(1), row.text(2), stages_of(row.text(3)), row.integer(4),
            row.time(5), row.time(6), row.text(7), row.text(8)};
}

}  // namespace

std::optional<StageModel> stage_model(sql::Transaction& transaction, std::string_view id) {
    const auto row =
        transaction.query_one(std::string(columns) + "WHERE id = $1", {std::string(id)});
    if (!row)
        return std::nullopt;
    return model_of(*row);
}

std::vector<StageModel> stage_models(sql::Transaction& transaction) {
    std::vector<StageModel> models;
    for (const auto& row : transaction.query(std::string(columns) + "ORDER BY id"))
        models.push_back(model_of(row));
    return models;
}

void put_stage_model(sql::Transaction& transaction, const StageModel& model) {
    transaction.execute(
        "INSERT INTO audience_stage_models (id, kind, name, stages, version, created_at, "
        "updated_at, created_by, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
        "ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, "
        "stages = excluded.stages, version = excluded.version, "
        "updated_at = excluded.updated_at, updated_by = excluded.updated_by",
        {model.id, model.kind, model.name, text_of(model.stages), model.version,
         sql::param(model.created_at), sql::param(model.updated_at), model.created_by,
         model.updated_by});
}

void remove_stage_model(sql::Transaction& transaction, std::string_view id) {
    transaction.execute("DELETE FROM audience_stage_models WHERE id = $1", {std::string(id)});
}

}  // namespace qiao::audience::queries
