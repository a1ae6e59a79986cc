#include <boost/json.hpp>

#include "insight/screen.hpp"

namespace qiao::insight {

rule::EventMatch clicks_of(Form& form) {
    if (auto clicks = form.maybe_doing("clicks")) {
        if (clicks->subject != Subject::event)
            form.refuse(form.pointer("clicks"), "Clicks are one event.");
        return std::move(clicks->match);
    }
    return {std::string(click_event), {}, form.pointer("clicks")};
}

Result<ScreenQuestion> parse_screen(const boost::json::value& value, std::string_view at) {
    Form form(value, at);
    ScreenQuestion made;
    made.clicks = clicks_of(form);
    made.screen = form.text("screen");
    made.versions = versions_of(form);
    made.frame = form.frame();
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<ScreenQuestion> resolve(ScreenQuestion question, const rule::Vocabulary& vocabulary,
                               std::string_view /*at*/) {
    auto clicks = rule::resolve(question.clicks, vocabulary);
    if (!clicks)
        return fail(clicks.error());
    question.clicks = std::move(*clicks);
    return question;
}

Result<Answered<Screen>> ask(const Asking& asking, const ScreenQuestion& question,
                             std::string_view at, const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.answer<Screen>("screen", *resolved, at, who, [&](const Ground& ground) {
        return compute(*resolved, *ground.snapshot, ground.people, ground.interval, ground.how);
    });
}

Result<audience::Evaluated> people(const Asking& asking, const ScreenQuestion& question,
                                   const ScreenPeople& which, std::string_view at,
                                   const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.people(question.frame, at, who, [&](const Ground& ground) {
        return people_behind(*resolved, which, *ground.snapshot, ground.people, ground.interval,
                             ground.how);
    });
}

}  // namespace qiao::insight
