#include <algorithm>
#include <boost/json.hpp>

#include "insight/paths.hpp"

namespace qiao::insight {
namespace {

constexpr std::string_view no_gap = "3660d";  // the longest duration there is

}  // namespace

Result<PathQuestion> parse_paths(const boost::json::value& value, std::string_view at) {
    Form form(value, at);
    PathQuestion made;
    made.is_end = form.has("end");
    const char* anchor = made.is_end ? "end" : "start";
    made.from = form.doing(anchor);
    if (form.is_sound() && made.from.subject != Subject::event)
        form.refuse(form.pointer(anchor) + "/event", "Paths start or end at one event; name it.");
    if (made.is_end && form.has("start"))
        form.refuse(form.pointer("start"), "Paths have a start or an end; remove one of them.");
    form.member("start");
    if (form.has("window"))
        made.window = form.duration("window", {});
    form.member("window");
    made.hold = form.text("hold");
    made.gap = form.duration("gap", made.window || !made.hold.empty() ? no_gap : "30m");
    made.steps = static_cast<std::size_t>(
        form.integer("steps", 3, 1, static_cast<std::int64_t>(most_path_steps)));
    made.limit = static_cast<std::size_t>(form.integer("limit", 20, 1, 100));
    made.only = form.texts("only", 200);
    made.leave_out = form.texts("leave_out", 200);
    made.frame = form.frame();
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<PathQuestion> resolve(PathQuestion question, const rule::Vocabulary& vocabulary,
                             std::string_view at) {
    auto from = resolve(question.from, vocabulary);
    if (!from)
        return fail(from.error());
    question.from = std::move(*from);
    if (!question.hold.empty()) {
        const auto type = vocabulary.property(question.from.match.event, question.hold);
        if (!type)
            return fail(
                ErrorCode::unprocessable, "rule.unknown",
                "\"" + question.from.match.event + "\" has no property \"" + question.hold + "\".",
                std::string(at) + "/hold");
        question.hold_type = *type;
    }
    const auto check = [&](const std::vector<std::string>& names,
                           const char* member) -> Result<void> {
        for (std::size_t i = 0; i < names.size(); ++i)
            if (!vocabulary.has_event(names[i]))
                return fail(ErrorCode::unprocessable, "rule.unknown",
                            "There is no event \"" + names[i] + "\".",
                            std::string(at) + "/" + member + "/" + std::to_string(i));
        return {};
    };
    if (auto known = check(question.only, "only"); !known)
        return fail(known.error());
    if (auto known = check(question.leave_out, "leave_out"); !known)
        return fail(known.error());
    return question;
}

}  // namespace qiao::insight
