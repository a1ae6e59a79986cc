#include "audience/vocabulary.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

namespace qiao::audience {
namespace {

namespace json = boost::json;

// Sealed values are known by their hash alone.
ValueType type_seen_by_rules(const dictionary::Definition& definition) {
    return definition.data_class == dictionary::DataClass::c1 ? definition.type : ValueType::sealed;
}

bool is_known(const dictionary::Definition* definition) {
    return definition && definition->status != dictionary::Status::blocked;
}

bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool reaches(std::string_view target, std::string_view from, const RuleBook& rules,
             std::set<std::string, std::less<>>& seen) {
    if (from == target)
        return true;
    if (!seen.insert(std::string(from)).second)
        return false;
    const auto at = rules.find(from);
    if (at == rules.end())
        return false;
    const auto next = rule::references_of(at->second->node).audiences;
    return std::any_of(next.begin(), next.end(),
                       [&](const std::string& id) { return reaches(target, id, rules, seen); });
}

}  // namespace

Vocabulary::Vocabulary(std::shared_ptr<const dictionary::Snapshot> dictionary,
                       std::shared_ptr<const access::OrgTree> orgs,
                       std::shared_ptr<const RuleBook> rules, HashSource hash)
    : dictionary_(std::move(dictionary)),
      orgs_(std::move(orgs)),
      rules_(std::move(rules)),
      hash_(std::move(hash)) {}

std::optional<ValueType> Vocabulary::tag(std::string_view name) const {
    const auto* definition = dictionary_->tag(name);
    if (!is_known(definition) || definition->type == ValueType::null)
        return std::nullopt;
    return type_seen_by_rules(*definition);
}

bool Vocabulary::has_event(std::string_view name) const {
    return is_known(dictionary_->event(name));
}

std::optional<ValueType> Vocabulary::property(std::string_view, std::string_view name) const {
    const auto* definition = dictionary_->property(name);
    if (!is_known(definition) || definition->type == ValueType::null)
        return std::nullopt;
    return type_seen_by_rules(*definition);
}

bool Vocabulary::has_score(std::string_view name) const {
    return tag("score:" + std::string(name)) == ValueType::number;
}

bool Vocabulary::has_identity(std::string_view kind) const {
    const auto& kinds = identity_kinds();
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// A purpose is a bank's own word; the channels are Qiao's.
bool Vocabulary::has_consent(std::string_view name) const {
    static const std::set<std::string, std::less<>> channels = {"sms",  "email", "inbox", "webhook",
                                                                "push", "phone", "wechat"};
    const auto dot = name.find('.');
    return dot != std::string_view::npos && is_word(name.substr(0, dot)) &&
           channels.contains(name.substr(dot + 1));
}

std::optional<std::vector<std::string>> Vocabulary::org(std::string_view code) const {
    auto codes = orgs_->subtree(code);
    if (codes.empty())
        return std::nullopt;
    std::sort(codes.begin(), codes.end());
    return codes;
}

const rule::Node* Vocabulary::audience(std::string_view id) const {
    const auto at = rules_->find(id);
    return at == rules_->end() ? nullptr : &at->second->node;
}

std::optional<std::string> Vocabulary::sealed_hash(std::string_view name,
                                                   std::string_view text) const {
    if (!hash_)
        return std::nullopt;
    return hash_(name, text);
}

const std::vector<std::string>& identity_kinds() {
    static const std::vector<std::string> kinds = {
        "user_id", "account", "open_id", "phone", "email", "anonymous_id", "device_id", "id_card"};
    return kinds;
}

const std::vector<std::string>& consent_names() {
    static const std::vector<std::string> names = {
        "marketing.sms", "marketing.email", "marketing.inbox", "marketing.webhook",
        "service.sms",   "service.email",   "service.inbox",   "service.webhook"};
    return names;
}

Vocabularies::Vocabularies(dictionary::Dictionary& dictionary, access::Orgs& orgs, HashSource hash)
    : dictionary_(dictionary), orgs_(orgs), hash_(std::move(hash)) {}

Vocabulary Vocabularies::current() const {
    return {dictionary_.snapshot(), orgs_.tree(), rules(), hash_};
}

Vocabulary Vocabularies::with(std::string_view id, std::shared_ptr<const BookRule> rule) const {
    auto changed = std::make_shared<RuleBook>(*rules());
    changed->insert_or_assign(std::string(id), std::move(rule));
    return {dictionary_.snapshot(), orgs_.tree(), std::move(changed), hash_};
}

std::shared_ptr<const RuleBook> Vocabularies::rules() const {
    const std::scoped_lock lock(mutex_);
    return rules_;
}

void Vocabularies::set_rule(std::string_view id, std::shared_ptr<const BookRule> rule) {
    const std::scoped_lock lock(mutex_);
    auto changed = std::make_shared<RuleBook>(*rules_);
    changed->insert_or_assign(std::string(id), std::move(rule));
    rules_ = std::move(changed);
}

Result<rule::Node> parse_rule(std::string_view rule_text, std::string_view at) {
    json::error_code error;
    json::parse_options options;
    options.max_depth = 128;
    const auto tree =
        json::parse(json::string_view(rule_text.data(), rule_text.size()), error, {}, options);
    if (error)
        return fail(ErrorCode::invalid, "rule.invalid", "The rule is not valid JSON.",
                    std::string(at));
    return rule::parse(tree, at);
}

Result<rule::Node> Vocabularies::resolve(std::string_view rule_text, std::string_view at) const {
    auto parsed = parse_rule(rule_text, at);
    if (!parsed)
        return parsed;
    return rule::resolve(*parsed, current());
}

std::optional<std::string> circle_to(std::string_view id, const rule::Node& node,
                                     const RuleBook& rules) {
    const auto first_of = [&](const std::vector<rule::Node>& nodes) -> std::optional<std::string> {
        for (const auto& child : nodes)
            if (auto found = circle_to(id, child, rules))
                return found;
        return std::nullopt;
    };
    if (const auto* all = std::get_if<rule::All>(&node.what))
        return first_of(all->nodes);
    if (const auto* any = std::get_if<rule::Any>(&node.what))
        return first_of(any->nodes);
    if (const auto* negation = std::get_if<rule::Not>(&node.what))
        return circle_to(id, *negation->node, rules);
    if (const auto* audience = std::get_if<rule::AudienceTest>(&node.what)) {
        std::set<std::string, std::less<>> seen;
        if (reaches(id, audience->id, rules, seen))
            return node.pointer + "/audience";
    }
    return std::nullopt;
}

}  // namespace qiao::audience
