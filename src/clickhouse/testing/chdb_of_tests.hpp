// ClickHouse's engine for the tests of a gtest program.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>

#include "clickhouse/testing/chdb.hpp"

namespace qiao::clickhouse::testing {

// libchdb 26.5 crashes when the process ends and its globals are destroyed, after every test has
// passed; so the program leaves without destroying anything.
class LeaveAtTheEnd final : public ::testing::EmptyTestEventListener {
    void OnTestProgramEnd(const ::testing::UnitTest& tests) override {
        std::fflush(nullptr);
        std::_Exit(tests.Passed() ? EXIT_SUCCESS : EXIT_FAILURE);
    }
};

// As Chdb::of_process().
inline Chdb* chdb_of_tests(std::string& why) {
    auto* engine = Chdb::of_process(why);
    static bool is_known = false;
    if (engine && !std::exchange(is_known, true))
        ::testing::UnitTest::GetInstance()->listeners().Append(new LeaveAtTheEnd);
    return engine;
}

}  // namespace qiao::clickhouse::testing
