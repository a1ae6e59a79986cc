#include "audience/fixed_audiences_sql.hpp"

#include <array>

namespace qiao::audience {

namespace {

constexpr std::array<std::string_view, 4> names = {"filling", "done", "failed", "cancelled"};

FixedStatus status_of(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name)
            return static_cast<FixedStatus>(i);
    return FixedStatus::failed;
}

sql::Param profile_text(ProfileId profile) {
    return profile == ProfileId::none ? std::string() : format_profile(profile);
}

}  // namespace

std::string_view name_of(FixedStatus status) { return names[static_cast<std::size_t>(status)]; }

namespace queries {

void insert(sql::Transaction& transaction, const FixedAudience& fixed) {
    transaction.execute(
        "INSERT INTO audience_fixed (audience, at, question, people, done, last, status, message) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        {fixed.audience, sql::param(fixed.at), fixed.question, fixed.people, fixed.done,
         profile_text(fixed.last), std::string(name_of(fixed.status)), fixed.message});
}

void update(sql::Transaction& transaction, const FixedAudience& fixed) {
    transaction.execute(
        "UPDATE audience_fixed SET done = $2, last = $3, status = $4, message = $5 "
        "WHERE audience = $1",
        {fixed.audience, fixed.done, profile_text(fixed.last), std::string(name_of(fixed.status)),
         fixed.message});
}

std::optional<FixedAudience> fixed(sql::Transaction& transaction, std::string_view audience) {
    const auto row = transaction.query_one(
        "SELECT audience, at, question, people, done, last, status, message FROM audience_fixed "
        "WHERE audience = $1",
        {std::string(audience)});
    if (!row)
        return std::nullopt;
    const auto last = row->text(5);
    return FixedAudience{row->text(0),
                         row->time(1),
                         row->text(2),
                         row->integer(3),
                         row->integer(4),
                         last.empty() ? ProfileId::none : parse_profile(last).value(),
                         status_of(row->text(6)),
                         row->text(7)};
}

std::vector<std::string> filling(sql::Transaction& transaction) {
    std::vector<std::string> found;
    for (const auto& row : transaction.query(
             "SELECT audience FROM audience_fixed WHERE status = 'filling' ORDER BY audience"))
        found.push_back(row.text(0));
    return found;
}

}  // namespace queries
}  // namespace qiao::audience
