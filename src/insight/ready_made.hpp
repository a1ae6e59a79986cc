// What every bank begins with: boards, and the questions that are asked first.
#pragma once

#include <string>
#include <vector>

#include "insight/boards.hpp"

namespace qiao::insight {

// Name and tiles only.
std::vector<Board> ready_made_boards();  // of any bank
std::vector<Board> demo_boards();        // name the demo bank's events

struct ReadyMadeQuestion {
    std::string id;  // "fund_funnel"
    std::string title, title_zh;
    std::string kind;      // "funnel"
    std::string question;  // JSON
};
// By kind, the first asked first.
const std::vector<ReadyMadeQuestion>& ready_made_questions();

}  // namespace qiao::insight
