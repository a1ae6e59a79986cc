#include "audience/people_cards.hpp"

#include <algorithm>
#include <optional>

#include "customer/identity_kinds.hpp"
#include "dictionary/reserved_tag.hpp"

namespace qiao::audience {
namespace {

constexpr std::size_t most_tags = 6;
constexpr std::string_view hidden = "•••";

// The characters of a UTF-8 text.
std::vector<std::string_view> characters(std::string_view text) {
    std::vector<std::string_view> found;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            ++end;
        found.push_back(text.substr(i, end - i));
        i = end;
    }
    return found;
}

void put(std::vector<std::pair<std::string, StringSet>>& identities, const std::string& kind,
         std::string value) {
    const auto at = std::find_if(identities.begin(), identities.end(),
                                 [&](const auto& known) { return known.first == kind; });
    auto& values =
        at == identities.end() ? identities.emplace_back(kind, StringSet{}).second : at->second;
    if (std::find(values.begin(), values.end(), value) == values.end())
        values.push_back(std::move(value));
}

}  // namespace

std::string masked(std::string_view kind, std::string_view text) {
    const auto letters = characters(text);
    const std::size_t count = letters.size();
    std::size_t front = 1, back = count > 4 ? 1 : 0;
    if (kind == "phone" && count >= 7)
        front = 3, back = 4;
    if (kind == "id_card" && count >= 8)
        front = 3, back = 2;
    if (kind == "account" && count >= 8)
        front = 0, back = 4;
    if (kind == "name")
        back = 0;
    std::string shown;
    for (std::size_t i = 0; i < count; ++i) {
        const bool open = i < front || i + back >= count || (kind == "email" && letters[i] == "@");
        shown += open ? letters[i] : std::string_view("*");
    }
    return shown;
}

std::string PeopleCards::plain(const Identity& identity) const {
    if (!customer::is_sensitive(identity.kind))
        return identity.value;
    if (!vault_ || identity.sealed.empty())
        return {};
    const auto opened = vault_->unseal(identity.sealed);
    return opened ? *opened : std::string();
}

Card PeopleCards::card_of(const customer::Customer& customer, const access::Principal& who) const {
    using access::Permission;
    const bool opens = who.may(Permission::view_customers);
    Card card{customer.id, {}, {}, {}};
    for (const auto& known : customer.identities) {
        const auto& identity = known.identity;
        const auto text = plain(identity);
        if (identity.kind == "name") {
            card.name = masked("name", text);
        } else if (customer::is_sensitive(identity.kind)) {
            put(card.identities, identity.kind,
                text.empty() || !opens ? std::string(hidden) : masked(identity.kind, text));
        } else {
            put(card.identities, identity.kind, opens ? text : masked(identity.kind, text));
        }
    }
    for (const auto& tag : customer.tags) {
        if (type_of(tag.value) == ValueType::sealed || card.tags.size() == most_tags ||
            dictionary::is_reserved(dictionary::Kind::tag, tag.name))
            continue;
        if (tag.name == "name") {
            if (const auto* name = std::get_if<std::string>(&tag.value); name && card.name.empty())
                card.name = masked("name", *name);
        } else {
            card.tags.emplace_back(tag.name, tag.value);
        }
    }
    return card;
}

std::vector<Card> PeopleCards::cards(const std::vector<ProfileId>& people,
                                     const access::Principal& who) const {
    using Answer = std::optional<customer::Customer>;
    std::vector<std::future<Answer>> answers;
    for (const auto profile : people)
        answers.push_back(shards_.ask<Answer>(
            shard_of(profile), [this, profile](shard::ShardContext& context) -> Answer {
                const auto* customer = customers_.find(profile, context);
                if (!customer || !customer->is_live())
                    return std::nullopt;
                return *customer;
            }));
    std::vector<Card> cards;
    for (auto& answer : answers)
        if (const auto customer = answer.get())
            cards.push_back(card_of(*customer, who));
    return cards;
}

std::vector<std::pair<std::string, StringSet>> PeopleCards::identities(
    const index::State& state, index::Dense customer, const access::Principal& who) {
    auto found = index::identities_of(state, customer);
    const bool opens = who.may(access::Permission::view_customers);
    for (auto& [kind, values] : found) {
        if (customer::is_sensitive(kind))
            values = {std::string(hidden)};
        else if (!opens)
            for (auto& value : values)
                value = masked(kind, value);
    }
    return found;
}

}  // namespace qiao::audience
