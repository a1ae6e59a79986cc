// What every bank begins with: boards, and the questions that are asked first.
#pragma once

#include <string>
#include <vector>

#include "insight/boards.hpp"

namespace qiao::insight {

// Boards that a database is given together, once: what is new comes in a lot of its own.
struct ReadyMadeLot {
    std::string name;
    std::vector<Board> boards;  // name and tiles only
    bool is_of_demo = false;    // they name the demo bank's events
};
std::vector<ReadyMadeLot> ready_made_lots();

struct ReadyMadeQuestion {
    std::string id;  // "fund_funnel"
    std::string title, title_zh;
    std::string kind;      // "funnel"
    std::string question;  // JSON
};
// By kind, the first asked first.
const std::vector<ReadyMadeQuestion>& ready_made_questions();

}  // namespace qiao::insight
