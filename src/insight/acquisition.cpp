#include "insight/acquisition.hpp"

#include <boost/json.hpp>

#include "index/kept.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;

// The usual origin need not be known yet: then nobody has one.
Result<AcquisitionQuestion> resolved(AcquisitionQuestion question,
                                     const rule::Vocabulary& vocabulary, std::string_view at) {
    Doing first;
    first.subject = Subject::new_customer;
    if (question.by_name == usual_origin && !vocabulary.tag(question.by.name))
        return question;
    const auto type = type_of(question.by, first, std::string(at) + "/by/0", vocabulary);
    if (!type)
        return fail(type.error());
    question.by_type = *type;
    return question;
}

struct Known {
    AcquisitionQuestion question;
    StepRules rules;
    std::string kept_as;  // answers are kept by what the steps meant, too
};
Result<Known> known(const AcquisitionParts& parts, const AcquisitionQuestion& question,
                    std::string_view at) {
    const auto vocabulary = parts.asking.vocabulary();
    auto asked = resolved(question, vocabulary, at);
    if (!asked)
        return fail(asked.error());
    const auto steps = parts.steps.get();
    auto rules = resolve(steps.rules, vocabulary, "/acquisition-steps");
    if (!rules)
        return fail(rules.error());
    std::string kept_as = "acquisition";
    for (const auto& text : steps.rules)
        kept_as += ' ' + text;
    return Known{std::move(*asked), std::move(*rules), std::move(kept_as)};
}

Result<Acquisition> computed(const Known& known, const Ground& ground) {
    if (!ground.history)
        return compute(known.question, known.rules, ground);
    for (const auto& rule : known.rules)
        if (auto kept = index::check_kept(ground.kept_from, rule, ground.as_of, *ground.calendar);
            !kept)
            return fail(kept.error());
    return ground.history->answer(ground, known.question, known.rules);
}

}  // namespace

Result<AcquisitionQuestion> parse_acquisition(const json::value& value, std::string_view at) {
    Form form(value, at);
    AcquisitionQuestion made;
    made.by = {By::Kind::tag, "origin"};
    if (auto by = form.by("by", 1); !by.empty()) {
        made.by = by.front();
        made.by_name = std::string(value.at("by").at(0).as_string());
    }
    made.limit = static_cast<std::size_t>(form.integer("limit", 20, 1, 100));
    made.frame = form.frame();
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<AcquisitionAnswer> ask(const AcquisitionParts& parts, const AcquisitionQuestion& question,
                              std::string_view at, const access::Principal& who) {
    const auto found = known(parts, question, at);
    if (!found)
        return fail(found.error());
    auto answered = parts.asking.answer<Acquisition>(
        found->kept_as, question.frame, at, who,
        [&](const Ground& ground) { return computed(*found, ground); }, parts.asking.history());
    if (!answered)
        return fail(answered.error());
    AcquisitionAnswer made{*answered, *answered->result, false};
    made.has_spending = who.org.empty() && !question.frame.audience;
    if (!made.has_spending)
        return made;
    const auto& calendar = parts.asking.calendar();
    const auto& interval = made.acquisition.interval;
    add_spending(made.acquisition, found->question,
                 parts.spending.list(calendar.day_of(time_from_ms(interval.from_ms)),
                                     calendar.day_of(time_from_ms(interval.until_ms))),
                 calendar);
    return made;
}

Result<audience::Evaluated> people(const AcquisitionParts& parts,
                                   const AcquisitionQuestion& question,
                                   const AcquisitionPeople& which, std::string_view at,
                                   const access::Principal& who) {
    const auto found = known(parts, question, at);
    if (!found)
        return fail(found.error());
    return parts.asking.people(
        question.frame, at, who, [&](const Ground& ground) -> Result<index::People> {
            auto steps = people_by_step(found->question, found->rules, ground);
            if (!steps)
                return fail(steps.error());
            auto people = std::move((*steps)[which.step]);
            if (which.has_stopped)
                people -= (*steps)[which.step + 1];
            return people_of_origin(found->question, people, which.group, ground);
        });
}

}  // namespace qiao::insight
