#include "audience/audience.hpp"

#include <array>

namespace qiao::audience {
namespace {

constexpr std::array<std::string_view, 4> refresh_names = {"realtime", "hourly", "daily", "manual"};

}  // namespace

std::string_view name_of(Refresh refresh) {
    return refresh_names[static_cast<std::size_t>(refresh)];
}

std::string_view name_of(State state) { return state == State::active ? "active" : "archived"; }

Result<Refresh> refresh_of_name(std::string_view name, std::string_view pointer) {
    for (std::size_t i = 0; i < refresh_names.size(); ++i)
        if (refresh_names[i] == name)
            return static_cast<Refresh>(i);
    return fail(ErrorCode::invalid, "audience.refresh",
                "Choose realtime, hourly, daily or manual for how fresh the members are kept.",
                std::string(pointer));
}

}  // namespace qiao::audience
