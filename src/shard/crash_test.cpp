// kill -9 at random moments: nothing acknowledged is lost, nothing is doubled, and the shards'
// state is what the journal says. The victim is this program again, started with only the test that
// serves.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "shard/shard_fixture.hpp"

extern char** environ;

namespace qiao::shard {

namespace {

using namespace std::chrono_literals;

constexpr const char* directory_variable = "QIAO_CRASH_DIRECTORY";
constexpr const char* round_variable = "QIAO_CRASH_ROUND";
constexpr int producers = 3;
constexpr int batch_facts = 20;
constexpr int users = 500;

// Counts facts per user, passes every tenth on to another user, hands every seventh out.
class Tallying final : public Projection {
public:
    std::string_view name() const override { return "tallying"; }
    void apply(Applied& applied, ShardContext& context) override {
        const auto& fact = applied.fact;
        const auto& user = fact.identities.at(0).value;
        const auto key = "count/" + user;
        context.put(key, std::to_string(std::stoi(context.get(key).value_or("0")) + 1));
        context.feed({FeedItem::Kind::row, ProfileId{1}, {}, applied.at.ordinal, "", {}});
        const auto hash = hash64(fact.message_id);
        if (fact.name == "seen" && hash % 10 == 0) {
            Fact next;
            next.name = "passed_on";
            next.payload = fact.message_id;
            next.identities = {{"user_id", "friend-of-" + user, ""}};
            context.emit(std::move(next));
        }
        if (fact.name == "seen" && hash % 7 == 0)
            context.hand_out("mail", fact.message_id, "x");
    }
};

std::string id_of(int round, int producer, int batch, int fact) {
    return std::to_string(round) + "-" + std::to_string(producer) + "-" + std::to_string(batch) +
           "-" + std::to_string(fact);
}

std::vector<Fact> batch_of(int round, int producer, int batch) {
    std::vector<Fact> facts;
    for (int i = 0; i < batch_facts; ++i) {
        auto& fact = facts.emplace_back();
        fact.source = "web";
        fact.name = "seen";
        fact.message_id = id_of(round, producer, batch, i);
        fact.identities = {{"user_id", "u" + std::to_string(hash64(fact.message_id) % users), ""}};
        fact.properties = {{"page", std::string(100, 'x')}};
    }
    return facts;
}

struct Acknowledged {
    int round, producer, batch;
    friend auto operator<=>(const Acknowledged&, const Acknowledged&) = default;
};

// Answers go to standard output in one write each, so that the reader never sees half of one.
void acknowledge(int round, int producer, int batch) {
    char line[64];
    const auto size = std::snprintf(line, sizeof line, "ack %d %d %d\n", round, producer, batch);
    if (write(STDOUT_FILENO, line, static_cast<std::size_t>(size)) != size)
        _exit(3);
}

// The victim: appends until it is killed. Each batch is sent twice, as a client does that heard
// nothing.
TEST(CrashVictim, AppendsUntilItIsKilled) {
    const auto* directory = std::getenv(directory_variable);
    if (!directory)
        GTEST_SKIP() << "is started by the crash test";
    const int round = std::atoi(std::getenv(round_variable));
    Tallying tallying;
    ShardFixture server;
    server.directory = directory;
    server.open({&tallying});
    std::vector<std::thread> threads;
    for (int producer = 0; producer < producers; ++producer)
        threads.emplace_back([&, producer] {
            for (int batch = 0;; ++batch) {
                server.journal->append(batch_of(round, producer, batch), [](auto) {});
                if (server.journal->append_and_wait(batch_of(round, producer, batch)))
                    acknowledge(round, producer, batch);
            }
        });
    for (auto& thread : threads)
        thread.join();
}

struct CrashTest : testing::Test, ShardFixture {
    // Lets a victim run for a while, kills it, and collects what it acknowledged.
    void run_victim(int round, std::chrono::milliseconds life) {
        int pipe_ends[2];
        ASSERT_EQ(pipe2(pipe_ends, O_CLOEXEC), 0);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
        setenv(directory_variable, directory.c_str(), 1);
        setenv(round_variable, std::to_string(round).c_str(), 1);
        std::string program = "/proc/self/exe";
        std::string filter = "--gtest_filter=CrashVictim.*";
        char* arguments[] = {program.data(), filter.data(), nullptr};
        pid_t victim = 0;
        ASSERT_EQ(posix_spawn(&victim, program.c_str(), &actions, nullptr, arguments, environ), 0);
        posix_spawn_file_actions_destroy(&actions);
        unsetenv(directory_variable);
        close_fd(pipe_ends[1]);
        std::thread killer([&] {
            std::this_thread::sleep_for(life);
            kill(victim, SIGKILL);
        });
        collect(pipe_ends[0]);
        killer.join();
        int status = 0;
        waitpid(victim, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        close_fd(pipe_ends[0]);
    }
    static void close_fd(int fd) { ::close(fd); }

    void collect(int fd) {
        std::string text;
        char buffer[4096];
        for (ssize_t size; (size = read(fd, buffer, sizeof buffer)) > 0;)
            text.append(buffer, static_cast<std::size_t>(size));
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            Acknowledged batch;
            if (std::sscanf(line.c_str(), "ack %d %d %d", &batch.round, &batch.producer,
                            &batch.batch) == 3)
                acknowledged.insert(batch);
        }
    }

    void read_journal() {
        for (ShardId shard = 0; shard < shard_count; ++shard)
            journal->read(shard, 1, [&](journal::Offset, std::vector<Fact>&& facts) {
                for (const auto& fact : facts) {
                    ++tally[fact.identities.at(0).value];
                    ++(fact.name == "seen"
                           ? seen
                           : passed_on)[fact.name == "seen" ? fact.message_id : fact.payload];
                }
                return true;
            });
    }
    void expect_nothing_lost_or_doubled() {
        for (const auto& batch : acknowledged)
            for (int i = 0; i < batch_facts; ++i)
                EXPECT_TRUE(seen.contains(id_of(batch.round, batch.producer, batch.batch, i)));
        std::map<std::string, int> expected_mail;
        for (const auto& [id, times] : seen) {
            EXPECT_EQ(times, 1) << id;
            EXPECT_EQ(passed_on.contains(id), hash64(id) % 10 == 0) << id;
            if (hash64(id) % 7 == 0)
                ++expected_mail[id];
        }
        for (const auto& [id, times] : passed_on)
            EXPECT_EQ(times, 1) << id;
        std::map<std::string, int> mail;
        shards->drain("mail", ~std::size_t{0},
                      [&](OutboxEntry&& entry) { return ++mail[entry.key]; });
        EXPECT_EQ(mail, expected_mail);
    }
    void expect_state_is_the_fold() {
        std::size_t rows = 0;
        for (ShardId shard = 0; shard < shard_count; ++shard)
            shards->read_feed(shard, 1, [&](FeedRecord&& record) {
                rows += record.items.size();
                return true;
            });
        EXPECT_EQ(rows, seen.size() + passed_on.size());
        for (const auto& [user, times] : tally) {
            const auto shard = shard_of(profile_of_first({"user_id", user, ""}));
            auto count = shards->ask<std::string>(shard, [key = "count/" + user](auto& context) {
                return context.get(key).value_or("0");
            });
            EXPECT_EQ(count.get(), std::to_string(times)) << user;
        }
    }

    Tallying tallying;
    std::set<Acknowledged> acknowledged;
    std::map<std::string, int> tally, seen, passed_on;
};

TEST_F(CrashTest, NothingAcknowledgedIsLostNothingIsDoubled) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    // A loaded machine acknowledges little between two kills: then there are more of them.
    constexpr int rounds = 8, most_rounds = 100;
    for (int round = 0; round < rounds || (acknowledged.size() <= 100 && round < most_rounds);
         ++round)
        run_victim(round, std::chrono::milliseconds(100 + random() % 500));
    ASSERT_GT(acknowledged.size(), 100u);

    open({&tallying});
    ASSERT_TRUE(shards->settle(30s));
    read_journal();
    expect_nothing_lost_or_doubled();
    expect_state_is_the_fold();
}

}  // namespace

}  // namespace qiao::shard
