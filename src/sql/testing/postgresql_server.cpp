#include "sql/testing/postgresql_server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

#include "sql/database.hpp"

namespace qiao::sql::testing {

namespace {

constexpr const char* programs = "/usr/lib/postgresql/15/bin/";
constexpr std::chrono::seconds start_deadline{30};

// PostgreSQL refuses to run as root.
const passwd* user_to_become() { return ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr; }

[[noreturn]] void become_program(const passwd* user, std::vector<std::string>& words) {
    if (user != nullptr && (::initgroups(user->pw_name, user->pw_gid) != 0 ||
                            ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0))
        ::_exit(126);
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // it stops at once where the test dies
    const int nowhere = ::open("/dev/null", O_RDWR);
    for (const int stream : {0, 1, 2})
        ::dup2(nowhere, stream);
    if (::chdir("/") != 0)
        ::_exit(126);
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
}

pid_t start_program(const passwd* user, std::vector<std::string> words) {
    const pid_t process = ::fork();
    if (process == 0)
        become_program(user, words);
    return process;
}

bool finished_well(pid_t process) {
    int status = 0;
    return process > 0 && ::waitpid(process, &status, 0) == process && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

bool answers(const std::string& url) {
    const auto deadline = std::chrono::steady_clock::now() + start_deadline;
    while (std::chrono::steady_clock::now() < deadline) {
        if (Database::open(url))
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
}

}  // namespace

PostgresqlServer& PostgresqlServer::shared() {
    static PostgresqlServer server;
    return server;
}

PostgresqlServer::PostgresqlServer() {
    if (const char* given = std::getenv("QIAO_TEST_POSTGRES"); given != nullptr && *given != '\0') {
        url_ = given;
    } else if (::access((std::string(programs) + "initdb").c_str(), X_OK) != 0) {
        why_not_ = "PostgreSQL 15 is not installed and QIAO_TEST_POSTGRES is not set";
    } else if (::geteuid() == 0 && user_to_become() == nullptr) {
        why_not_ = "PostgreSQL does not run as root and there is no user postgres";
    } else if (!start_own()) {
        why_not_ = "a PostgreSQL server of the test's own did not start";
    }
}

bool PostgresqlServer::start_own() {
    folder_ = std::filesystem::temp_directory_path() / "qiao-pg-XXXXXX";
    if (::mkdtemp(folder_.data()) == nullptr)
        return false;
    const auto* user = user_to_become();
    if (user != nullptr && ::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0)
        return false;

    const auto data = folder_ + "/data";
    if (!finished_well(
            start_program(user, {std::string(programs) + "initdb", "-D", data, "-U", "qiao", "-A",
                                 "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"})))
        return false;
    // fsync is off: what is tested is SQL, not the disk.
    process_ = start_program(user, {std::string(programs) + "postgres", "-D", data, "-k", folder_,
                                    "-F", "-c", "listen_addresses=", "-c", "max_connections=200"});
    const auto url = "postgresql://qiao@/postgres?host=" + folder_;
    if (process_ <= 0 || !answers(url))
        return false;
    url_ = url;
    return true;
}

PostgresqlServer::~PostgresqlServer() {
    if (process_ > 0) {
        ::kill(process_, SIGQUIT);
        ::waitpid(process_, nullptr, 0);
    }
    if (!folder_.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
}

}  // namespace qiao::sql::testing
