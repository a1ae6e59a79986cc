// What rules may name: tags and events of the dictionary, units of the organisation, identities,
// consents, and other audiences.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/orgs.hpp"
#include "base/rule.hpp"
#include "dictionary/dictionary.hpp"

namespace qiao::audience {

// The keyed hash that a sealed tag or property holds for a plain text.
using HashSource = std::function<std::string(std::string_view name, std::string_view text)>;

// The rule of an audience as it was written, and as parse() gave it.
struct BookRule {
    std::string text;
    rule::Node node;
};
using RuleBook = std::map<std::string, std::shared_ptr<const BookRule>, std::less<>>;

// One consistent view; immutable, any thread.
class Vocabulary final : public rule::Vocabulary {
public:
    Vocabulary(std::shared_ptr<const dictionary::Snapshot> dictionary,
               std::shared_ptr<const access::OrgTree> orgs, std::shared_ptr<const RuleBook> rules,
               HashSource hash);

    std::optional<ValueType> tag(std::string_view name) const override;
    bool has_event(std::string_view name) const override;
    std::optional<ValueType> property(std::string_view event, std::string_view name) const override;
    bool has_score(std::string_view name) const override;
    bool has_identity(std::string_view kind) const override;
    bool has_consent(std::string_view name) const override;
    std::optional<std::vector<std::string>> org(std::string_view code) const override;
    const rule::Node* audience(std::string_view id) const override;
    std::optional<std::string> sealed_hash(std::string_view name,
                                           std::string_view text) const override;

    const dictionary::Snapshot& dictionary() const { return *dictionary_; }
    const access::OrgTree& orgs() const { return *orgs_; }
    const RuleBook& rules() const { return *rules_; }

private:
    std::shared_ptr<const dictionary::Snapshot> dictionary_;
    std::shared_ptr<const access::OrgTree> orgs_;
    std::shared_ptr<const RuleBook> rules_;
    HashSource hash_;
};

// The kinds of identity and the consents that rules may name.
const std::vector<std::string>& identity_kinds();
const std::vector<std::string>& consent_names();

// Hands out views of the present. Thread-safe.
class Vocabularies {
public:
    Vocabularies(dictionary::Dictionary& dictionary, access::Orgs& orgs, HashSource hash);

    Vocabulary current() const;
    // The present with one rule replaced or added.
    Vocabulary with(std::string_view id, std::shared_ptr<const BookRule> rule) const;
    std::shared_ptr<const RuleBook> rules() const;
    void set_rule(std::string_view id, std::shared_ptr<const BookRule> rule);

    // JSON text → tree with all names known. Errors: rule.*.
    Result<rule::Node> resolve(std::string_view rule_text, std::string_view at) const;

private:
    dictionary::Dictionary& dictionary_;
    access::Orgs& orgs_;
    HashSource hash_;
    mutable std::mutex mutex_;
    std::shared_ptr<const RuleBook> rules_ = std::make_shared<RuleBook>();
};

// JSON text → tree, its form alone checked. `at` is the pointer of the rule in its document.
Result<rule::Node> parse_rule(std::string_view rule_text, std::string_view at);

// The pointer of the first reference in `rule` that leads back to the audience `id`; empty: none
// does.
std::optional<std::string> circle_to(std::string_view id, const rule::Node& rule,
                                     const RuleBook& rules);

}  // namespace qiao::audience
