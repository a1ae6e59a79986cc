#include "audience/audiences.hpp"

#include <algorithm>

#include "audience/audiences_sql.hpp"
#include "audience/realtime_rules.hpp"
#include "audience/stage_models_sql.hpp"
#include "base/check.hpp"

namespace qiao::audience {
namespace {

constexpr std::size_t most_name_bytes = 200;
constexpr std::size_t most_description_bytes = 4000;
constexpr std::size_t most_rule_bytes = 512 << 10;

Result<void> check_text(const std::string& name, const std::string& description) {
    if (name.find_first_not_of(" \t\r\n") == std::string::npos)
        return fail(ErrorCode::invalid, "audience.name", "Give the audience a name.", "/name");
    if (name.size() > most_name_bytes)
        return fail(ErrorCode::too_large, "audience.name",
                    "The name may have at most 200 bytes; make it shorter.", "/name");
    if (description.size() > most_description_bytes)
        return fail(ErrorCode::too_large, "audience.description",
                    "The description may have at most 4000 bytes; make it shorter.",
                    "/description");
    return {};
}

tl::unexpected<Error> not_found() {
    return fail(ErrorCode::not_found, "audience.not_found",
                "There is no such audience; it may have been removed. Look in the list.");
}

std::shared_ptr<const BookRule> book_rule(const std::string& text, rule::Node node) {
    return std::make_shared<const BookRule>(BookRule{text, std::move(node)});
}

std::string words_for(const Audience& before, const Audience& after) {
    std::string words;
    const auto add = [&](bool differs, std::string_view word) {
        if (!differs)
            return;
        if (!words.empty())
            words += ", ";
        words += word;
    };
    add(before.name != after.name, "name");
    add(before.description != after.description, "description");
    add(before.rule != after.rule, "rule");
    add(before.refresh != after.refresh, "refresh");
    add(before.state != after.state,
        after.state == State::archived ? std::string_view("archived") : "restored");
    return words;
}

}  // namespace

Audiences::Audiences(sql::Database& database, Vocabularies& vocabularies, access::AuditLog& audit,
                     const Clock& clock)
    : database_(database), vocabularies_(vocabularies), audit_(audit), clock_(clock) {
    for (const auto& audience : queries::all(*database_.read())) {
        if (auto parsed = parse_rule(audience.rule, "/rule"))
            vocabularies_.set_rule(audience.id, book_rule(audience.rule, std::move(*parsed)));
    }
}

Result<void> Audiences::check_rule(std::string_view id, const std::string& rule,
                                   Refresh refresh) const {
    if (rule.size() > most_rule_bytes)
        return fail(ErrorCode::too_large, "rule.too_large",
                    "A rule may have at most 512 KiB; split it into several audiences.", "/rule");
    auto parsed = parse_rule(rule, "/rule");
    if (!parsed)
        return fail(parsed.error());
    if (auto circle = circle_to(id, *parsed, *vocabularies_.rules()))
        return fail(ErrorCode::unprocessable, "rule.cycle",
                    "This audience leads back to the one that you are editing; choose another.",
                    *circle);
    auto resolved = rule::resolve(*parsed, vocabularies_.current());
    if (!resolved)
        return fail(resolved.error());
    if (refresh == Refresh::realtime)
        return check_realtime(*resolved);
    return {};
}

// A real-time audience that refers to this one has to stay decidable in real time.
Result<void> Audiences::check_users(std::string_view id, const std::string& rule) const {
    const auto with = vocabularies_.with(id, book_rule(rule, parse_rule(rule, "/rule").value()));
    for (const auto& audience : queries::all(*database_.read())) {
        if (audience.refresh != Refresh::realtime || audience.state != State::active ||
            audience.id == id)
            continue;
        auto theirs = rule::resolve(parse_rule(audience.rule, "/rule").value(), with);
        if (theirs && !check_realtime(*theirs))
            return fail(ErrorCode::unprocessable, "audience.not_realtime",
                        "The real-time audience \"" + audience.name +
                            "\" uses this one and could not be decided in real time any more. "
                            "Set that one to hourly first, or change the condition.",
                        "/rule");
    }
    for (const auto& model : queries::stage_models(*database_.read()))
        for (const auto& stage : model.stages) {
            auto theirs = rule::resolve(parse_rule(stage.rule, "/rule").value(), with);
            if (theirs && !check_realtime(*theirs))
                return fail(ErrorCode::unprocessable, "audience.not_realtime",
                            "The stage \"" + stage.name + "\" of \"" + model.name +
                                "\" uses this one and could not be decided in real time any "
                                "more. Change that stage first, or change the condition.",
                            "/rule");
        }
    return {};
}

Result<Audience> Audiences::insert(const Audience& audience, std::string_view change,
                                   const access::Principal& who, const Also& also) {
    auto transaction = database_.begin();
    if (auto fine = check_rule(audience.id, audience.rule, audience.refresh); !fine)
        return fail(fine.error());
    auto rule = book_rule(audience.rule, parse_rule(audience.rule, "/rule").value());
    queries::insert(*transaction, audience);
    queries::insert_version(*transaction, audience, change, who.id, who.name);
    set_references(*transaction, "audience", audience.id, audience.name,
                   rule::references_of(rule->node).audiences);
    audit_.add(*transaction, who, {"audience.created", audience.id, audience.name});
    if (also)
        also(*transaction);
    transaction->on_commit([this, id = audience.id, rule] { vocabularies_.set_rule(id, rule); });
    transaction->commit();
    changed();
    return audience;
}

Result<Audience> Audiences::create(const Draft& draft, const access::Principal& who,
                                   const Also& also) {
    if (auto fine = check_text(draft.name, draft.description); !fine)
        return fail(fine.error());
    const Time now = clock_.now();
    return insert(
        {draft.id.empty() ? new_id("aud", now) : draft.id, draft.name, draft.description,
         draft.rule, draft.refresh, State::active, 1, now, who.id, now, who.id, std::nullopt},
        "created", who, also);
}

Result<Audience> Audiences::clone(std::string_view id, std::string name,
                                  const access::Principal& who) {
    auto from = get(id);
    if (!from)
        return from;
    if (name.empty())
        name = from->name.substr(0, most_name_bytes - 8) + " (copy)";
    if (auto fine = check_text(name, from->description); !fine)
        return fail(fine.error());
    const Time now = clock_.now();
    return insert({new_id("aud", now), name, from->description, from->rule, from->refresh,
                   State::active, 1, now, who.id, now, who.id, std::nullopt},
                  "copied from " + from->name, who);
}

Result<Audience> Audiences::change(std::string_view id, const Change& change,
                                   std::int64_t expected_version, const access::Principal& who) {
    auto transaction = database_.begin();
    const auto found = queries::find(*transaction, id);
    if (!found)
        return not_found();
    if (expected_version != 0 && expected_version != found->version)
        return fail(ErrorCode::stale, "audience.stale",
                    "Somebody else changed this audience meanwhile; load it again and repeat.");
    auto written = write(*found, change, who, *transaction);
    if (!written)
        return written;
    transaction->commit();
    changed();
    return written;
}

Result<Audience> Audiences::write(Audience audience, const Change& change,
                                  const access::Principal& who, sql::Transaction& transaction) {
    const Audience before = audience;
    if (change.name)
        audience.name = *change.name;
    if (change.description)
        audience.description = *change.description;
    if (change.rule)
        audience.rule = *change.rule;
    if (change.refresh)
        audience.refresh = *change.refresh;
    if (change.state)
        audience.state = *change.state;
    const auto words = words_for(before, audience);
    if (words.empty())
        return audience;

    if (auto fine = check_text(audience.name, audience.description); !fine)
        return fail(fine.error());
    if (auto fine = check_rule(audience.id, audience.rule, audience.refresh); !fine)
        return fail(fine.error());
    if (change.rule)
        if (auto fine = check_users(audience.id, audience.rule); !fine)
            return fail(fine.error());
    if (audience.state == State::archived && before.state == State::active)
        if (const auto users = queries::users(transaction, audience.id); !users.empty())
            return fail(ErrorCode::conflict, "audience.in_use",
                        "\"" + users.front().name + "\" (" + users.front().kind +
                            ") still uses this audience; change that first, then archive.");
    audience.version += 1;
    audience.updated_at = clock_.now();
    audience.updated_by = who.id;

    auto rule = book_rule(audience.rule, parse_rule(audience.rule, "/rule").value());
    queries::update(transaction, audience);
    queries::insert_version(transaction, audience, words, who.id, who.name);
    // An archived audience holds on to nothing.
    set_references(transaction, "audience", audience.id, audience.name,
                   audience.state == State::active ? rule::references_of(rule->node).audiences
                                                   : std::vector<std::string>{});
    audit_.add(transaction, who, {"audience.updated", audience.id, audience.name + ": " + words});
    transaction.on_commit([this, id = audience.id, rule] { vocabularies_.set_rule(id, rule); });
    return audience;
}

Result<Audience> Audiences::get(std::string_view id) const {
    auto found = queries::find(*database_.read(), id);
    if (!found)
        return not_found();
    return std::move(*found);
}

std::vector<Audience> Audiences::list(const Filter& filter) const {
    return queries::page(
        *database_.read(),
        {filter.text, filter.state ? name_of(*filter.state) : "", filter.after, filter.limit});
}

Result<std::vector<Version>> Audiences::versions(std::string_view id) const {
    auto transaction = database_.read();
    if (!queries::find(*transaction, id))
        return not_found();
    return queries::versions(*transaction, id);
}

Result<std::vector<CountPoint>> Audiences::history(std::string_view id, std::size_t limit) const {
    auto transaction = database_.read();
    if (!queries::find(*transaction, id))
        return not_found();
    auto points = queries::counts(*transaction, id, limit);
    std::reverse(points.begin(), points.end());
    return points;
}

std::vector<User> Audiences::used_by(std::string_view id) const {
    return queries::users(*database_.read(), id);
}

void Audiences::record_count(std::string_view id, const CountPoint& point) {
    auto transaction = database_.begin();
    if (!queries::find(*transaction, id))
        return;
    const auto last = queries::counts(*transaction, id, 2);
    const auto same = [&](const CountPoint& other) {
        return other.count == point.count && other.total == point.total;
    };
    if (last.size() == 2 && same(last[0]) && same(last[1]))
        queries::delete_count(*transaction, id, last[0].at);
    queries::put_count(*transaction, id, point);
    transaction->commit();
}

void set_references(sql::Transaction& transaction, std::string_view kind, std::string_view id,
                    std::string_view name, const std::vector<std::string>& audiences) {
    queries::clear_references(transaction, kind, id);
    for (const auto& audience : audiences)
        queries::put_reference(transaction, {std::string(kind), std::string(id), std::string(name)},
                               audience);
}

}  // namespace qiao::audience
