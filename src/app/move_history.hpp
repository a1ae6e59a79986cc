// Copies history from one store to another, day by day: a day whose rows, times, profiles and
// properties already add up to the same is left alone, so that a copy that broke off goes on where
// it was. Nobody may write meanwhile.
#pragma once

#include "app/control.hpp"
#include "history/history.hpp"

namespace qiao::app {

struct Moved {
    std::uint64_t days = 0, copied_days = 0;
    std::uint64_t rows = 0;  // of all days
};

// Errors: history.not_empty (the target holds what the source does not), history.differs (a day
// does not add up after it was copied).
Result<Moved> move_history(history::History& from, history::History& to, const Progress& tell);

// The command, between places as open_history() takes them: a sentence about what was done.
Result<std::string> move_history(const std::string& from, const std::string& to,
                                 const Progress& tell);

}  // namespace qiao::app
