// The two engines behind sql::Database.
#pragma once

#include "sql/database.hpp"

namespace qiao::sql::detail {

Result<std::unique_ptr<Database>> open_sqlite(const std::string& path);
Result<std::unique_ptr<Database>> open_postgresql(const std::string& url);

// Throws Fault where a text holds a zero character.
void require_storable(const std::vector<Param>& params);

// SQLite would go on after a refused statement, PostgreSQL would not: here both stop.
class EngineTransaction : public Transaction {
protected:
    explicit EngineTransaction(bool writes) : writes_(writes) {}
    void join() {
        if (writes_ && !over_)
            join_before_commit();
    }
    template <class Work>
    auto guarded(const std::vector<Param>& params, Work work) {
        if (over_)
            throw Fault("the transaction is over");
        try {
            require_storable(params);
            return work();
        } catch (...) {
            over_ = true;
            throw;
        }
    }
    void end() { over_ = true; }

private:
    bool writes_;
    bool over_ = false;
};

}  // namespace qiao::sql::detail
