// Random questions about products, units and screens over random facts: the answer of ClickHouse's
// engine is that of the index.
#include "insight/random_products.hpp"
#include "twin/question_twin.hpp"

namespace qiao::twin::property {
namespace {

class ProductTwin : public QuestionTwin {
protected:
    template <class Parsed>
    static std::string refused(const Parsed& parsed) {
        return parsed.error().detail + parsed.error().pointer;
    }
};

TEST_F(ProductTwin, Entries) {
    run(4, 8, questions::random_entries,
        [&](const std::string& text, const oracle::World& world) -> std::string {
            const auto asked = json::parse(text);
            const auto question = insight::parse_entries(asked.at("entries"));
            if (!question)
                return refused(question);
            insight::ProductUse product;
            for (const auto& step : asked.at("steps").as_array())
                product.steps.push_back(
                    *rule::resolve(*rule::parse_event_match(step.as_object(), ""), names_));
            const auto plan =
                insight::resolve(*question, product, names_, questions::units_of_facts(), "", "");
            if (!plan)
                return refused(plan);
            return compared(insight::compute(*plan, *snapshot(), people_of(question->frame, world),
                                             interval_of(question->frame, world), how_),
                            ask(ground(question->frame, world), *plan));
        });
}

}  // namespace
}  // namespace qiao::twin::property
