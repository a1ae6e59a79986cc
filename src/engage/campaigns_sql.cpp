#include "engage/campaigns_sql.hpp"

#include <boost/json.hpp>

#include "base/check.hpp"

namespace qiao::engage::queries {

namespace {

constexpr std::string_view columns =
    "id, draft, state, version, org, author, author_name, last_editor, last_editor_name, "
    "submitted_by, "
    "approved_by, reject_reason, created_at, updated_at, launched_at, ended_at, last_run, planned";

sql::Param maybe(const std::optional<Time>& time) {
    return time ? sql::param(*time) : sql::Param{};
}

Campaign read(const sql::Row& row) {
    Campaign campaign;
    campaign.id = row.text(0);
    auto draft = parse_draft(boost::json::parse(row.text(1)));
    check(draft.has_value());  // what was kept has been parsed before
    campaign.draft = std::move(*draft);
    campaign.state = *campaign_state(row.text(2));
    campaign.version = row.integer(3);
    campaign.org = row.text(4);
    campaign.author = row.text(5);
    campaign.author_name = row.text(6);
    campaign.last_editor = row.text(7);
    campaign.last_editor_name = row.text(8);
    campaign.submitted_by = row.text(9);
    campaign.approved_by = row.text(10);
    campaign.reject_reason = row.text(11);
    campaign.created_at = row.time(12);
    campaign.updated_at = row.time(13);
    campaign.launched_at = row.maybe_time(14);
    campaign.ended_at = row.maybe_time(15);
    campaign.last_run = row.text(16);
    campaign.planned = row.integer(17);
    return campaign;
}

std::vector<Campaign> read_all(const sql::Rows& rows) {
    std::vector<Campaign> campaigns;
    for (const auto& row : rows)
        campaigns.push_back(read(row));
    return campaigns;
}

std::vector<sql::Param> params_of(const Campaign& c) {
    return {c.id,
            c.draft.name,
            boost::json::serialize(to_json(c.draft)),
            std::string(name_of(c.state)),
            c.version,
            c.org,
            c.author,
            c.author_name,
            c.last_editor,
            c.last_editor_name,
            c.submitted_by,
            c.approved_by,
            c.reject_reason,
            sql::param(c.created_at),
            sql::param(c.updated_at),
            maybe(c.launched_at),
            maybe(c.ended_at),
            c.last_run,
            c.planned};
}

}  // namespace

std::optional<Campaign> find_campaign(sql::Transaction& transaction, std::string_view id) {
    const auto row = transaction.query_one(
        "SELECT " + std::string(columns) + " FROM engage_campaigns WHERE id = $1",
        {std::string(id)});
    if (!row)
        return std::nullopt;
    return read(*row);
}

std::vector<Campaign> campaigns(sql::Transaction& transaction, const CampaignPage& page) {
    std::string sql = "SELECT " + std::string(columns) + " FROM engage_campaigns WHERE 1 = 1";
    std::vector<sql::Param> params;
    const auto add = [&](std::string_view condition, std::string value) {
        params.emplace_back(std::move(value));
        sql += " AND " + std::string(condition) + " $" + std::to_string(params.size());
    };
    if (!page.text.empty()) {
        params.emplace_back("%" + std::string(page.text) + "%");
        sql += " AND lower(name) LIKE lower($1)";
    }
    if (!page.state.empty())
        add("state =", std::string(page.state));
    if (!page.org.empty())
        add("org =", std::string(page.org));
    if (!page.after.empty())
        add("id <", std::string(page.after));
    params.emplace_back(static_cast<std::int64_t>(page.limit));
    sql += " ORDER BY id DESC LIMIT $" + std::to_string(params.size());
    return read_all(transaction.query(sql, params));
}

std::vector<Campaign> campaigns_in_state(sql::Transaction& transaction, CampaignState state) {
    return read_all(transaction.query(
        "SELECT " + std::string(columns) + " FROM engage_campaigns WHERE state = $1 ORDER BY id",
        {std::string(name_of(state))}));
}

void insert_campaign(sql::Transaction& transaction, const Campaign& campaign) {
    transaction.execute(
        "INSERT INTO engage_campaigns (id, name, draft, state, version, org, author, author_name, "
        "last_editor, "
        "last_editor_name, submitted_by, approved_by, reject_reason, created_at, updated_at, "
        "launched_at, ended_at, "
        "last_run, planned) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
        "$15, $16, $17, $18, $19)",
        params_of(campaign));
}

void update_campaign(sql::Transaction& transaction, const Campaign& campaign) {
    transaction.execute(
        "UPDATE engage_campaigns SET name = $2, draft = $3, state = $4, version = $5, org = $6, "
        "author = $7, "
        "author_name = $8, last_editor = $9, last_editor_name = $10, submitted_by = $11, "
        "approved_by = $12, "
        "reject_reason = $13, created_at = $14, updated_at = $15, launched_at = $16, ended_at = "
        "$17, last_run = $18, "
        "planned = $19 WHERE id = $1",
        params_of(campaign));
}

void update_run(sql::Transaction& transaction, std::string_view id, std::string_view run,
                std::int64_t planned) {
    transaction.execute(
        "UPDATE engage_campaigns SET last_run = $2, planned = planned + $3 WHERE id = $1",
        {std::string(id), std::string(run), planned});
}

}  // namespace qiao::engage::queries
