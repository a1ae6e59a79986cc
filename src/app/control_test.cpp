#include "app/control.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <future>

#include "base/id.hpp"

namespace qiao::app {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace std::chrono_literals;

class ControlTest : public testing::Test {
protected:
    ControlTest() : directory_(fs::temp_directory_path() / ("qiao-control-" + random_token(6))) {
        fs::create_directories(directory_);
    }
    ~ControlTest() override { fs::remove_all(directory_); }

    Result<std::string> call(std::string_view command, std::vector<std::string>* told = nullptr) {
        return call_server(directory_, {{"command", command}}, [&](std::string_view line) {
            if (told)
                told->emplace_back(line);
        });
    }

    fs::path directory_;
};

std::string command_of(const json::object& call) {
    return std::string(call.at("command").as_string());
}

}  // namespace

TEST_F(ControlTest, SaysThatNoServerRuns) {
    const auto answer = call("anything");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().reason, "control.no_server");
}

TEST_F(ControlTest, ASocketThatAKilledServerLeftIsNoServer) {
    {
        const ControlServer server(directory_, [](const json::object&, const Progress&) {
            return Result<std::string>("x");
        });
    }
    EXPECT_FALSE(fs::exists(directory_ / "control.sock"));
    EXPECT_EQ(call("anything").error().reason, "control.no_server");
}

TEST_F(ControlTest, BringsProgressInOrderAndThenTheResult) {
    const ControlServer server(
        directory_, [](const json::object& call, const Progress& progress) -> Result<std::string> {
            progress("one");
            progress("");
            progress("two\nlines");
            return command_of(call) + " done";
        });
    std::vector<std::string> told;
    EXPECT_EQ(call("work", &told).value(), "work done");
    EXPECT_EQ(told, (std::vector<std::string>{"one", "two\nlines"}));
}

TEST_F(ControlTest, BringsRefusalsAndFaultsAsErrors) {
    const ControlServer server(
        directory_, [](const json::object& call, const Progress&) -> Result<std::string> {
            if (command_of(call) == "throw")
                throw std::runtime_error("the disk is full");
            return fail(ErrorCode::not_found, "x.y", "there is none");
        });
    EXPECT_EQ(call("refuse").error().detail, "there is none");
    EXPECT_EQ(call("throw").error().detail, "the disk is full");
}

TEST_F(ControlTest, OnlyTheOwnerMayCall) {
    const ControlServer server(
        directory_, [](const json::object&, const Progress&) { return Result<std::string>(""); });
    struct stat found {};
    ASSERT_EQ(::stat((directory_ / "control.sock").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(ControlTest, ALongCommandHoldsNoOtherUp) {
    std::promise<void> goes_on;
    const ControlServer server(
        directory_, [&](const json::object& call, const Progress&) -> Result<std::string> {
            if (command_of(call) == "long")
                goes_on.get_future().wait();
            return command_of(call);
        });
    auto first = std::async(std::launch::async, [&] { return call("long"); });
    EXPECT_EQ(call("short").value(), "short");
    goes_on.set_value();
    EXPECT_EQ(first.get().value(), "long");
}

TEST_F(ControlTest, StoppingEndsALongCommand) {
    std::promise<void> begun;
    auto server = std::make_unique<ControlServer>(
        directory_, [&](const json::object&, const Progress& progress) -> Result<std::string> {
            begun.set_value();
            for (;;) {
                progress("");
                std::this_thread::sleep_for(5ms);
            }
        });
    auto answer = std::async(std::launch::async, [&] { return call("endless"); });
    begun.get_future().wait();
    server.reset();
    const auto ended = answer.get();
    ASSERT_FALSE(ended);
    EXPECT_NE(ended.error().detail.find("stopping"), std::string::npos);
}

}  // namespace qiao::app
