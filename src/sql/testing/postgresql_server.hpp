// The PostgreSQL server that tests of this process share.
#pragma once

#include <sys/types.h>

#include <string>

namespace qiao::sql::testing {

class PostgresqlServer {
public:
    static PostgresqlServer& shared();  // started at the first call

    const std::string& url() const { return url_; }  // empty where there is none
    const std::string& why_not() const { return why_not_; }

private:
    PostgresqlServer();
    ~PostgresqlServer();
    bool start_own();

    std::string url_, why_not_, folder_;
    pid_t process_ = -1;
};

}  // namespace qiao::sql::testing
