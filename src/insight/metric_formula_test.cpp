#include "insight/metric_formula.hpp"

#include <gtest/gtest.h>

namespace qiao::insight {
namespace {

std::string valued(std::string_view text, std::vector<std::optional<Exact>> parts) {
    const auto formula = Formula::parse(text, parts.size());
    if (!formula)
        return formula.error().detail;
    const auto value = formula->value(parts);
    const auto shown = value ? rounded(*value) : std::nullopt;
    return shown ? shown->text() : "empty";
}

TEST(Formula, KeepsPrecedence) {
    EXPECT_EQ(valued("A + B * 2", {1, 3}), "7");
    EXPECT_EQ(valued("(A + B) × 2", {1, 3}), "8");
    EXPECT_EQ(valued("A - B - 1", {1, 3}), "-3");
    EXPECT_EQ(valued("A ÷ B ÷ 2", {1, 4}), "0.125");
    EXPECT_EQ(valued("−A * -（B）", {2, 3}), "6");
    EXPECT_EQ(valued("A*0.25+1.5", {2}), "2");
}

TEST(Formula, IsExactAndRoundedOnce) {
    EXPECT_EQ(valued("A / 3 * 3", {1}), "1");
    EXPECT_EQ(valued("A / B", {2, 3}), "0.6667");
    EXPECT_EQ(valued("-A / B", {2, 3}), "-0.6667");
    EXPECT_EQ(valued("A / 100000", {5}), "0.0001");           // half away from zero
    EXPECT_EQ(valued("A * 100000000000000", {10}), "empty");  // beyond a Decimal
}

TEST(Formula, DividingByZeroAndEmptyPartsAreEmpty) {
    EXPECT_EQ(valued("A / B", {1, 0}), "empty");
    EXPECT_EQ(valued("A / (B - B)", {1, 7}), "empty");
    EXPECT_EQ(valued("A + B", {1, std::nullopt}), "empty");
    EXPECT_EQ(valued("A", {1, std::nullopt}), "1");
}

TEST(Formula, NamesTheCharacter) {
    const auto refused = [](std::string_view text) { return valued(text, {1, 2}); };
    EXPECT_EQ(refused("A + C"), "There is no part C at character 5.");
    EXPECT_EQ(refused("A ÷ C"), "There is no part C at character 5.");
    EXPECT_EQ(refused("A B"), "An operator was expected at character 3.");
    EXPECT_EQ(refused("A +"),
              "A part, a number or a parenthesis was expected at the end of the formula.");
    EXPECT_EQ(refused(""),
              "A part, a number or a parenthesis was expected at the end of the formula.");
    EXPECT_EQ(refused("(A"), "A closing parenthesis was expected at the end of the formula.");
    EXPECT_EQ(refused("A)"), "An operator was expected at character 2.");
    EXPECT_EQ(refused("A + a"), "A part, a number or a parenthesis was expected at character 5.");
    EXPECT_EQ(refused("A * 1."), "A digit was expected at the end of the formula.");
    EXPECT_EQ(refused("A * 1234567890123456"),
              "A number has at most 15 digits; there are more at character 5.");
    EXPECT_EQ(refused("1 + 2"), "The formula names no part; a part is a letter such as A.");
    EXPECT_EQ(refused(std::string(40, '(') + "A"),
              "The formula is nested too deeply at character 34.");
    EXPECT_EQ(refused(std::string(401, ' ')), "The formula has more than 400 bytes.");
}

}  // namespace
}  // namespace qiao::insight
