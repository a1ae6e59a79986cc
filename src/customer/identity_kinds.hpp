// What each kind of identity may do to a person's other identities, and how its text is compared.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace qiao::customer {

enum class IdentityClass : std::uint8_t {
    user,       // names a person; two of them merge only by alias, explicit bind or staff
    following,  // belongs to the first user id that it comes with, for good
    attached,   // several people may share it; merges nothing unless bound as verified
};

// user_id is a user; phone, email, id_card and name are attached; every other kind follows.
IdentityClass class_of(std::string_view kind);

// Kinds that are sealed before the journal: phone, email, account, id_card, name.
bool is_sensitive(std::string_view kind);

// The text that is hashed for look-up: a phone without +86 and separators, an e-mail in lower case,
// an account without blanks, an id card in upper case, anything else without blanks around it.
std::string normalise(std::string_view kind, std::string_view text);

// Which traits are identities. Immutable while the shards run; copied into who needs it.
class IdentityKinds {
public:
    // phone, email, account, id_card, open_id and device_id, each under its own name.
    IdentityKinds();
    // The dictionary classes a further trait as an identity of `kind`.
    void learn(std::string trait, std::string kind);
    // The identity kind that the trait is; none where it is a tag.
    std::optional<std::string_view> of_trait(std::string_view trait) const;

private:
    std::map<std::string, std::string, std::less<>> kinds_;
};

}  // namespace qiao::customer
