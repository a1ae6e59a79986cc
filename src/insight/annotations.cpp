#include "insight/annotations.hpp"

#include <algorithm>
#include <array>

#include "insight/annotations_sql.hpp"
#include "insight/edits.hpp"

namespace qiao::insight {
namespace {

constexpr std::array<std::string_view, 5> kinds = {"release", "holiday", "campaign", "incident",
                                                   "other"};

tl::unexpected<Error> not_found() {
    return fail(ErrorCode::not_found, "insight.no_annotation",
                "There is no such annotation; somebody may have removed it.");
}

Result<void> check_annotation(const Annotation& annotation) {
    if (annotation.text.find_first_not_of(" \t\r\n") == std::string::npos ||
        annotation.text.size() > 500)
        return fail(ErrorCode::invalid, "insight.annotation",
                    "Say in at most 500 bytes what happened on this day.", "/text");
    if (std::find(kinds.begin(), kinds.end(), annotation.kind) == kinds.end())
        return fail(ErrorCode::invalid, "insight.annotation",
                    "The kind is release, holiday, campaign, incident or other.", "/kind");
    return {};
}

void apply(const AnnotationChange& change, Annotation& to) {
    to.day = change.day.value_or(to.day);
    to.kind = change.kind.value_or(to.kind);
    to.text = change.text.value_or(to.text);
}

std::string told(const Annotation& annotation) {
    return format_day(annotation.day) + " " + annotation.text;
}

}  // namespace

Result<Annotation> Annotations::create(const AnnotationChange& draft,
                                       const access::Principal& who) {
    if (!draft.day)
        return fail(ErrorCode::invalid, "insight.annotation", "Name the day of the annotation.",
                    "/day");
    Annotation made;
    apply(draft, made);
    mark_made(made, "ann", clock_.now(), who);
    if (auto fine = check_annotation(made); !fine)
        return fail(fine.error());
    auto transaction = database_.begin();
    queries::put(*transaction, made);
    audit_.add(*transaction, who, {"annotation.created", made.id, told(made)});
    transaction->commit();
    return made;
}

Result<Annotation> Annotations::change(std::string_view id, const AnnotationChange& change,
                                       std::optional<std::int64_t> expected_version,
                                       const access::Principal& who) {
    auto transaction = database_.begin();
    auto made = queries::find_annotation(*transaction, id);
    if (!made)
        return not_found();
    if (auto fresh = mark_changed(*made, expected_version, clock_.now(), who); !fresh)
        return fail(fresh.error());
    apply(change, *made);
    if (auto fine = check_annotation(*made); !fine)
        return fail(fine.error());
    queries::put(*transaction, *made);
    audit_.add(*transaction, who, {"annotation.updated", made->id, told(*made)});
    transaction->commit();
    return std::move(*made);
}

Result<void> Annotations::remove(std::string_view id, const access::Principal& who) {
    auto transaction = database_.begin();
    const auto found = queries::find_annotation(*transaction, id);
    if (!found)
        return not_found();
    queries::remove_annotation(*transaction, id);
    audit_.add(*transaction, who, {"annotation.removed", found->id, told(*found)});
    transaction->commit();
    return {};
}

Result<Annotation> Annotations::get(std::string_view id) const {
    auto found = queries::find_annotation(*database_.read(), id);
    if (!found)
        return not_found();
    return std::move(*found);
}

std::vector<Annotation> Annotations::list(Day from, Day until) const {
    return queries::annotations_between(*database_.read(), from, until);
}

}  // namespace qiao::insight
