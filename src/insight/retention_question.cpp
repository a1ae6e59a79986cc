#include <boost/json.hpp>

#include "insight/retention.hpp"

namespace qiao::insight {

Result<RetentionQuestion> parse_retention(const boost::json::value& value, std::string_view at) {
    Form form(value, at);
    RetentionQuestion made;
    made.first = form.doing("first");
    made.then = form.doing("then");
    if (form.is_sound() && made.then.subject == Subject::new_customer)
        form.refuse(form.pointer("then") + "/event",
                    "A first event does not happen again; name another event or $any.");
    made.is_first_ever = form.flag("first_ever") || made.first.subject == Subject::new_customer;
    made.unit = form.per("unit", false);
    made.periods = static_cast<unsigned>(form.integer("periods", 30, 1, most_periods));
    made.is_unbounded = form.choice("mode", {"nth", "unbounded"}, "nth") == 1;
    if (auto split = audience_split(form, "by"))
        made.split = std::move(*split);
    else
        made.by = form.by("by", 1);
    if (!made.by.empty() && made.by[0].kind == By::Kind::event)
        form.refuse(form.pointer("by") + "/0",
                    "Retention is split by a property of the first event, by a tag, or by "
                    "{\"audiences\":[…]}.");
    made.frame = form.frame();
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<RetentionQuestion> resolve(RetentionQuestion question, const rule::Vocabulary& vocabulary,
                                  std::string_view at) {
    for (auto* doing : {&question.first, &question.then}) {
        auto known = resolve(*doing, vocabulary);
        if (!known)
            return fail(known.error());
        *doing = std::move(*known);
    }
    auto split = resolve(std::move(question.split), vocabulary, std::string(at) + "/by");
    if (!split)
        return fail(split.error());
    question.split = std::move(*split);
    if (question.by.empty())
        return question;
    auto type = type_of(question.by[0], question.first, std::string(at) + "/by/0", vocabulary);
    if (!type)
        return fail(type.error());
    question.by_type = *type;
    return question;
}

}  // namespace qiao::insight
