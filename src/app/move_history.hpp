// Copies history from one store to another, day by day: a day whose rows, times, profiles and
// properties already add up to the same is left alone, so that a copy that broke off goes on where
// it was. Nobody may write meanwhile, and no server starts on the target before the copy has ended.
// Tags, identities and consents are not copied: a file keeps none, and a server tells those of now
// to a store that does (trait_seeder.hpp).
#pragma once

#include "app/control.hpp"
#include "history/history.hpp"

namespace qiao::app {

struct Moved {
    std::uint64_t days = 0, copied_days = 0;
    std::uint64_t rows = 0;  // of all days
};

// Errors: history.not_empty (the target holds, has read or has dropped what the source does not or
// has not), history.unfinished_move (the source is half of a copy), history.differs (a day does not
// add up after it was copied).
Result<Moved> move_history(history::History& from, history::History& to, const Progress& tell);

// The command, between places as open_history() takes them: a sentence about what was done. Error:
// history.same_place.
Result<std::string> move_history(const std::string& from, const std::string& to,
                                 const Progress& tell);

}  // namespace qiao::app
