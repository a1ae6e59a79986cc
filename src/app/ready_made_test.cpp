// The questions and boards that the demo bank begins with say something of it.
#include "insight/ready_made.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "access/roles.hpp"
#include "api/stage_models.hpp"
#include "app/server.hpp"
#include "insight/answer_table.hpp"

namespace qiao::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int demo_customers = 1'000;

class ReadyMadeTest : public testing::Test {
protected:
    ReadyMadeTest() : directory_(fs::temp_directory_path() / ("qiao-ready-" + random_token(6))) {
        ServeOptions options;
        options.data_dir = directory_ / "data";
        options.port = 0;
        options.is_port_given = true;
        options.has_demo = true;
        options.demo_customers = demo_customers;
        fs::create_directories(directory_);
        auto stores = Stores::open(options);
        server_ = std::make_unique<Server>(options, std::move(*stores));
        started_ = server_->start().has_value();
    }
    ~ReadyMadeTest() override {
        server_.reset();
        fs::remove_all(directory_);
    }

    void live() {
        server_->demo_bank->describe();
        server_->demo_bank->fill(server_->clock.now(), [](int) { return true; });
        ASSERT_TRUE(server_->wait_fresh(120s));
    }
    Result<insight::AnswerTable> ask(const std::string& kind, const boost::json::value& question) {
        return insight::ask_table(server_->table_sources(), kind, question, "",
                                  access::system_principal());
    }
    void expect_says_something(const std::string& name, const std::string& kind,
                               const boost::json::value& question) {
        const auto answer = ask(kind, question);
        ASSERT_TRUE(answer) << name << ": " << answer.error().detail;
        EXPECT_GE(answer->base, 20u) << name << " rests on too few";
        EXPECT_GE(answer->rows.size(), 2u) << name;
        std::set<std::vector<std::string>> kinds_of_rows;
        for (const auto& row : answer->rows)
            kinds_of_rows.insert({row.begin() + 1, row.end()});
        EXPECT_GE(kinds_of_rows.size(), 2u) << name << " says the same in every row";
    }

    void expect_tiles_say_something(const insight::Board& board) {
        const auto tiles = boost::json::parse(board.tiles);
        for (const auto& tile : tiles.as_array()) {
            const auto& question = tile.at("question").as_object();
            const std::string id(tile.at("id").as_string()), kind(question.at("kind").as_string());
            if (kind == "returns") {
                EXPECT_TRUE(ask(kind, question.at(kind))) << id;
                continue;
            }
            if (tile.at("chart").as_string() != "number") {
                expect_says_something(id, kind, question.at(kind));
                continue;
            }
            const auto answer = ask(kind, question.at(kind));
            ASSERT_TRUE(answer) << id << ": " << answer.error().detail;
            EXPECT_GE(answer->base, 20u) << id << " rests on too few";
        }
    }

    fs::path directory_;
    std::unique_ptr<Server> server_;
    bool started_ = false;
};

TEST_F(ReadyMadeTest, EveryQuestionIsAnsweredByTheDemoBank) {
    ASSERT_TRUE(started_);
    live();
    ASSERT_GE(insight::ready_made_questions().size(), 20u);
    std::set<std::string> kinds;
    for (const auto& one : insight::ready_made_questions()) {
        kinds.insert(one.kind);
        EXPECT_FALSE(one.title.empty() || one.title_zh.empty()) << one.id;
        expect_says_something(one.id, one.kind, boost::json::parse(one.question));
    }
    EXPECT_EQ(kinds.size(), 8u);
}

// Nothing has been sent in this bank yet, so that tiles of messages and campaigns say nothing.
TEST_F(ReadyMadeTest, EveryTileSaysSomething) {
    ASSERT_TRUE(started_);
    live();
    for (const auto& lot : insight::ready_made_lots())
        for (const auto& board : lot.boards)
            if (board.tiles.find("$message_") == std::string::npos)
                expect_tiles_say_something(board);
}

// What boards show and send of the questions that have pages of their own.
TEST_F(ReadyMadeTest, PagesAreTablesToo) {
    ASSERT_TRUE(started_);
    live();
    const auto& who = access::system_principal();
    const auto draft = insight::parse_product(
        boost::json::parse(std::string(demo::products().at(1))));  // funds, with steps
    const auto product = server_->products.create(*draft, who);
    ASSERT_TRUE(product) << product.error().detail;
    const auto stages =
        api::stage_model_draft(boost::json::parse(std::string(demo::stage_models().front())));
    const auto model = server_->stage_models.create(*stages, who);
    ASSERT_TRUE(model) << model.error().detail;
    expect_says_something("league", "league", {{"product", product->id}, {"units", "branch"}});
    expect_says_something("entries", "entries",
                          {{"product", product->id}, {"by", boost::json::array{"slot"}}});
    expect_says_something("stages", "stages", {{"model", model->id}, {"per", "week"}});
    expect_says_something("acquisition", "acquisition", {{"within", "90d"}});
    expect_says_something("activity", "activity", {{"product", product->id}, {"within", "30d"}});
    const auto transfers =
        insight::parse_product(boost::json::parse(std::string(demo::products().at(4))));
    ASSERT_TRUE(server_->products.create(*transfers, who));
    expect_says_something("products", "products", {{"per", "month"}, {"measure", "transacting"}});
    const auto ranked = ask("products", {{"per", "month"}, {"measure", "transacting"}});
    EXPECT_EQ(ranked->rows[0][0], "1");
    EXPECT_EQ(ranked->rows[1][0], "2");
    EXPECT_GE(std::stoi(ranked->rows[0][4]), std::stoi(ranked->rows[1][4]));
    EXPECT_TRUE(ask("returns", {{"within", "90d"}})->rows.empty());
    EXPECT_EQ(ask("returns", {{"campaign", "cmp_none"}}).error().pointer, "/campaign");
    const auto table = ask("stages", {{"model", model->id}, {"per", "week"}});
    EXPECT_EQ(table->head.size(), stages->stages.size() + 2);
    EXPECT_EQ(table->head[1].en, "Acquisition");
}

}  // namespace
}  // namespace qiao::app
