#include "sql/database.hpp"

#include <cmath>

#include "base/check.hpp"
#include "sql/detail/engines.hpp"

namespace qiao::sql {

namespace {

[[noreturn]] void wrong_type(std::size_t column, std::string_view wanted) {
    throw Fault("column " + std::to_string(column) + " of a query holds no " + std::string(wanted));
}

constexpr double two_to_63 = 9223372036854775808.0;

thread_local JoinNextCommit* joining = nullptr;

}  // namespace

std::int64_t Row::integer(std::size_t column) const {
    const auto& cell = cells_.at(column);
    if (const auto* integer = std::get_if<std::int64_t>(&cell))
        return *integer;
    if (const auto* real = std::get_if<double>(&cell))
        if (std::trunc(*real) == *real && std::abs(*real) < two_to_63)
            return static_cast<std::int64_t>(*real);
    wrong_type(column, "integer");
}

double Row::real(std::size_t column) const {
    const auto& cell = cells_.at(column);
    if (const auto* real = std::get_if<double>(&cell))
        return *real;
    if (const auto* integer = std::get_if<std::int64_t>(&cell))
        return static_cast<double>(*integer);
    wrong_type(column, "number");
}

const std::string& Row::text(std::size_t column) const {
    if (const auto* text = std::get_if<std::string>(&cells_.at(column)))
        return *text;
    wrong_type(column, "text");
}

std::string Row::text_or(std::size_t column, std::string_view otherwise) const {
    return is_null(column) ? std::string(otherwise) : text(column);
}

std::optional<Time> Row::maybe_time(std::size_t column) const {
    if (is_null(column))
        return std::nullopt;
    return time(column);
}

std::optional<Row> Transaction::query_one(std::string_view sql, const std::vector<Param>& params) {
    auto rows = query(sql, params);
    if (rows.empty())
        return std::nullopt;
    return std::move(rows.front());
}

void Transaction::join_before_commit() {
    if (joining == nullptr || joining->joined_)
        return;
    joining->work_(*this);
    joined_ = true;
}

void Transaction::run_commit_hooks() {
    if (joined_ && joining != nullptr)
        joining->joined_ = true;
    for (const auto& hook : hooks_)
        hook();
    hooks_.clear();
}

JoinNextCommit::JoinNextCommit(std::function<void(Transaction&)> work) : work_(std::move(work)) {
    check(joining == nullptr);
    joining = this;
}

JoinNextCommit::~JoinNextCommit() { joining = nullptr; }

Result<std::unique_ptr<Database>> Database::open(const std::string& url) {
    if (url.starts_with("sqlite:"))
        return detail::open_sqlite(url.substr(7));
    if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
        return detail::open_postgresql(url);
    return fail(ErrorCode::invalid, "sql.open",
                "the database address must start with sqlite: or postgresql://");
}

std::int64_t Database::execute(std::string_view sql, const std::vector<Param>& params) {
    auto transaction = begin();
    const auto changed = transaction->execute(sql, params);
    transaction->commit();
    return changed;
}

Rows Database::query(std::string_view sql, const std::vector<Param>& params) {
    return read()->query(sql, params);
}

std::optional<Row> Database::query_one(std::string_view sql, const std::vector<Param>& params) {
    return read()->query_one(sql, params);
}

void detail::require_storable(const std::vector<Param>& params) {
    for (const auto& param : params)
        if (const auto* text = std::get_if<std::string>(&param))
            if (text->find('\0') != std::string::npos)
                throw Fault("a text with a zero character cannot be stored");
}

}  // namespace qiao::sql
