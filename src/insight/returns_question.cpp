#include <boost/json.hpp>

#include "insight/returns.hpp"

namespace qiao::insight {

Result<ReturnsQuestion> parse_returns(const boost::json::value& value, std::string_view at) {
    Form form(value, at);
    ReturnsQuestion made;
    made.campaign = form.text("campaign");
    made.limit = static_cast<std::size_t>(form.integer("limit", 10, 1, 30));
    made.frame = form.frame();
    if (made.frame.audience)
        form.refuse(form.pointer("audience"),
                    "A campaign has an audience of its own: leave this one out.");
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

}  // namespace qiao::insight
