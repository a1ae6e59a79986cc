#include "clickhouse/process_watch.hpp"

#include <algorithm>
#include <exception>

#include "base/id.hpp"
#include "clickhouse/sql.hpp"
#include "runtime/asker.hpp"

namespace qiao::clickhouse {

ProcessWatch::ProcessWatch(Look look, Duration pause)
    : look_(std::move(look)), pause_(pause), thread_([this] { run(); }) {}

ProcessWatch::~ProcessWatch() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

ProcessWatch::Statement::~Statement() {
    const std::lock_guard lock(watch_.mutex_);
    watch_.statements_.erase(id_);
    advance_to(statement_steps);
}

const std::string& ProcessWatch::Statement::next_id() {
    {
        const std::lock_guard lock(watch_.mutex_);
        watch_.statements_.erase(id_);
        id_ = "qiao-" + random_token(16);
        watch_.statements_.emplace(id_, this);
    }
    watch_.changed_.notify_all();
    return id_;
}

void ProcessWatch::Statement::advance_to(std::uint64_t steps) {
    for (; told_ < steps; ++told_)
        progress_.advance();
}

void ProcessWatch::run() {
    const AskerScope asker(is_over_);
    for (auto ids = wait_for_ids(); !ids.empty(); ids = wait_for_ids()) {
        try {
            if (const auto rows = look_(
                    "SELECT query_id, read_rows, total_rows_approx FROM system.processes WHERE "
                    "query_id IN " +
                    ids))
                tell(*rows);
        } catch (const std::exception&) {
            // Something in between answered in its own words; the next look may reach the server.
        }
    }
}

// The statements that are worked on after a pause, as SQL; empty at the end.
std::string ProcessWatch::wait_for_ids() {
    std::unique_lock lock(mutex_);
    std::vector<std::string> ids;
    while (ids.empty() && !is_over_) {
        changed_.wait(lock, [&] { return is_over_ || !statements_.empty(); });
        changed_.wait_for(lock, pause_, [&] { return is_over_.load(); });
        for (const auto& [id, statement] : statements_)
            ids.push_back(id);
    }
    return is_over_ ? std::string() : text_list(ids);
}

// What is to be read may turn out to be more, or is not known yet (0), and all of it read is not
// yet an answer.
void ProcessWatch::tell(const Rows& rows) {
    const std::lock_guard lock(mutex_);
    for (const auto& row : rows) {
        const auto found = statements_.find(std::string_view(row.at(0).as_string()));
        const auto read = row.at(1).to_number<std::uint64_t>();
        const auto all = row.at(2).to_number<std::uint64_t>();
        if (found == statements_.end() || all == 0)
            continue;
        const auto share = static_cast<double>(std::min(read, all)) / static_cast<double>(all);
        found->second->advance_to(static_cast<std::uint64_t>(share * (statement_steps - 1)));
    }
}

}  // namespace qiao::clickhouse
