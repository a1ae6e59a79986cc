#include "audience/frozen.hpp"

#include <boost/json.hpp>

namespace qiao::audience {
namespace {

namespace json = boost::json;

constexpr const char* at_rule = "/rule";

// Written out, a rule nests deeper than a person may nest it; the number of nodes stays limited.
const rule::Limits written_out{.depth = 256};

json::value parse_text(std::string_view text, json::error_code& error) {
    json::parse_options options;
    options.max_depth = 512;
    return json::parse(json::string_view(text.data(), text.size()), error, {}, options);
}

std::string key_of(std::string_view first, std::string_view second) {
    return std::string(first) + '\n' + std::string(second);
}

// Answers as `inner` and notes each question with its answer.
class Recorder final : public rule::Vocabulary {
public:
    explicit Recorder(const rule::Vocabulary& inner) : inner_(inner) {}

    std::optional<ValueType> tag(std::string_view name) const override {
        return note(tags_, std::string(name), inner_.tag(name));
    }
    bool has_event(std::string_view name) const override {
        return note(events_, name, inner_.has_event(name));
    }
    std::optional<ValueType> property(std::string_view event,
                                      std::string_view name) const override {
        return note(properties_, key_of(event, name), inner_.property(event, name));
    }
    bool has_score(std::string_view name) const override {
        return note(scores_, name, inner_.has_score(name));
    }
    bool has_identity(std::string_view kind) const override {
        return note(identities_, kind, inner_.has_identity(kind));
    }
    bool has_consent(std::string_view name) const override {
        return note(consents_, name, inner_.has_consent(name));
    }
    std::optional<std::vector<std::string>> org(std::string_view code) const override {
        auto codes = inner_.org(code);
        if (codes) {
            json::array list(codes->begin(), codes->end());
            orgs_[code] = std::move(list);
        }
        return codes;
    }
    const rule::Node* audience(std::string_view id) const override { return inner_.audience(id); }
    std::optional<std::string> sealed_hash(std::string_view name,
                                           std::string_view text) const override {
        auto hash = inner_.sealed_hash(name, text);
        if (hash)
            hashes_[key_of(name, text)] = *hash;
        return hash;
    }

    json::object answers() const {
        return {{"tags", tags_},         {"events", events_}, {"properties", properties_},
                {"scores", scores_},     {"orgs", orgs_},     {"identities", identities_},
                {"consents", consents_}, {"hashes", hashes_}};
    }

private:
    static std::optional<ValueType> note(json::object& notes, const std::string& key,
                                         std::optional<ValueType> type) {
        if (type)
            notes[key] = json::string(qiao::name_of(*type));
        return type;
    }
    static bool note(json::object& notes, std::string_view key, bool known) {
        if (known)
            notes[json::string_view(key.data(), key.size())] = true;
        return known;
    }

    const rule::Vocabulary& inner_;
    mutable json::object tags_, events_, properties_, scores_, orgs_, identities_, consents_,
        hashes_;
};

class Replayed final : public rule::Vocabulary {
public:
    explicit Replayed(const json::object& answers) : answers_(answers) {}

    std::optional<ValueType> tag(std::string_view name) const override {
        return type("tags", name);
    }
    bool has_event(std::string_view name) const override { return answer("events", name); }
    std::optional<ValueType> property(std::string_view event,
                                      std::string_view name) const override {
        return type("properties", key_of(event, name));
    }
    bool has_score(std::string_view name) const override { return answer("scores", name); }
    bool has_identity(std::string_view kind) const override { return answer("identities", kind); }
    bool has_consent(std::string_view name) const override { return answer("consents", name); }
    std::optional<std::vector<std::string>> org(std::string_view code) const override {
        const auto* list = answer("orgs", code);
        if (!list || !list->is_array())
            return std::nullopt;
        std::vector<std::string> codes;
        for (const auto& item : list->get_array())
            codes.emplace_back(item.as_string());
        return codes;
    }
    const rule::Node* audience(std::string_view) const override { return nullptr; }
    std::optional<std::string> sealed_hash(std::string_view name,
                                           std::string_view text) const override {
        const auto* hash = answer("hashes", key_of(name, text));
        if (!hash || !hash->is_string())
            return std::nullopt;
        return std::string(hash->get_string());
    }

private:
    const json::value* answer(std::string_view table, std::string_view key) const {
        const auto* found = answers_.if_contains(json::string_view(table.data(), table.size()));
        const auto* object = found ? found->if_object() : nullptr;
        return object ? object->if_contains(json::string_view(key.data(), key.size())) : nullptr;
    }
    std::optional<ValueType> type(std::string_view table, std::string_view key) const {
        const auto* name = answer(table, key);
        if (!name || !name->is_string())
            return std::nullopt;
        auto parsed = value_type_of_name(std::string_view(name->get_string()));
        if (!parsed)
            return std::nullopt;
        return *parsed;
    }
    const json::object& answers_;
};

// Writes the audiences out. A circle cannot be kept, so the depth only guards against a broken
// book.
Result<json::value> write_out(const json::value& tree, const RuleBook& rules, int depth) {
    const auto* object = tree.if_object();
    if (depth > 64)
        return fail(ErrorCode::unprocessable, "rule.cycle",
                    "The audiences of this rule lead to each other in a circle; take one out.");
    if (!object)
        return tree;
    if (const auto* id = object->if_contains("audience"); id && id->is_string()) {
        const auto at = rules.find(std::string_view(id->get_string()));
        if (at == rules.end())
            return fail(ErrorCode::unprocessable, "rule.unknown", "There is no such audience.",
                        at_rule);
        json::error_code error;
        return write_out(parse_text(at->second->text, error), rules, depth + 1);
    }
    json::object made = *object;
    for (auto& [key, value] : made) {
        if (key == "not") {
            auto inner = write_out(value, rules, depth + 1);
            if (!inner)
                return inner;
            value = std::move(*inner);
        } else if ((key == "all" || key == "any") && value.is_array()) {
            for (auto& item : value.get_array()) {
                auto inner = write_out(item, rules, depth + 1);
                if (!inner)
                    return inner;
                item = std::move(*inner);
            }
        }
    }
    return json::value(std::move(made));
}

tl::unexpected<Error> not_frozen() {
    return fail(ErrorCode::invalid, "audience.definition",
                "A stored definition of an audience cannot be read; save the audience again.");
}

}  // namespace

Result<std::string> freeze(std::string_view rule_text, const Vocabulary& vocabulary) {
    json::error_code error;
    const auto tree = parse_text(rule_text, error);
    if (error)
        return fail(ErrorCode::invalid, "rule.invalid", "The rule is not valid JSON.", at_rule);
    auto whole = write_out(tree, vocabulary.rules(), 0);
    if (!whole)
        return fail(whole.error());
    auto parsed = rule::parse(*whole, at_rule, written_out);
    if (!parsed)
        return fail(parsed.error());
    const Recorder recorder(vocabulary);
    if (auto resolved = rule::resolve(*parsed, recorder); !resolved)
        return fail(resolved.error());
    return json::serialize(
        json::object{{"format", 1}, {"rule", std::move(*whole)}, {"names", recorder.answers()}});
}

Result<rule::Node> thaw(std::string_view frozen) {
    json::error_code error;
    const auto whole = parse_text(frozen, error);
    const auto* object = error ? nullptr : whole.if_object();
    const auto* rule = object ? object->if_contains("rule") : nullptr;
    const auto* names = object ? object->if_contains("names") : nullptr;
    if (!rule || !names || !names->is_object())
        return not_frozen();
    auto parsed = rule::parse(*rule, at_rule, written_out);
    if (!parsed)
        return parsed;
    return rule::resolve(*parsed, Replayed(names->get_object()));
}

}  // namespace qiao::audience
