#include "audience/detail/subjects.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "audience/frozen.hpp"
#include "base/check.hpp"
#include "journal/bytes.hpp"
#include "runtime/log.hpp"

namespace qiao::audience::detail {
namespace {

namespace json = boost::json;

constexpr std::string_view subject_prefix = "as";
constexpr std::string_view name_prefix = "an";
constexpr std::string_view members_prefix = "ac";

std::string numbered(std::string_view prefix, std::uint32_t number) {
    std::string key(prefix);
    journal::put_big_endian(key, number);
    return key;
}

std::uint32_t number_of(std::string_view key, std::string_view prefix) {
    return journal::big_endian<std::uint32_t>(key.substr(prefix.size()));
}

void gather_state(const rule::Node& node, Subject& subject) {
    if (const auto* all = std::get_if<rule::All>(&node.what))
        for (const auto& child : all->nodes)
            gather_state(child, subject);
    if (const auto* any = std::get_if<rule::Any>(&node.what))
        for (const auto& child : any->nodes)
            gather_state(child, subject);
    if (const auto* negation = std::get_if<rule::Not>(&node.what))
        gather_state(*negation->node, subject);
    if (const auto* tag = std::get_if<rule::TagTest>(&node.what))
        subject.tags.insert(tag->tag);
    if (const auto* score = std::get_if<rule::ScoreTest>(&node.what))
        subject.tags.insert("score:" + score->score);
    if (std::holds_alternative<rule::OrgTest>(node.what))
        subject.tags.insert("org");
    if (std::holds_alternative<rule::IdentityTest>(node.what))
        subject.asks_identities = true;
    if (std::holds_alternative<rule::ConsentTest>(node.what))
        subject.asks_consents = true;
}

}  // namespace

std::string to_text(const Definition& definition) {
    return json::serialize(
        json::object{{"subject", definition.subject},
                     {"kind", name_of(definition.kind)},
                     {"name", definition.name},
                     {"version", definition.version},
                     {"config", definition.config},
                     {"frozen", definition.frozen}});
}

Result<Definition> definition_of_text(std::string_view text) {
    const auto refuse = [] {
        return fail(ErrorCode::invalid, "audience.definition",
                    "A stored definition of an audience cannot be read; save the audience again.");
    };
    json::error_code error;
    const auto whole = json::parse(json::string_view(text.data(), text.size()), error);
    const auto* object = error ? nullptr : whole.if_object();
    if (!object)
        return refuse();
    const auto word = [&](const char* key) {
        const auto* value = object->if_contains(key);
        return value && value->is_string() ? std::string(value->get_string()) : std::string();
    };
    const auto number = [&](const char* key) {
        const auto* value = object->if_contains(key);
        return value && value->is_int64() ? value->get_int64() : std::int64_t{0};
    };
    Definition made{
        word("subject"),   subject_kind_of_name(word("kind")), word("name"),
        number("version"), number("config"),                   word("frozen")};
    if (made.subject.empty() || made.config <= 0)
        return refuse();
    return made;
}

std::string key_of(ProfileId profile) {
    std::string key(people_prefix);
    journal::put_big_endian(key, static_cast<std::uint64_t>(profile));
    return key;
}

std::optional<ProfileId> profile_of_key(std::string_view key) {
    if (key.size() != people_prefix.size() + 8 || !key.starts_with(people_prefix))
        return std::nullopt;
    return static_cast<ProfileId>(
        journal::big_endian<std::uint64_t>(key.substr(people_prefix.size())));
}

void Subjects::load(shard::ShardContext& context) {
    if (loaded_)
        return;
    loaded_ = true;
    read(context);
    for (const auto& subject : undone_)
        if (subject->live)
            subject->total->fetch_sub(subject->members);
    undone_.clear();
}

void Subjects::discard() {
    if (!loaded_)
        return;
    loaded_ = any_live_ = false;
    undone_ = std::exchange(subjects_, {});
    names_ = {};
    keeps_.clear();
    keeps_by_number_.clear();
}

void Subjects::read(shard::ShardContext& context) {
    context.scan(name_prefix, [&](std::string_view, std::string_view text) {
        names_.give(text);
        return true;
    });
    context.scan(subject_prefix, [&](std::string_view key, std::string_view text) {
        check(number_of(key, subject_prefix) == subjects_.size() + 1 && !text.empty());
        auto definition = definition_of_text(text.substr(1));
        check(definition.has_value());
        auto& subject = slot_of(definition->subject);
        subject.definition = std::move(*definition);
        subject.live = text.front() == '1';
        adopt(subject);
        return true;
    });
    context.scan(members_prefix, [&](std::string_view key, std::string_view text) {
        if (auto* subject = at(number_of(key, members_prefix))) {
            subject->members = static_cast<std::int64_t>(journal::big_endian<std::uint64_t>(text));
            if (subject->live)
                subject->total->fetch_add(subject->members);
        }
        return true;
    });
    rebuild(context);
}

Subject& Subjects::slot_of(const std::string& id) {
    if (auto* known = find(id))
        return *known;
    auto& fresh = subjects_.emplace_back(std::make_unique<Subject>());
    fresh->number = static_cast<std::uint32_t>(subjects_.size());
    fresh->definition.subject = id;
    fresh->total = count_of_(id);
    return *fresh;
}

// Takes over what the definition says; a rule that cannot be read any more counts as retired.
void Subjects::adopt(Subject& subject) {
    subject.rule.reset();
    subject.needs.clear();
    subject.tags.clear();
    subject.asks_identities = subject.asks_consents = subject.has_calendar = false;
    if (subject.definition.frozen.empty())
        return;
    auto rule = thaw(subject.definition.frozen);
    if (!rule) {
        log::error("audience: the rule of " + subject.definition.subject +
                   " cannot be read in a shard; save it again");
        subject.live = false;
        return;
    }
    subject.rule = std::move(*rule);
    subject.needs = needs_of(*subject.rule);
    subject.has_calendar = has_calendar_window(*subject.rule);
    gather_state(*subject.rule, subject);
}

void Subjects::define(const Definition& definition, shard::ShardContext& context) {
    auto& subject = slot_of(definition.subject);
    if (definition.config <= subject.definition.config)
        return;
    // Another name or version of the same rule changes nobody's standing.
    if (subject.live && definition.frozen == subject.definition.frozen) {
        subject.definition = definition;
        return save(subject, context);
    }
    if (subject.live)
        subject.total->fetch_sub(subject.members);
    subject.definition = definition;
    subject.live = false;
    subject.members = 0;
    subject.members_changed = true;
    adopt(subject);
    save(subject, context);
    rebuild(context);
}

void Subjects::set_live(Subject& subject, shard::ShardContext& context) {
    subject.live = true;
    save(subject, context);
    rebuild(context);
}

void Subjects::save(const Subject& subject, shard::ShardContext& context) {
    context.put(numbered(subject_prefix, subject.number),
                (subject.live ? "1" : "0") + to_text(subject.definition));
}

void Subjects::save_members(shard::ShardContext& context) {
    for (const auto& subject : subjects_) {
        if (!subject->members_changed)
            continue;
        subject->members_changed = false;
        std::string bytes;
        journal::put_big_endian(bytes, static_cast<std::uint64_t>(subject->members));
        context.put(numbered(members_prefix, subject->number), bytes);
    }
}

std::uint32_t Subjects::give_name(std::string_view text, shard::ShardContext& context) {
    if (const auto known = names_.find(text))
        return known;
    const auto number = names_.give(text);
    context.put(numbered(name_prefix, number), text);
    return number;
}

void Subjects::rebuild(shard::ShardContext& context) {
    keeps_.clear();
    keeps_by_number_.clear();
    any_live_ = false;
    for (const auto& subject : subjects_) {
        any_live_ = any_live_ || subject->live;
        for (const auto& need : subject->needs) {
            auto& keep = keeps_[need.event];
            keep.number = give_name(need.event, context);
            keep.look_back = std::max(keep.look_back, need.look_back);
            keep.subjects.push_back(subject->number);
            for (const auto& property : need.properties)
                keep.properties[property] = give_name(property, context);
        }
    }
    for (const auto& [event, keep] : keeps_)
        keeps_by_number_[keep.number] = &keep;
}

Subject* Subjects::find(std::string_view id) {
    for (const auto& subject : subjects_)
        if (subject->definition.subject == id)
            return subject.get();
    return nullptr;
}

Subject* Subjects::at(std::uint32_t number) {
    return number >= 1 && number <= subjects_.size() ? subjects_[number - 1].get() : nullptr;
}

const Keep* Subjects::keep(std::string_view event) const {
    const auto at = keeps_.find(event);
    return at == keeps_.end() ? nullptr : &at->second;
}

const Keep* Subjects::keep(std::uint32_t event) const {
    const auto at = keeps_by_number_.find(event);
    return at == keeps_by_number_.end() ? nullptr : at->second;
}

bool Subjects::has_live_calendar() const {
    return std::any_of(subjects_.begin(), subjects_.end(),
                       [](const auto& subject) { return subject->live && subject->has_calendar; });
}

}  // namespace qiao::audience::detail
