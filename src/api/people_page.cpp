#include "api/people_page.hpp"

#include "api/audiences.hpp"
#include "audience/people_cards.hpp"

namespace qiao::api {
namespace {

// The place after which a page begins. Who has left the people in the meantime still has one.
Result<std::optional<index::Dense>> place_after(const index::State& state,
                                                const std::string& cursor) {
    if (cursor.empty())
        return std::optional<index::Dense>();
    const auto profile = parse_profile(cursor);
    for (index::Dense customer = 0; profile && customer < state.customers; ++customer)
        if (state.profile(customer) == *profile)
            return std::optional(customer);
    return fail(ErrorCode::invalid, "api.cursor",
                "cursor takes the next_cursor of an earlier answer; begin at the first page",
                "/cursor");
}

}  // namespace

Result<boost::json::object> people_page(const audience::PeopleCards& cards,
                                        const audience::Evaluated& found, const Page& page,
                                        const access::Principal& who) {
    const auto after = place_after(*found.snapshot, page.cursor);
    if (!after)
        return fail(after.error());
    std::vector<ProfileId> profiles;
    std::optional<std::string> next;
    found.members.each([&](index::Dense member) {
        if (*after && member <= **after)
            return true;
        if (profiles.size() == page.limit) {
            next = format_profile(profiles.back());
            return false;
        }
        profiles.push_back(found.snapshot->profile(member));
        return true;
    });
    boost::json::array items;
    for (const auto& card : cards.cards(profiles, who))
        items.push_back(card_json(card));
    auto made = page_json(std::move(items), next).as_object();
    made["total"] = found.members.count();
    return made;
}

PeopleFile people_file(const Call& call) {
    const auto accept = call.request.header("accept");
    if (accept.find("csv") != accept.npos)
        return PeopleFile::csv;
    return accept.find("ndjson") != accept.npos ? PeopleFile::ndjson : PeopleFile::none;
}

}  // namespace qiao::api
